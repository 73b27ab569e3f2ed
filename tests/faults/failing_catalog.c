/* Failures in what changes the catalog and looks into it, over the store that WS2SPI_CATALOG
 * names. */
#include "support/cmocka_headers.h"

#include "faults/plain_provider.h"
#include "faults/sweep.h"

#include <string.h>

static void find(const struct shim *shim, void *pointer, const char *name)
{
  const FARPROC found = GetProcAddress(shim->module, name);

  assert_non_null(found);
  memcpy(pointer, &found, sizeof found);
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

static BOOL is_in_memory(void)
{
  WCHAR store[16] = L"";

  GetEnvironmentVariableW(L"WS2SPI_CATALOG", store, sizeof store / sizeof store[0]);
  return wcscmp(store, L"memory") == 0;
}

/* No id is given twice, whatever failed. A catalog in memory begins anew with each DLL. */
static BOOL is_new_id(DWORD id)
{
  static DWORD highest;
  const BOOL is_new = id > highest;

  highest = id;
  return is_new || is_in_memory();
}

static int install_use_deinstall(const struct shim *shim)
{
  WSAPROTOCOL_INFOW entry = plain_entry();
  GUID id = plain_provider_id;
  int error = 0, outcome, removed;
  DWORD entry_id;

  if (shim->WSCInstallProvider(&id, L"C:\\nowhere\\provider.dll", &entry, 1, &error) != 0)
    return error_of_failure(error);
  entry_id = last_id(shim, &error);
  if (entry_id == 0)
    outcome = error_of_failure(error);
  else
    outcome = is_new_id(entry_id) ? in_between(shim, &id, entry_id) : WSABASEERR;
  removed = remove_provider(shim, &id);
  return removed != 0 ? removed : outcome;
}

static int categorise(const struct shim *shim, GUID *id, DWORD entry_id);
static int ask_for_path(const struct shim *shim, GUID *id, DWORD entry_id);

/* RegQueryValueExW: a provider that was read before is known even where it cannot
 * be told whether the catalog has changed since (src/catalog/look_up.c). */
static void sweep_in_between(int (*function)(const struct shim *, GUID *, DWORD))
{
  const struct scenario scenario = {
      .run = install_use_deinstall,
      .errors = {SHORTAGE, 0},
      .tolerated = {function == ask_for_path ? "RegQueryValueExW" : NULL, NULL}};

  in_between = function;
  sweep(&scenario);
}

static int update(const struct shim *shim, GUID *id, DWORD entry_id)
{
  WSAPROTOCOL_INFOW entry = plain_entry();
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

/* Of another program, so that it keeps nothing out of this one. */
static int categorise_application(const struct shim *shim, GUID *id, DWORD entry_id)
{
  static const WCHAR path[] = L"C:\\nowhere\\program.exe";
  const DWORD length = sizeof path / sizeof path[0] - 1;
  int(WSPAPI * set)(LPCWSTR, DWORD, LPCWSTR, DWORD, DWORD, DWORD *, LPINT);
  int(WSPAPI * get)(LPCWSTR, DWORD, LPCWSTR, DWORD, DWORD *, LPINT);
  DWORD categories = 0;
  int error = 0;

  (void)id;
  (void)entry_id;
  find(shim, &set, "WSCSetApplicationCategory");
  find(shim, &get, "WSCGetApplicationCategory");
  if (set(path, length, L"-k net", 6, LSP_PROXY, NULL, &error) != 0 ||
      get(path, length, L"-k net", 6, &categories, &error) != 0)
    return error_of_failure(error);
  return categories == LSP_PROXY ? 0 : WSABASEERR;
}

static void categories_of_applications_report_it(void **state)
{
  (void)state;
  sweep_in_between(categorise_application);
}

static int ask_for_path(const struct shim *shim, GUID *id, DWORD entry_id)
{
  WCHAR path[MAX_PATH];
  int chars = MAX_PATH, error = 0;

  (void)entry_id;
  if (shim->WSCGetProviderPath(id, path, &chars, &error) != 0)
    return error_of_failure(error);
  return wcscmp(path, L"C:\\nowhere\\provider.dll") == 0 ? 0 : WSABASEERR;
}

static void asking_for_a_path_reports_it(void **state)
{
  (void)state;
  sweep_in_between(ask_for_path);
}

/* --- chains, of both widths on x86-64, in one transaction ------------------------------------- */

/* The chain has a ProviderId that was made for it: who installs it looks it up. Asked once more
 * after a failure. */
static int find_chain(LPWSCENUMPROTOCOLS enumerate, GUID *id)
{
  int first = 0;

  for (int attempt = 0; attempt < 2; attempt++) {
    WSAPROTOCOL_INFOW entries[16];
    DWORD bytes = sizeof entries;
    int error = 0;
    const int count = enumerate(NULL, entries, &bytes, &error);

    for (int i = 0; i < count; i++)
      if (entries[i].ProtocolChain.ChainLen > 1) {
        *id = entries[i].ProviderId;
        return first;
      }
    first = error_of_failure(error);
  }
  return WSABASEERR;
}

/* The chain first: without its layer it would stay, and nobody could see it. */
static int remove_lsp(LPWSCENUMPROTOCOLS enumerate, LPWSCDEINSTALLPROVIDER deinstall,
                      const GUID *layer)
{
  GUID chain = {0};
  const int found = find_chain(enumerate, &chain);
  const int chain_removed = remove_by(deinstall, &chain);
  const int layer_removed = remove_by(deinstall, layer);

  if (found != 0)
    return found;
  return chain_removed != 0 ? chain_removed : layer_removed;
}

static int remove_from_both(const struct shim *shim, const GUID *layer)
{
  const int outcome = remove_lsp(shim->WSCEnumProtocols, shim->WSCDeinstallProvider, layer);

#ifdef _WIN64
  LPWSCENUMPROTOCOLS enumerate;
  LPWSCDEINSTALLPROVIDER deinstall;
  int outcome_32;

  find(shim, &enumerate, "WSCEnumProtocols32");
  find(shim, &deinstall, "WSCDeinstallProvider32");
  outcome_32 = remove_lsp(enumerate, deinstall, layer);
  return outcome != 0 ? outcome : outcome_32;
#else
  return outcome;
#endif
}

static int install_chains(const struct shim *shim, GUID *id, DWORD entry_id)
{
  WSAPROTOCOL_INFOW entries[16];
  GUID layer = {0x55555555, 1, 2, {3}};
  DWORD bytes = sizeof entries;
  int error = 0, outcome;

  (void)id;
  (void)entry_id;
  if (shim->WSCEnumProtocols(NULL, entries, &bytes, &error) == SOCKET_ERROR)
    return error_of_failure(error);
#ifdef _WIN64
  int(WSPAPI * function)(LPGUID, LPWSTR, LPWSTR, LPWSTR, DWORD, LPWSAPROTOCOL_INFOW, DWORD, LPDWORD,
                         LPINT);

  find(shim, &function, "WSCInstallProviderAndChains64_32");
  outcome = function(&layer, L"C:\\a.dll", L"C:\\b.dll", L"LSP", 0, &entries[0], 1, NULL, &error);
#else
  int(WSPAPI * function)(LPGUID, LPWSTR, LPWSTR, DWORD, LPWSAPROTOCOL_INFOW, DWORD, LPDWORD, LPINT);

  find(shim, &function, "WSCInstallProviderAndChains");
  outcome = function(&layer, L"C:\\a.dll", L"LSP", 0, &entries[0], 1, NULL, &error);
#endif
  return outcome == 0 ? remove_from_both(shim, &layer) : error_of_failure(error);
}

static void installing_chains_reports_it(void **state)
{
  (void)state;
  sweep_in_between(install_chains);
}

static int install_and_reset(const struct shim *shim)
{
  WSAPROTOCOL_INFOW entry = plain_entry();
  GUID id = plain_provider_id;
  int error = 0, outcome = 0;

  if (shim->WSCInstallProvider(&id, L"C:\\nowhere\\provider.dll", &entry, 1, &error) != 0)
    return error_of_failure(error);
  while (shim->Ws2SpiResetCatalog(WS2SPI_WIDTH_BOTH, &error) != 0)
    outcome = error_of_failure(error);
  return outcome;
}

/* What cannot read the catalog makes it anew without a look at it. */
static void a_reset_gets_over_it(void **state)
{
  const struct scenario scenario = {
      .run = install_and_reset, .errors = {SHORTAGE, 0}, .tolerated = {ANY_CALL, NULL}};

  (void)state;
  sweep(&scenario);
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
  if (open(WS2SPI_CATALOG_DEFAULT, &error) != 0 ||
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

/* Back to the one in memory: what was installed in another is not there to be removed.
 * GetProcAddress: what the base provider needs of the system's Winsock is looked for again when it
 * is started. */
static void opening_another_catalog_fails_before_it_is_open(void **state)
{
  const struct scenario scenario = {
      .run = install_use_deinstall, .errors = {SHORTAGE, 0}, .tolerated = {"GetProcAddress", NULL}};

  (void)state;
  if (!is_in_memory())
    skip();
  in_between = open_another;
  sweep(&scenario);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(updating_reports_it, free_what_is_loaded),
      cmocka_unit_test_teardown(ordering_reports_it, free_what_is_loaded),
      cmocka_unit_test_teardown(categories_report_it, free_what_is_loaded),
      cmocka_unit_test_teardown(categories_of_applications_report_it, free_what_is_loaded),
      cmocka_unit_test_teardown(asking_for_a_path_reports_it, free_what_is_loaded),
      cmocka_unit_test_teardown(installing_chains_reports_it, free_what_is_loaded),
      cmocka_unit_test_teardown(a_reset_gets_over_it, free_what_is_loaded),
      cmocka_unit_test_teardown(opening_selecting_and_checking_report_it, free_what_is_loaded),
      cmocka_unit_test_teardown(opening_another_catalog_fails_before_it_is_open,
                                free_what_is_loaded),
  };

  return cmocka_run_group_tests(tests, NULL, print_sum_of_sweeps);
}
