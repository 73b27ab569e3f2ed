#include "catalog/category_cleanup.h"

#include "catalog/catalog_internal.h"

int categories_purge_provider(const struct catalog_store *store, enum catalog_width width,
                              const GUID *provider)
{
  DWORD categories;
  const int error = store->get_provider_categories(width, provider, &categories);

  if (error == WSASERVICE_NOT_FOUND)
    return 0;
  if (error == WSA_NOT_ENOUGH_MEMORY)
    return error;
  return store->set_provider_categories(width, provider, 0);
}

/* False also if another catalog has been opened: nothing is known of the providers of this one
 * then. */
static bool categories_are_orphaned(const struct catalog_store *store, enum catalog_width width,
                                    const GUID *provider)
{
  const struct width_table *const tables = &catalog.width[width];
  bool orphaned;

  AcquireSRWLockShared(&catalog.lock);
  orphaned = catalog.store == store && tables->is_current &&
             entry_table_find_provider(&tables->table, provider) == NULL;
  ReleaseSRWLockShared(&catalog.lock);
  return orphaned;
}

static void categories_purge(const struct catalog_store *store, enum catalog_width width, bool all)
{
  DWORD index = 0;
  GUID provider;
  int error;

  while ((error = store->categorised_provider(width, index, &provider)) == 0 ||
         error == WSAEINVAL) {
    /* After a removal the next provider has this index. */
    if (error != 0 || (!all && !categories_are_orphaned(store, width, &provider)) ||
        store->set_provider_categories(width, &provider, 0) != 0)
      index++;
  }
}

void categories_purge_all(const struct catalog_store *store, enum catalog_width width)
{
  categories_purge(store, width, true);
}

void categories_purge_orphans(const struct catalog_store *store, enum catalog_width width)
{
  if (catalog_refresh(width) == 0)
    categories_purge(store, width, false);
}
