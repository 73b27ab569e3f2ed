/* The six entries every Windows has, which this DLL itself provides. In a store their
 * path is that of Windows; whatever it is there, they answer with the path of the
 * ws2spi.dll that is asked (D8). */
#ifndef WS2SPI_CATALOG_BASE_ENTRIES_H
#define WS2SPI_CATALOG_BASE_ENTRIES_H

#include "catalog/store.h"

enum { BASE_ENTRIES_COUNT = 6, FIRST_CATALOG_ID = 1001 };

/* Makes the six, with the ids 1001 to 1006. */
void base_entries_fill(struct catalog_item *items);

/* Whether the item is one of the six, by provider, family and type: their ids and order are not
 * the same on all machines. */
bool base_entries_have(const struct catalog_item *item);

#endif
