/* store_registry: the catalog in the registry, in the form and the place that Windows uses. */
#ifndef WS2SPI_REGISTRY_REGISTRY_STORE_H
#define WS2SPI_REGISTRY_REGISTRY_STORE_H

#include "catalog/store.h"

extern const struct catalog_store store_registry;

/* At FreeLibrary. */
void registry_store_close(void);

#endif
