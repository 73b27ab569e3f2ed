#include "catalog/tables.h"

#include "catalog/application.h"
#include "catalog/config_change.h"
#include "platform/log.h"
#include "platform/spi_error.h"
#include "platform/wine.h"
#include "ws2spi_shim.h"

#include <wchar.h>

struct choice {
  DWORD constant;
  const WCHAR *word;
  const struct catalog_store *store;
};

static const struct choice CHOICES[] = {
    {WS2SPI_CATALOG_MEMORY, L"memory", &store_memory},
    {WS2SPI_CATALOG_REGISTRY, L"registry", &store_registry},
    {WS2SPI_CATALOG_SYSTEM, L"system", &store_system},
};
enum { CHOICE_COUNT = sizeof CHOICES / sizeof CHOICES[0], LONGEST_WORD = 16 };

static const struct catalog_store *store_of_machine(void)
{
  return system_is_wine() ? &store_registry : &store_system;
}

/* A word that means nothing must not lead to a catalog that others see. */
static const struct catalog_store *default_store(void)
{
  WCHAR word[LONGEST_WORD];
  const DWORD length = GetEnvironmentVariableW(L"WS2SPI_CATALOG", word, LONGEST_WORD);

  if (length == 0)
    return store_of_machine();
  for (int i = 0; length < LONGEST_WORD && i < CHOICE_COUNT; i++) {
    if (lstrcmpiW(word, CHOICES[i].word) == 0)
      return CHOICES[i].store;
  }
  log_event("WS2SPI_CATALOG is none of memory, registry and system; memory is used");
  return &store_memory;
}

static const struct catalog_store *chosen_store(DWORD constant)
{
  if (constant == WS2SPI_CATALOG_DEFAULT)
    return default_store();
  for (int i = 0; i < CHOICE_COUNT; i++) {
    if (CHOICES[i].constant == constant)
      return CHOICES[i].store;
  }
  return NULL;
}

static const struct catalog_store *peek_store(void)
{
  const struct catalog_store *store;

  AcquireSRWLockShared(&catalog.lock);
  store = catalog.store;
  ReleaseSRWLockShared(&catalog.lock);
  return store;
}

const struct catalog_store *catalog_store_in_use(void)
{
  const struct catalog_store *store = peek_store();

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

static int try_to_read(const struct catalog_store *store)
{
  struct store_image *image = NULL;
  const int error = store->read(CATALOG_NATIVE, &image);

  store_free_image(image);
  return error;
}

/* Of the catalog before nothing is to be found any more, even if the new one cannot be
 * read again by then. */
static void change_to(const struct catalog_store *store)
{
  AcquireSRWLockExclusive(&catalog.lock);
  catalog.store = store;
  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    struct width_table *width = &catalog.width[i];

    entry_table_clear(&width->table);
    width->is_current = false;
    width->generation++;
  }
  ReleaseSRWLockExclusive(&catalog.lock);
}

static int open_store(DWORD constant)
{
  const struct catalog_store *store = chosen_store(constant);
  int error;

  if (store == NULL)
    return WSAEINVAL;
  error = try_to_read(store);
  if (error != 0)
    return error;
  change_to(store);
  application_forget_categories();
  config_change_follow_store();
  return catalog_refresh(CATALOG_NATIVE);
}

int WSPAPI Ws2SpiOpenCatalog(DWORD dwStore, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  return spi_result(lpErrno, open_store(dwStore));
}
