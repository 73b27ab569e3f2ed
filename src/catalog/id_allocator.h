/* Which ids a catalog gives next. There is one counter for both widths, and no id is given
 * twice: what comes next stands above the counter and above every entry.
 *
 * One damaged counter, or one entry with an id near the end of the range, would leave no
 * ids at all. Then those behind the entry before the widest gap are given, and the counter
 * goes on from there. */
#ifndef WS2SPI_CATALOG_ID_ALLOCATOR_H
#define WS2SPI_CATALOG_ID_ALLOCATOR_H

#include "platform/windows_headers.h"

#include <stdbool.h>

struct free_ids {
  DWORD first;
  DWORD end; /* the first that is not free any more */
};

/* Entered with the tables' lock. Both tables should be current: one that is not, since it could
 * not be read, raises nothing, but leaves out of a gap what it had when it was last seen. False if
 * memory is exhausted. */
bool free_ids_find(struct free_ids *ids);

#endif
