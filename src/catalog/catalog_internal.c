#include "catalog/catalog_internal.h"

#include "platform/module.h"
#include "ws2spi_shim.h"

struct hash_table catalog_ids;
static struct hash_table other_ids;

struct catalog_tables catalog = {
    .lock = SRWLOCK_INIT,
    .width[CATALOG_NATIVE].table.by_id = &catalog_ids,
    .width[1 - CATALOG_NATIVE].table.by_id = &other_ids,
    .overlay.by_id = &catalog_ids,
};

bool id_is_local(DWORD id)
{
  return id >= WS2SPI_FIRST_REGISTERED_ID && id <= WS2SPI_LAST_REGISTERED_ID;
}

static store_chooser default_store;

void catalog_set_default_store(store_chooser choose)
{
  default_store = choose;
}

const struct catalog_store *catalog_store_in_use(void)
{
  const struct catalog_store *store;

  AcquireSRWLockShared(&catalog.lock);
  store = catalog.store;
  ReleaseSRWLockShared(&catalog.lock);
  if (store != NULL)
    return store;
  store = default_store();
  AcquireSRWLockExclusive(&catalog.lock);
  if (catalog.store == NULL)
    catalog.store = store;
  store = catalog.store;
  ReleaseSRWLockExclusive(&catalog.lock);
  return store;
}

static INIT_ONCE own_path_found = INIT_ONCE_STATIC_INIT;
static WCHAR own_path[MAX_PATH];

/* After a failure the next call tries again. */
static BOOL CALLBACK catalog_find_own_path(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
  (void)once;
  (void)parameter;
  (void)context;
  return module_path(own_path, MAX_PATH);
}

const WCHAR *catalog_own_path(void)
{
  return InitOnceExecuteOnce(&own_path_found, catalog_find_own_path, NULL, NULL) ? own_path : NULL;
}

void catalog_clear(void)
{
  for (int width = 0; width < CATALOG_WIDTHS; width++)
    entry_table_clear(&catalog.width[width].table);
  entry_table_clear(&catalog.overlay);
  hash_table_clear(&catalog_ids);
  hash_table_clear(&other_ids);
}
