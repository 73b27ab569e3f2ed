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

/* A word that means nothing must not lead to a catalog that others see. Case does not matter, by no
 * locale: a Turkish one holds that the I of REGISTRY is another letter. */
const struct catalog_store *wsc_default_store(void)
{
  WCHAR word[LONGEST_WORD];
  const DWORD length = GetEnvironmentVariableW(L"WS2SPI_CATALOG", word, LONGEST_WORD);

  if (length == 0)
    return store_of_machine();
  for (int i = 0; length < LONGEST_WORD && i < CHOICE_COUNT; i++) {
    if (CompareStringOrdinal(word, -1, CHOICES[i].word, -1, TRUE) == CSTR_EQUAL)
      return CHOICES[i].store;
  }
  log_event("WS2SPI_CATALOG is none of memory, registry and system; memory is used");
  return &store_memory;
}

static const struct catalog_store *chosen_store(DWORD constant)
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
  const struct catalog_store *store = chosen_store(constant);
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
