/* The two small stores (catalog/store.h); the registry has a room of its own. */
#ifndef WS2SPI_STORES_STORES_H
#define WS2SPI_STORES_STORES_H

#include "catalog/store.h"

extern const struct catalog_store store_memory;
extern const struct catalog_store store_system;

/* Frees the content of the memory store at FreeLibrary. */
void store_memory_clear(void);

#endif
