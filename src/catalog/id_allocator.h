/* Which ids new entries get. There is one counter for both widths, and no id is given twice: the
 * next id is above the counter and above every entry.
 *
 * A damaged counter, or one entry with an id near the end of the range, would leave no ids. In that
 * case the widest gap between the entries is used, and the counter continues there. */
#ifndef WS2SPI_CATALOG_ID_ALLOCATOR_H
#define WS2SPI_CATALOG_ID_ALLOCATOR_H

#include "platform/windows_headers.h"

#include <stdbool.h>

struct free_ids {
  DWORD first;
  DWORD end; /* the first id behind the free ones */
};

/* Call it with the tables' lock held, after trying to refresh both tables. The next id is above all
 * ids of the tables that could be read. A search for a gap also avoids the last known ids of a
 * table that could not be read. False: out of memory. */
bool free_ids_find(struct free_ids *ids);

#endif
