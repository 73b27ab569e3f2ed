/* From (family, type, protocol), by which sockets choose entries, to the first thing that was
 * added under it: in constant time, however many there are. The owner's lock is held around
 * everything. */
#ifndef WS2SPI_CATALOG_PROTOCOL_MAP_H
#define WS2SPI_CATALOG_PROTOCOL_MAP_H

#include "platform/hash_table.h"

struct triple {
  int family;
  int type;
  int protocol;
};

struct triple_node {
  struct triple triple;
  const void *value;
  struct triple_node *next; /* with the same hash */
};

struct triple_map {
  struct index_table by_hash;
  struct triple_node *nodes;
  size_t count;
};

/* With room for so many; zeroed before. False if memory is exhausted. */
bool triple_map_make(struct triple_map *map, size_t room);

/* False if it is there already; then the first stays. */
bool triple_map_add(struct triple_map *map, const struct triple *triple, const void *value);

/* NULL if there is none. */
const void *triple_map_find(const struct triple_map *map, const struct triple *triple);

/* Zeroed is allowed. */
void triple_map_free(struct triple_map *map);

#endif
