/* A map from (family, type, protocol), by which sockets choose entries, to the first value that was
 * added for it. Look-ups take constant time. The owner holds a lock around every call. */
#ifndef WS2SPI_CATALOG_PROTOCOL_MAP_H
#define WS2SPI_CATALOG_PROTOCOL_MAP_H

#include "platform/hash_table.h"

struct protocol_key {
  int family;
  int type;
  int protocol;
};

struct protocol_node {
  struct protocol_key key;
  const void *value;
  struct protocol_node *next; /* with the same hash */
};

struct protocol_map {
  struct hash_table by_hash;
  struct protocol_node *nodes;
  size_t count;
};

/* Makes room for so many keys. The map must be zeroed. False: out of memory. */
bool protocol_map_allocate(struct protocol_map *map, size_t room);

/* False: the key is in the map already, and keeps its value. */
bool protocol_map_add(struct protocol_map *map, const struct protocol_key *key, const void *value);

/* NULL: the key is not in the map. */
const void *protocol_map_find(const struct protocol_map *map, const struct protocol_key *key);

/* A zeroed map is allowed. */
void protocol_map_free(struct protocol_map *map);

#endif
