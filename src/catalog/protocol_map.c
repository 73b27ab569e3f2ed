#include "catalog/protocol_map.h"

#include "platform/heap.h"

static bool is_same(const struct triple *one, const struct triple *other)
{
  return one->family == other->family && one->type == other->type &&
         one->protocol == other->protocol;
}

/* Families and types are small numbers, and protocols often runs of them: the step after each
 * member carries a difference into all bits. Never 0. */
static uintptr_t hash(const struct triple *triple)
{
  const int members[] = {triple->family, triple->type, triple->protocol};
  uint32_t hash = 0;

  for (int i = 0; i < 3; i++) {
    hash = (hash ^ (uint32_t)members[i]) * UINT32_C(0x85EBCA6B);
    hash ^= hash >> 15;
  }
  return hash != 0 ? hash : 1;
}

bool triple_map_make(struct triple_map *map, size_t room)
{
  if (room >= SIZE_MAX / sizeof *map->nodes)
    return false;
  map->nodes = heap_allocate((room + 1) * sizeof *map->nodes);
  if (map->nodes != NULL && index_table_reserve(&map->by_hash, room))
    return true;
  triple_map_free(map);
  return false;
}

static struct triple_node *find(const struct triple_map *map, const struct triple *triple)
{
  struct triple_node *node = index_table_find(&map->by_hash, hash(triple));

  while (node != NULL && !is_same(&node->triple, triple))
    node = node->next;
  return node;
}

bool triple_map_add(struct triple_map *map, const struct triple *triple, const void *value)
{
  const uintptr_t key = hash(triple);
  struct triple_node *node;

  if (find(map, triple) != NULL)
    return false;
  node = &map->nodes[map->count++];
  *node = (struct triple_node){*triple, value, index_table_find(&map->by_hash, key)};
  index_table_insert(&map->by_hash, key, node); /* there is room */
  return true;
}

const void *triple_map_find(const struct triple_map *map, const struct triple *triple)
{
  const struct triple_node *node = find(map, triple);

  return node != NULL ? node->value : NULL;
}

void triple_map_free(struct triple_map *map)
{
  index_table_clear(&map->by_hash);
  heap_free(map->nodes);
  *map = (struct triple_map){0};
}
