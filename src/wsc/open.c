/* Ws2SpiOpenCatalog, and which store is opened without it. */
#include "wsc/open.h"

#include "catalog/catalog.h"
#include "catalog/load_policy.h"
#include "platform/log.h"
#include "platform/spi_error.h"
#include "platform/wine.h"
#include "registry/registry_store.h"
#include "stores/stores.h"
#include "ws2spi_shim.h"
#include "wsc/config_change.h"

#include <wchar.h>

struct store_choice {
  DWORD constant;
  const WCHAR *word;
  const struct catalog_store *store;
};

static const struct store_choice CHOICES[] = {
    {WS2SPI_CATALOG_MEMORY, L"memory", &store_memory},
    {WS2SPI_CATALOG_REGISTRY, L"registry", &store_registry},
    {WS2SPI_CATALOG_SYSTEM, L"system", &store_system},
};
enum { CHOICE_COUNT = sizeof CHOICES / sizeof CHOICES[0], LONGEST_WORD = 16 };

/* An unknown word opens the memory store, because a typing error must not change a catalog that
 * other processes see. Case is ignored independently of the locale, since in a Turkish one the I of
 * REGISTRY is not the i of registry. */
const struct catalog_store *wsc_default_store(void)
{
  WCHAR word[LONGEST_WORD];
  const DWORD length = GetEnvironmentVariableW(L"WS2SPI_CATALOG", word, LONGEST_WORD);

  if (length == 0)
    return system_is_wine() ? &store_registry : &store_system;
  for (int i = 0; length < LONGEST_WORD && i < CHOICE_COUNT; i++) {
    if (CompareStringOrdinal(word, -1, CHOICES[i].word, -1, TRUE) == CSTR_EQUAL)
      return CHOICES[i].store;
  }
  log_event("WS2SPI_CATALOG is not memory, registry or system; memory is used");
  return &store_memory;
}

static const struct catalog_store *open_find_store(DWORD constant)
{
  if (constant == WS2SPI_CATALOG_DEFAULT)
    return wsc_default_store();
  for (int i = 0; i < CHOICE_COUNT; i++) {
    if (CHOICES[i].constant == constant)
      return CHOICES[i].store;
  }
  return NULL;
}

static int open_store(DWORD constant)
{
  const struct catalog_store *store = open_find_store(constant);
  int error;

  if (store == NULL)
    return WSAEINVAL;
  error = catalog_open_store(store);
  if (error != 0)
    return error;
  load_policy_forget();
  config_change_store_opened();
  return 0;
}

int WSPAPI Ws2SpiOpenCatalog(DWORD dwStore, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  return spi_result(lpErrno, open_store(dwStore));
}
