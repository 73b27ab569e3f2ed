/* Which numbered keys a catalog has. */
#ifndef WS2SPI_REGISTRY_KEY_POSITIONS_H
#define WS2SPI_REGISTRY_KEY_POSITIONS_H

#include "platform/registry.h"

struct key_positions {
  DWORD *position; /* ascending, for heap_free */
  DWORD count;
  bool is_complete; /* every subkey is a position */
};

/* 1 to `count`, without a look. */
DWORD key_positions_assume(DWORD count, struct key_positions *positions);

/* What is there. After an error, too, the positions are the caller's. */
DWORD key_positions_list(HKEY entries, struct key_positions *positions);

/* Deletes the keys behind position `last`. */
DWORD key_positions_cut(HKEY entries, DWORD last);

#endif
