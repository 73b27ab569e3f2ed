/* The six entries every Windows has, which this DLL itself provides. */
#ifndef WS2SPI_CATALOG_BASE_ENTRIES_H
#define WS2SPI_CATALOG_BASE_ENTRIES_H

#include "catalog/entry_table.h"

/* Adds them to an empty batch. False if memory is exhausted, or if the path of this
 * DLL is longer than an entry can hold. */
bool base_entries_make(struct entry_batch *batch);

#endif
