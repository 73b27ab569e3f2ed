/* The stores that need no room of their own (store.h). */
#ifndef WS2SPI_STORES_STORES_H
#define WS2SPI_STORES_STORES_H

#include "catalog/store.h"

extern const struct catalog_store store_memory;
extern const struct catalog_store store_system;

/* Frees what the memory store holds: at FreeLibrary. */
void store_memory_clear(void);

#endif
