#include "catalog/protocol_map.h"

#include "platform/heap.h"

static bool is_same(const struct protocol_key *one, const struct protocol_key *other)
{
  return one->family == other->family && one->type == other->type &&
         one->protocol == other->protocol;
}

/* Families and types are small numbers, and protocols often runs of them: the step after each
 * member carries a difference into all bits. Never 0. */
static uintptr_t hash(const struct protocol_key *protocol_key)
{
  const int members[] = {protocol_key->family, protocol_key->type, protocol_key->protocol};
  uint32_t hash = 0;

  for (int i = 0; i < 3; i++) {
    hash = (hash ^ (uint32_t)members[i]) * UINT32_C(0x85EBCA6B);
    hash ^= hash >> 15;
  }
  return hash != 0 ? hash : 1;
}

bool protocol_map_allocate(struct protocol_map *map, size_t room)
{
  if (room >= SIZE_MAX / sizeof *map->nodes)
    return false;
  map->nodes = heap_allocate((room + 1) * sizeof *map->nodes);
  if (map->nodes != NULL && hash_table_reserve(&map->by_hash, room))
    return true;
  protocol_map_free(map);
  return false;
}

static struct protocol_node *find(const struct protocol_map *map,
                                  const struct protocol_key *protocol_key)
{
  struct protocol_node *node = hash_table_find(&map->by_hash, hash(protocol_key));

  while (node != NULL && !is_same(&node->protocol_key, protocol_key))
    node = node->next;
  return node;
}

bool protocol_map_add(struct protocol_map *map, const struct protocol_key *protocol_key,
                      const void *value)
{
  const uintptr_t key = hash(protocol_key);
  struct protocol_node *node;

  if (find(map, protocol_key) != NULL)
    return false;
  node = &map->nodes[map->count++];
  *node = (struct protocol_node){*protocol_key, value, hash_table_find(&map->by_hash, key)};
  hash_table_insert(&map->by_hash, key, node); /* there is room */
  return true;
}

const void *protocol_map_find(const struct protocol_map *map,
                              const struct protocol_key *protocol_key)
{
  const struct protocol_node *node = find(map, protocol_key);

  return node != NULL ? node->value : NULL;
}

void protocol_map_free(struct protocol_map *map)
{
  hash_table_clear(&map->by_hash);
  heap_free(map->nodes);
  *map = (struct protocol_map){0};
}
