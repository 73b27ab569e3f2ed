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

/* A catalog that another one was opened over meanwhile cannot tell. */
static bool is_gone(const struct catalog_store *store, enum catalog_width width,
                    const GUID *provider)
{
  const struct width_table *const tables = &catalog.width[width];
  bool gone;

  AcquireSRWLockShared(&catalog.lock);
  gone = catalog.store == store && tables->is_current &&
         entry_table_find_provider(&tables->table, provider) == NULL;
  ReleaseSRWLockShared(&catalog.lock);
  return gone;
}

static void end_some(const struct catalog_store *store, enum catalog_width width, bool all)
{
  DWORD index = 0;
  GUID provider;
  int error;

  while ((error = store->categorised_provider(width, index, &provider)) == 0 ||
         error == WSAEINVAL) {
    /* What is removed leaves its index to the next. */
    if (error != 0 || (!all && !is_gone(store, width, &provider)) ||
        store->set_provider_categories(width, &provider, 0) != 0)
      index++;
  }
}

void categories_purge_all(const struct catalog_store *store, enum catalog_width width)
{
  end_some(store, width, true);
}

void categories_purge_orphans(const struct catalog_store *store, enum catalog_width width)
{
  if (catalog_refresh(width) == 0)
    end_some(store, width, false);
}
