/* The positions of the numbered keys of a catalog. */
#ifndef WS2SPI_REGISTRY_KEY_POSITIONS_H
#define WS2SPI_REGISTRY_KEY_POSITIONS_H

#include "platform/registry.h"

struct key_positions {
  DWORD *position; /* ascending, for heap_free */
  DWORD count;
  bool is_complete; /* the name of every subkey is a position */
};

/* The positions 1 to `count`, without reading the registry. */
DWORD key_positions_sequence(DWORD count, struct key_positions *positions);

/* The positions of the present keys. The caller frees `position` after an error too. */
DWORD key_positions_list(HKEY entries, struct key_positions *positions);

/* Deletes the keys after position `last`. */
DWORD key_positions_truncate(HKEY entries, DWORD last);

#endif
