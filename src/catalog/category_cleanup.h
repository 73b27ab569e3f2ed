/* LSP categories live as long as their provider. A store keeps them outside the catalog, so they
 * cannot be removed in the same write. A process that ends in between leaves them behind; therefore
 * they are removed again before a provider with the same id is installed, and no provider ever gets
 * the categories of an earlier one. All functions need the store's lock, except for a reset of a
 * store that cannot be locked. */
#ifndef WS2SPI_CATALOG_CATEGORY_CLEANUP_H
#define WS2SPI_CATALOG_CATEGORY_CLEANUP_H

#include "catalog/store.h"

/* 0, or the store's error. A provider without categories causes no write. */
int categories_purge_provider(const struct catalog_store *store, enum catalog_width width,
                              const GUID *provider);

/* Remove the categories of all providers, or of those that the catalog does not have. Categories
 * that cannot be removed now do no harm and are removed by a later call. */
void categories_purge_all(const struct catalog_store *store, enum catalog_width width);
void categories_purge_orphans(const struct catalog_store *store, enum catalog_width width);

#endif
