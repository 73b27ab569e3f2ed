/* LSP categories of providers and applications. Each change takes effect with a single write, so it
 * needs no journal.
 *
 * An application has a key of its own in AppId_Catalog, as on Windows. Windows names the key by a
 * hash whose rule is not known; ours is another one. So a key is looked up by our hash first and
 * then by its values AppFullPath and AppArgs, so that keys of other writers are found too. */
#ifndef WS2SPI_REGISTRY_CATEGORIES_H
#define WS2SPI_REGISTRY_CATEGORIES_H

#include "catalog/store.h"

int registry_get_provider_categories(enum catalog_width width, const GUID *provider,
                                     DWORD *categories);
int registry_set_provider_categories(enum catalog_width width, const GUID *provider,
                                     DWORD categories);
int registry_categorised_provider(enum catalog_width width, DWORD index, GUID *provider);
int registry_get_application_categories(const WCHAR *path, const WCHAR *extra, DWORD *categories);
int registry_set_application_categories(const WCHAR *path, const WCHAR *extra, DWORD categories);

#endif
