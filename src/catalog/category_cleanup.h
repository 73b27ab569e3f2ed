/* LSP categories live as long as their provider. They are kept apart from the catalog, so
 * they cannot go with it in one write: what a process that ended in between has left is
 * forgotten before a provider of that id is installed, so that no provider ever has an
 * earlier one's. All functions stand between lock() and unlock() of the store, but for a reset
 * of what cannot be locked. */
#ifndef WS2SPI_CATALOG_CATEGORY_CLEANUP_H
#define WS2SPI_CATALOG_CATEGORY_CLEANUP_H

#include "catalog/store.h"

/* 0, or the store's error; where there are none nothing is written. */
int categories_purge_provider(const struct catalog_store *store, enum catalog_width width,
                              const GUID *provider);

/* Of all providers, and of those that the catalog has no more. What cannot be removed now
 * is harmless, and stays for the next time. */
void categories_purge_all(const struct catalog_store *store, enum catalog_width width);
void categories_purge_orphans(const struct catalog_store *store, enum catalog_width width);

#endif
