/* LSP categories of providers and applications. Each change is one write that counts, so it needs no journal.
 *
 * An application has a key of its own in AppId_Catalog, as on Windows; its name is a hash of the
 * identity there, by a rule that is not known. Ours is another one, so a key is looked for by its
 * hash first and then by what it says, AppFullPath and AppArgs, whoever wrote it. */
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
