/* From (family, type, protocol), by which sockets choose entries, to the first thing that was
 * added under it: in constant time, however many there are. The owner's lock is held around
 * everything. */
#ifndef WS2SPI_CATALOG_PROTOCOL_MAP_H
#define WS2SPI_CATALOG_PROTOCOL_MAP_H

#include "platform/hash_table.h"

struct protocol_key {
  int family;
  int type;
  int protocol;
};

struct protocol_node {
  struct protocol_key protocol_key;
  const void *value;
  struct protocol_node *next; /* with the same hash */
};

struct protocol_map {
  struct hash_table by_hash;
  struct protocol_node *nodes;
  size_t count;
};

/* With room for so many; zeroed before. False if memory is exhausted. */
bool protocol_map_allocate(struct protocol_map *map, size_t room);

/* False if it is there already; then the first stays. */
bool protocol_map_add(struct protocol_map *map, const struct protocol_key *protocol_key,
                      const void *value);

/* NULL if there is none. */
const void *protocol_map_find(const struct protocol_map *map,
                              const struct protocol_key *protocol_key);

/* Zeroed is allowed. */
void protocol_map_free(struct protocol_map *map);

#endif
