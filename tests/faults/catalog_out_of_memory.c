/* Memory exhaustion in what changes the catalog, over the memory store. */
#include "support/cmocka_headers.h"

#include "faults/sweep.h"

#include <string.h>

static const GUID provider_id = {0x11111111, 0x2222, 0x3333, {4, 4, 4, 4, 4, 4, 4, 4}};

static void find(const struct shim *shim, void *pointer, const char *name)
{
  const FARPROC found = GetProcAddress(shim->module, name);

  assert_non_null(found);
  memcpy(pointer, &found, sizeof found);
}

static WSAPROTOCOL_INFOW some_entry(void)
{
  WSAPROTOCOL_INFOW entry = {.ProviderId = provider_id};

  entry.ProtocolChain.ChainLen = BASE_PROTOCOL;
  entry.iVersion = 2;
  entry.iAddressFamily = AF_INET;
  entry.iSocketType = SOCK_STREAM;
  entry.iProtocol = IPPROTO_TCP;
  wcscpy(entry.szProtocol, L"Test Provider");
  return entry;
}

/* What each scenario does between installing a provider and removing it. */
static int (*in_between)(const struct shim *shim, GUID *id, DWORD entry_id);

static DWORD last_id(const struct shim *shim, int *error)
{
  WSAPROTOCOL_INFOW entries[16];
  DWORD bytes = sizeof entries;
  const int count = shim->WSCEnumProtocols(NULL, entries, &bytes, error);

  return count > 0 ? entries[count - 1].dwCatalogEntryId : 0;
}

static int install_use_deinstall(const struct shim *shim)
{
  WSAPROTOCOL_INFOW entry = some_entry();
  GUID id = provider_id;
  int error = 0, outcome, ignored;
  DWORD entry_id;

  if (shim->WSCInstallProvider(&id, L"C:\\nowhere\\provider.dll", &entry, 1, &error) != 0)
    return error_of_failure(error);
  entry_id = last_id(shim, &error);
  outcome = entry_id == 0 ? error_of_failure(error) : in_between(shim, &id, entry_id);
  while (shim->WSCDeinstallProvider(&id, &ignored) != 0)
    outcome = ignored; /* the failed allocation was this call's: once */
  return outcome;
}

static void sweep_in_between(int (*function)(const struct shim *, GUID *, DWORD))
{
  const struct scenario scenario = {
      install_use_deinstall,
      {WSA_NOT_ENOUGH_MEMORY, WSAENOBUFS, WSANO_RECOVERY, WSAEINVALIDPROVIDER, 0}};

  in_between = function;
  sweep(&scenario);
}

static int update(const struct shim *shim, GUID *id, DWORD entry_id)
{
  WSAPROTOCOL_INFOW entry = some_entry();
  LPWSCUPDATEPROVIDER function;
  int error = 0;

  find(shim, &function, "WSCUpdateProvider");
  entry.dwCatalogEntryId = entry_id;
  entry.iProtocol = IPPROTO_UDP;
  return function(id, L"C:\\other.dll", &entry, 1, &error) == 0 ? 0 : error_of_failure(error);
}

static void updating_reports_it(void **state)
{
  (void)state;
  sweep_in_between(update);
}

static int order(const struct shim *shim, GUID *id, DWORD entry_id)
{
  LPWSCWRITEPROVIDERORDER function;
  DWORD ids[] = {entry_id, 1001, 1002, 1003, 1004, 1005, 1006};

  (void)id;
  find(shim, &function, "WSCWriteProviderOrder");
  return function(ids, 7);
}

static void ordering_reports_it(void **state)
{
  (void)state;
  sweep_in_between(order);
}

static int categorise(const struct shim *shim, GUID *id, DWORD entry_id)
{
  int(WSPAPI * set)(LPGUID, WSC_PROVIDER_INFO_TYPE, PBYTE, size_t, DWORD, LPINT);
  int(WSPAPI * get)(LPGUID, WSC_PROVIDER_INFO_TYPE, PBYTE, size_t *, DWORD, LPINT);
  DWORD categories = LSP_PROXY;
  size_t size = sizeof categories;
  int error = 0;

  (void)entry_id;
  find(shim, &set, "WSCSetProviderInfo");
  find(shim, &get, "WSCGetProviderInfo");
  if (set(id, ProviderInfoLspCategories, (PBYTE)&categories, size, 0, &error) != 0 ||
      get(id, ProviderInfoLspCategories, (PBYTE)&categories, &size, 0, &error) != 0)
    return error_of_failure(error);
  return categories == LSP_PROXY ? 0 : WSABASEERR;
}

static void categories_report_it(void **state)
{
  (void)state;
  sweep_in_between(categorise);
}

/* Another one, which its own transaction adds and this one's reset takes away. */
static int install_chains(const struct shim *shim, GUID *id, DWORD entry_id)
{
  GUID second = {0x55555555, 1, 2, {3}};
  int(WSPAPI * reset)(DWORD, LPINT);
  int error = 0, ignored;
  int outcome;

#ifdef _WIN64
  int(WSPAPI * function)(LPGUID, LPWSTR, LPWSTR, LPWSTR, DWORD, LPWSAPROTOCOL_INFOW, DWORD, LPDWORD,
                         LPINT);

  find(shim, &function, "WSCInstallProviderAndChains64_32");
  outcome = function(&second, L"C:\\a.dll", L"C:\\b.dll", L"LSP", 0, NULL, 0, NULL, &error);
#else
  int(WSPAPI * function)(LPGUID, LPWSTR, LPWSTR, DWORD, LPWSAPROTOCOL_INFOW, DWORD, LPDWORD, LPINT);

  find(shim, &function, "WSCInstallProviderAndChains");
  outcome = function(&second, L"C:\\a.dll", L"LSP", 0, NULL, 0, NULL, &error);
#endif
  (void)entry_id;
  find(shim, &reset, "Ws2SpiResetCatalog");
  outcome = outcome == 0 ? 0 : error_of_failure(error);
  while (reset(WS2SPI_WIDTH_BOTH, &ignored) != 0)
    outcome = ignored;
  /* What was installed before is gone with it, and must be there to be removed. */
  {
    WSAPROTOCOL_INFOW entry = some_entry();

    while (shim->WSCInstallProvider(id, L"C:\\a.dll", &entry, 1, &ignored) != 0)
      outcome = ignored;
  }
  return outcome;
}

static void installing_chains_reports_it(void **state)
{
  (void)state;
  sweep_in_between(install_chains);
}

static int look(const struct shim *shim, GUID *id, DWORD entry_id)
{
  int(WSPAPI * choose)(DWORD, int, int, int, LPWSAPROTOCOL_INFOW, LPINT);
  int(WSPAPI * check)(DWORD, LPWS2SPI_FAULT_ROUTINE, LPVOID, LPINT);
  int(WSPAPI * open)(DWORD, LPINT);
  WSAPROTOCOL_INFOW info;
  int error = 0;

  (void)id;
  (void)entry_id;
  find(shim, &choose, "Ws2SpiSelectProtocol");
  find(shim, &check, "Ws2SpiCheckCatalog");
  find(shim, &open, "Ws2SpiOpenCatalog");
  if (open(WS2SPI_CATALOG_MEMORY, &error) != 0 ||
      choose(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, 0, &info, &error) != 0 ||
      check(WS2SPI_WIDTH_NATIVE, NULL, NULL, &error) != 0)
    return error_of_failure(error);
  return info.dwCatalogEntryId == 1001 ? 0 : WSABASEERR;
}

static void opening_selecting_and_checking_report_it(void **state)
{
  (void)state;
  sweep_in_between(look);
}

/* What could not be opened has not been: what was installed is still to be seen. */
static int open_another(const struct shim *shim, GUID *id, DWORD entry_id)
{
  int(WSPAPI * open)(DWORD, LPINT);
  int error = 0, outcome = 0, ignored;

  (void)id;
  find(shim, &open, "Ws2SpiOpenCatalog");
  if (open(WS2SPI_CATALOG_SYSTEM, &error) != 0)
    outcome = last_id(shim, &ignored) == entry_id ? error_of_failure(error) : WSABASEERR;
  while (open(WS2SPI_CATALOG_MEMORY, &ignored) != 0)
    outcome = ignored; /* the failed allocation was this call's: once */
  return outcome;
}

static void opening_another_catalog_fails_before_it_is_open(void **state)
{
  (void)state;
  sweep_in_between(open_another);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(updating_reports_it, free_what_is_loaded),
      cmocka_unit_test_teardown(ordering_reports_it, free_what_is_loaded),
      cmocka_unit_test_teardown(categories_report_it, free_what_is_loaded),
      cmocka_unit_test_teardown(installing_chains_reports_it, free_what_is_loaded),
      cmocka_unit_test_teardown(opening_selecting_and_checking_report_it, free_what_is_loaded),
      cmocka_unit_test_teardown(opening_another_catalog_fails_before_it_is_open,
                                free_what_is_loaded),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
