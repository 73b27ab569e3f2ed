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

/* Called with the tables' lock held. Both tables should be current. One that could not be read does
 * not raise the next id, but its last known ids count as used when a gap is looked for. False: out
 * of memory. */
bool free_ids_find(struct free_ids *ids);

#endif
