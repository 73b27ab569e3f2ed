#include "catalog/protocol_map.h"

#include "platform/heap.h"

static bool protocol_map_is_equal(const struct protocol_key *one, const struct protocol_key *other)
{
  return one->family == other->family && one->type == other->type &&
         one->protocol == other->protocol;
}

/* Families and types are small numbers, and protocols are often consecutive ones: the step after
 * each member spreads a difference over all bits. Never 0. */
static uintptr_t protocol_map_hash(const struct protocol_key *key)
{
  const int members[] = {key->family, key->type, key->protocol};
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

static struct protocol_node *protocol_map_find_node(const struct protocol_map *map,
                                                    const struct protocol_key *key)
{
  struct protocol_node *node = hash_table_find(&map->by_hash, protocol_map_hash(key));

  while (node != NULL && !protocol_map_is_equal(&node->key, key))
    node = node->next;
  return node;
}

bool protocol_map_add(struct protocol_map *map, const struct protocol_key *key, const void *value)
{
  const uintptr_t hash_key = protocol_map_hash(key);
  struct protocol_node *node;

  if (protocol_map_find_node(map, key) != NULL)
    return false;
  node = &map->nodes[map->count++];
  *node = (struct protocol_node){*key, value, hash_table_find(&map->by_hash, hash_key)};
  hash_table_insert(&map->by_hash, hash_key, node); /* there is room */
  return true;
}

const void *protocol_map_find(const struct protocol_map *map, const struct protocol_key *key)
{
  const struct protocol_node *node = protocol_map_find_node(map, key);

  return node != NULL ? node->value : NULL;
}

void protocol_map_free(struct protocol_map *map)
{
  hash_table_clear(&map->by_hash);
  heap_free(map->nodes);
  *map = (struct protocol_map){0};
}
