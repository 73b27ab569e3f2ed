/* Failures in functions that change or read the catalog, over the store that WS2SPI_CATALOG
 * names. */
#include "support/cmocka_headers.h"

#include "injection/injected.h"
#include "injection/state_snapshot.h"
#include "injection/plain_provider.h"
#include "injection/sweep.h"
#include "support/store_under_test.h"

#include <string.h>

/* The part of a scenario between installing a provider and removing it, or NULL. */
static int (*in_between)(const struct shim *shim, GUID *id, DWORD entry_id);

/* No id may be given twice, whatever has failed. */
static DWORD highest_id;

static void begin_with_no_id(void)
{
  highest_id = 0;
}

static BOOL is_new_id(DWORD id)
{
  const BOOL is_new = id > highest_id;

  highest_id = id;
  return is_new;
}

/* Installing and removing have sweeps of their own. */
static int use_installed(const struct shim *shim, GUID *id, DWORD entry_id)
{
  int outcome;

  injection_pause(FALSE);
  outcome = in_between(shim, id, entry_id);
  injection_pause(TRUE);
  return outcome;
}

static int install_use_deinstall(const struct shim *shim)
{
  WSAPROTOCOL_INFOW entry = plain_entry();
  GUID id = plain_provider_id;
  int error = 0, outcome, removed;
  DWORD entry_id;

  injection_pause(in_between != NULL);
  if (CALL(shim, WSCInstallProvider)(&id, L"C:\\nowhere\\provider.dll", &entry, 1, &error) != 0)
    return report_error(error);
  entry_id = last_id(shim, &error);
  if (entry_id == 0)
    outcome = report_error(error);
  else
    outcome = !is_new_id(entry_id) ? WSABASEERR
              : in_between == NULL ? 0
                                   : use_installed(shim, &id, entry_id);
  removed = remove_provider(shim, &id);
  return removed != 0 ? removed : outcome;
}

static int categorise_application(const struct shim *shim, GUID *id, DWORD entry_id);

static void sweep_recovering(int (*function)(const struct shim *, GUID *, DWORD),
                             struct recovered row)
{
  const struct scenario scenario = {.run = install_use_deinstall,
                                    .recovered = {row},
                                    .leaves_traces =
                                        function == categorise_application
                                            ? "no function removes categories from an application"
                                            : NULL,
                                    .begin = begin_with_no_id};

  in_between = function;
  sweep(&scenario);
}

static void sweep_in_between(int (*function)(const struct shim *, GUID *, DWORD))
{
  sweep_recovering(function, (struct recovered){0});
}

static void installing_and_removing_report_each_failure(void **state)
{
  sweep_in_between(NULL);
}

static int update(const struct shim *shim, GUID *id, DWORD entry_id)
{
  WSAPROTOCOL_INFOW entry = plain_entry();
  int error = 0;

  entry.dwCatalogEntryId = entry_id;
  entry.iProtocol = IPPROTO_UDP;
  return CALL(shim, WSCUpdateProvider)(id, L"C:\\other.dll", &entry, 1, &error) == 0
             ? 0
             : report_error(error);
}

static void updating_reports_each_failure(void **state)
{
  sweep_in_between(update);
}

static int order(const struct shim *shim, GUID *id, DWORD entry_id)
{
  DWORD ids[] = {entry_id, 1001, 1002, 1003, 1004, 1005, 1006};
  const int error = CALL(shim, WSCWriteProviderOrder)(ids, 7);

  (void)id;
  return error == 0 ? 0 : report_error(error);
}

static void ordering_reports_each_failure(void **state)
{
  sweep_in_between(order);
}

static int categorise(const struct shim *shim, GUID *id, DWORD entry_id)
{
  DWORD categories = LSP_PROXY;
  size_t size = sizeof categories;
  int error = 0;

  (void)entry_id;
  if (CALL(shim, WSCSetProviderInfo)(id, ProviderInfoLspCategories, (PBYTE)&categories, size, 0,
                                     &error) != 0 ||
      CALL(shim, WSCGetProviderInfo)(id, ProviderInfoLspCategories, (PBYTE)&categories, &size, 0,
                                     &error) != 0)
    return report_error(error);
  return categories == LSP_PROXY ? 0 : WSABASEERR;
}

static void categories_report_each_failure(void **state)
{
  sweep_in_between(categorise);
}

/* For another program, so that it excludes nothing from this one. */
static int categorise_application(const struct shim *shim, GUID *id, DWORD entry_id)
{
  static const WCHAR path[] = CATEGORISED_APPLICATION;
  const DWORD length = sizeof path / sizeof path[0] - 1;
  DWORD categories = 0;
  int error = 0;

  (void)id;
  (void)entry_id;
  if (CALL(shim, WSCSetApplicationCategory)(path, length, CATEGORISED_EXTRA, 6, LSP_PROXY, NULL,
                                            &error) != 0 ||
      CALL(shim, WSCGetApplicationCategory)(path, length, CATEGORISED_EXTRA, 6, &categories,
                                            &error) != 0)
    return report_error(error);
  return categories == LSP_PROXY ? 0 : WSABASEERR;
}

static void categories_of_applications_report_each_failure(void **state)
{
  sweep_in_between(categorise_application);
}

static int path_is_known(int result, const WCHAR *path, int error)
{
  if (result != 0)
    return report_error(error);
  return wcscmp(path, L"C:\\nowhere\\provider.dll") == 0 ? 0 : WSABASEERR;
}

static int ask_for_path(const struct shim *shim, GUID *id, DWORD entry_id)
{
  WCHAR path[MAX_PATH];
  int chars = MAX_PATH, error = 0;

  (void)entry_id;
  return path_is_known(CALL(shim, WSCGetProviderPath)(id, path, &chars, &error), path, error);
}

static int ask_for_path_by_upcall(const struct shim *shim, GUID *id, DWORD entry_id)
{
  WCHAR path[MAX_PATH];
  int chars = MAX_PATH, error = 0;

  (void)entry_id;
  return path_is_known(CALL(shim, WPUGetProviderPath)(id, path, &chars, &error), path, error);
}

#define KNOWN_ANYWAY(function)                                                                     \
  {                                                                                                \
    function, "RegQueryValueExW",                                                                  \
        "a provider that was read before is known, even if the catalog cannot be read now"         \
  }

/* With the catalog in memory nothing can fail. */
static void asking_for_a_path_recovers_from_each_failure(void **state)
{
  const struct recovered row = KNOWN_ANYWAY("WSCGetProviderPath");
  const struct recovered row_of_upcall = KNOWN_ANYWAY("WPUGetProviderPath");

  if (!is_over_the_registry())
    skip();
  sweep_recovering(ask_for_path, row);
  sweep_recovering(ask_for_path_by_upcall, row_of_upcall);
}

/* --- chains, of both widths on x86-64, in one transaction ------------------------------------- */

/* The function makes a new ProviderId for the chain, so an installer has to look it up. After a
 * failure it is looked up once more. */
static int find_chain(LPWSCENUMPROTOCOLS enumerate, GUID *id)
{
  int first = 0;

  for (int attempt = 0; attempt < 2; attempt++) {
    WSAPROTOCOL_INFOW entries[16];
    DWORD bytes = sizeof entries;
    int error = 0;
    const int count = CALL_AS("WSCEnumProtocols", enumerate)(NULL, entries, &bytes, &error);

    for (int i = 0; i < count; i++)
      if (entries[i].ProtocolChain.ChainLen > 1) {
        *id = entries[i].ProviderId;
        return first;
      }
    first = report_error(error);
  }
  return WSABASEERR;
}

/* The chain is removed first: without its layer it would stay, and nothing would show it. */
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
  const int outcome_32 = remove_lsp(shim->WSCEnumProtocols32, shim->WSCDeinstallProvider32, layer);

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
  if (CALL(shim, WSCEnumProtocols)(NULL, entries, &bytes, &error) == SOCKET_ERROR)
    return report_error(error);
#ifdef _WIN64
  outcome = CALL(shim, WSCInstallProviderAndChains64_32)(&layer, L"C:\\a.dll", L"C:\\b.dll", L"LSP",
                                                         0, &entries[0], 1, NULL, &error);
#else
  outcome = CALL(shim, WSCInstallProviderAndChains)(&layer, L"C:\\a.dll", L"LSP", 0, &entries[0], 1,
                                                    NULL, &error);
#endif
  return outcome == 0 ? remove_from_both(shim, &layer) : report_error(error);
}

static void installing_chains_reports_each_failure(void **state)
{
  sweep_in_between(install_chains);
}

static int install_and_reset(const struct shim *shim)
{
  WSAPROTOCOL_INFOW entry = plain_entry();
  GUID id = plain_provider_id;
  int error = 0, outcome = 0;

  if (CALL(shim, WSCInstallProvider)(&id, L"C:\\nowhere\\provider.dll", &entry, 1, &error) != 0)
    return report_error(error);
  while (CALL(shim, Ws2SpiResetCatalog)(WS2SPI_WIDTH_BOTH, &error) != 0)
    outcome = report_error(error);
  return outcome;
}

static void a_reset_recovers_from_each_failure(void **state)
{
  const struct scenario scenario = {
      .run = install_and_reset,
      .recovered = {{"Ws2SpiResetCatalog", ANY_CALL,
                     "if the catalog cannot be read, the reset writes a new one"}}};

  sweep(&scenario);
}

/* --- both widths, in one step ------------------------------------------------------------------ */

static const GUID both_id = {0x77777777, 1, 2, {4}};

static int remove_both(const struct shim *shim, int outcome)
{
  GUID id = both_id;
  int error = 0;

  while (CALL(shim, Ws2SpiDeinstallProvider)(WS2SPI_WIDTH_BOTH, &id, &error) != 0)
    outcome = report_error(error);
  return outcome;
}

static int change_both(const struct shim *shim, GUID *unused, DWORD entry_id)
{
  DWORD ids[] = {0, entry_id, 1001, 1002, 1003, 1004, 1005, 1006};
  WSAPROTOCOL_INFOW entry = plain_entry();
  GUID id = both_id;
  int error = 0, outcome = 0;

  (void)unused;
  if (CALL(shim, Ws2SpiInstallProvider)(WS2SPI_WIDTH_BOTH, &id, L"C:\\both.dll", &entry, 1, &ids[0],
                                        &error) != 0)
    return report_error(error);
  if (CALL(shim, Ws2SpiWriteProviderOrder)(WS2SPI_WIDTH_NATIVE, ids, 8, &error) != 0)
    outcome = report_error(error);
  return remove_both(shim, outcome);
}

static void changing_both_widths_reports_each_failure(void **state)
{
  sweep_in_between(change_both);
}

/* --- the other width, by the functions that 64-bit Windows has for it --------------------------- */

#ifdef _WIN64
static int change_entry_of_32(const struct shim *shim, const WSAPROTOCOL_INFOW *installed)
{
  WSAPROTOCOL_INFOW entry = *installed;
  DWORD categories = LSP_PROXY;
  size_t size = sizeof categories;
  WCHAR path[MAX_PATH];
  int chars = MAX_PATH, error = 0;

  entry.iProtocol = IPPROTO_UDP;
  if (CALL(shim, WSCUpdateProvider32)(&entry.ProviderId, L"C:\\other.dll", &entry, 1, &error) !=
          0 ||
      CALL(shim, WSCSetProviderInfo32)(&entry.ProviderId, ProviderInfoLspCategories,
                                       (PBYTE)&categories, size, 0, &error) != 0 ||
      CALL(shim, WSCGetProviderInfo32)(&entry.ProviderId, ProviderInfoLspCategories,
                                       (PBYTE)&categories, &size, 0, &error) != 0 ||
      CALL(shim, WSCGetProviderPath32)(&entry.ProviderId, path, &chars, &error) != 0)
    return report_error(error);
  return categories == LSP_PROXY && wcscmp(path, L"C:\\other.dll") == 0 ? 0 : WSABASEERR;
}

/* The new entry comes first. */
static int change_32(const struct shim *shim)
{
  WSAPROTOCOL_INFOW entries[16];
  DWORD bytes = sizeof entries, ids[16];
  int error = 0;
  const int count = CALL(shim, WSCEnumProtocols32)(NULL, entries, &bytes, &error);

  if (count == SOCKET_ERROR)
    return report_error(error);
  for (int i = 0; i < count; i++)
    ids[i] = entries[(i + count - 1) % count].dwCatalogEntryId;
  error = CALL(shim, WSCWriteProviderOrder32)(ids, (DWORD)count);
  return error != 0 ? report_error(error) : change_entry_of_32(shim, &entries[count - 1]);
}

static int change_other_width(const struct shim *shim, GUID *unused, DWORD entry_id)
{
  WSAPROTOCOL_INFOW entry = plain_entry();
  GUID id = both_id;
  int error = 0, outcome, removed, removed_32;

  (void)unused;
  (void)entry_id;
  if (CALL(shim, WSCInstallProvider64_32)(&id, L"C:\\both.dll", &entry, 1, &error) != 0)
    return report_error(error);
  outcome = change_32(shim);
  removed = remove_by(shim->WSCDeinstallProvider, &id);
  removed_32 = remove_by(shim->WSCDeinstallProvider32, &id);
  if (outcome != 0)
    return outcome;
  return removed != 0 ? removed : removed_32;
}

static void changing_the_other_width_reports_each_failure(void **state)
{
  const struct recovered row = KNOWN_ANYWAY("WSCGetProviderPath32");

  sweep_recovering(change_other_width, row);
}
#endif

/* --- a registry that is not written for other reasons than a shortage ---------------------------- */

/* A registry that cannot be read is damage, which registry_hostile tests. */
static void sweep_writes(int (*function)(const struct shim *, GUID *, DWORD), LONG error)
{
  static const char *const writes[] = {"RegCreateKeyExW", "RegSetValueExW", "RegDelete*"};
  const struct scenario scenario = {.run = install_use_deinstall, .begin = begin_with_no_id};

  in_between = function;
  for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) {
    injected_registry_error = error;
    sweep_function(&scenario, writes[i]);
  }
}

static int update_order_categorise(const struct shim *shim, GUID *id, DWORD entry_id)
{
  int outcome = update(shim, id, entry_id);

  if (outcome == 0)
    outcome = order(shim, id, entry_id);
  return outcome == 0 ? categorise(shim, id, entry_id) : outcome;
}

static void a_registry_without_the_right_is_reported(void **state)
{
  if (!is_over_the_registry())
    skip();
  sweep_writes(NULL, ERROR_ACCESS_DENIED);
  sweep_writes(update_order_categorise, ERROR_ACCESS_DENIED);
}

static void a_broken_registry_is_reported(void **state)
{
  if (!is_over_the_registry())
    skip();
  sweep_writes(NULL, ERROR_BADDB);
  sweep_writes(update_order_categorise, ERROR_BADDB);
}

/* --- repairing ------------------------------------------------------------------------------------ */

static const GUID broken_id = {0x88888888, 1, 2, {5}};

/* A chain becomes unusable when an entry that it names is removed. */
static int break_and_repair(const struct shim *shim, GUID *layer, DWORD layer_id)
{
  WSAPROTOCOL_INFOW chain = plain_entry();
  GUID broken = broken_id;
  int error = 0, outcome;

  chain.ProtocolChain = (WSAPROTOCOLCHAIN){2, {layer_id, 1001}};
  if (CALL(shim, WSCInstallProvider)(&broken, L"C:\\b.dll", &chain, 1, &error) != 0) {
    outcome = report_error(error);
    remove_provider(shim, layer);
    return outcome;
  }
  outcome = remove_provider(shim, layer);
  while (CALL(shim, Ws2SpiRepairCatalog)(WS2SPI_WIDTH_NATIVE, &error) != 0)
    outcome = report_error(error);
  return outcome;
}

static int install_break_repair(const struct shim *shim)
{
  WSAPROTOCOL_INFOW layer = plain_entry();
  GUID id = plain_provider_id;
  int error = 0, outcome;
  DWORD layer_id;

  layer.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  if (CALL(shim, WSCInstallProvider)(&id, L"C:\\nowhere\\provider.dll", &layer, 1, &error) != 0)
    return report_error(error);
  layer_id = last_id(shim, &error);
  if (layer_id != 0)
    return break_and_repair(shim, &id, layer_id);
  outcome = report_error(error);
  remove_provider(shim, &id);
  return outcome;
}

static void repairing_reports_each_failure(void **state)
{
  const struct scenario scenario = {.run = install_break_repair};

  sweep(&scenario);
}

/* --- a made handle of an installed provider --------------------------------------------------- */

static int make_handle(const struct shim *shim, GUID *id, DWORD entry_id)
{
  DWORD_PTR context = 0;
  int error = 0, outcome = 0;
  const SOCKET s = CALL(shim, WPUCreateSocketHandle)(entry_id, 4711, &error);

  (void)id;
  if (s == INVALID_SOCKET)
    return report_error(error);
  if (CALL(shim, WPUQuerySocketHandleContext)(s, &context, &error) != 0 || context != 4711)
    outcome = WSABASEERR;
  return CALL(shim, WPUCloseSocketHandle)(s, &error) == 0 ? outcome : WSABASEERR;
}

static void a_handle_of_an_installed_provider_reports_each_failure(void **state)
{
  sweep_in_between(make_handle);
}

/* --- opening and looking ---------------------------------------------------------------------- */

static int look(const struct shim *shim, GUID *id, DWORD entry_id)
{
  static WS2SPI_CATALOG_ENTRY stored[16];
  DWORD bytes = sizeof stored;
  WSAPROTOCOL_INFOW info;
  int error = 0;

  (void)id;
  (void)entry_id;
  stored->dwSize = sizeof *stored;
  if (CALL(shim, Ws2SpiOpenCatalog)(WS2SPI_CATALOG_DEFAULT, &error) != 0 ||
      CALL(shim, Ws2SpiSelectProtocol)(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, 0, &info,
                                       &error) != 0 ||
      CALL(shim, Ws2SpiCheckCatalog)(WS2SPI_WIDTH_NATIVE, NULL, NULL, &error) != 0 ||
      CALL(shim, Ws2SpiEnumCatalog)(WS2SPI_WIDTH_NATIVE, stored, &bytes, &error) == SOCKET_ERROR)
    return report_error(error);
  return info.dwCatalogEntryId == 1001 ? 0 : WSABASEERR;
}

static void opening_selecting_and_checking_report_each_failure(void **state)
{
  sweep_in_between(look);
}

/* For a step that reads the system's catalog. */
#define SYSTEM_CATALOG_RECOVERS(step)                                                              \
  {step, "WSCEnumProtocols", "the length is asked for first, and again if it was wrong"},          \
  {                                                                                                \
    step, "WSCGetProviderPath", "Wine's entries have none: its mswsock.dll is meant"               \
  }
#define BASE_LOOKS_AGAIN                                                                           \
  {                                                                                                \
    "Ws2SpiOpenCatalog", "GetProcAddress",                                                         \
        "the base provider looks its functions up again when it starts"                            \
  }

/* If the other catalog could not be opened, the installed provider must still be there. */
static int open_another(const struct shim *shim, GUID *id, DWORD entry_id)
{
  int error = 0, outcome = 0, ignored;

  (void)id;
  if (CALL(shim, Ws2SpiOpenCatalog)(WS2SPI_CATALOG_SYSTEM, &error) != 0) {
    outcome = report_error(error);
    if (last_id(shim, &ignored) != entry_id)
      return WSABASEERR;
  }
  while (CALL(shim, Ws2SpiOpenCatalog)(WS2SPI_CATALOG_MEMORY, &error) != 0)
    outcome = report_error(error); /* reported once */
  return outcome;
}

/* Returns to the catalog in memory at the end: a provider that was installed in another catalog
 * could not be removed. */
static void opening_another_catalog_fails_before_it_is_open(void **state)
{
  const struct scenario scenario = {
      .run = install_use_deinstall,
      .recovered = {BASE_LOOKS_AGAIN, SYSTEM_CATALOG_RECOVERS("Ws2SpiOpenCatalog")},
      .begin = begin_with_no_id};

  if (is_over_the_registry())
    skip();
  in_between = open_another;
  sweep(&scenario);
}

/* --- the system's ---------------------------------------------------------------------------------- */

static int look_into_it(const struct shim *shim)
{
  static WS2SPI_CATALOG_ENTRY stored[32];
  WSAPROTOCOL_INFOW entries[32];
  WCHAR path[MAX_PATH];
  DWORD bytes = sizeof entries, bytes_stored = sizeof stored;
  int chars = MAX_PATH, error = 0;

  stored->dwSize = sizeof *stored;
  if (CALL(shim, WSCEnumProtocols)(NULL, entries, &bytes, &error) == SOCKET_ERROR ||
      CALL(shim, Ws2SpiEnumCatalog)(WS2SPI_WIDTH_NATIVE, stored, &bytes_stored, &error) ==
          SOCKET_ERROR ||
      CALL(shim, WSCGetProviderPath)(&entries[0].ProviderId, path, &chars, &error) != 0)
    return report_error(error);
  return 0;
}

static int open_look_close(const struct shim *shim)
{
  int error = 0, outcome;

  if (CALL(shim, Ws2SpiOpenCatalog)(WS2SPI_CATALOG_SYSTEM, &error) != 0)
    return report_error(error);
  outcome = look_into_it(shim);
  while (CALL(shim, Ws2SpiOpenCatalog)(WS2SPI_CATALOG_DEFAULT, &error) != 0)
    outcome = report_error(error); /* reported once */
  return outcome;
}

static void looking_into_the_systems_catalog_reports_each_failure(void **state)
{
  const struct scenario scenario = {
      .run = open_look_close,
      .recovered = {
          BASE_LOOKS_AGAIN,
          SYSTEM_CATALOG_RECOVERS("Ws2SpiOpenCatalog"),
          SYSTEM_CATALOG_RECOVERS("WSCEnumProtocols"),
          SYSTEM_CATALOG_RECOVERS("Ws2SpiEnumCatalog"),
          {"WSCGetProviderPath", ANY_CALL, "the provider is known from an earlier reading"}}};

  sweep(&scenario);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(installing_and_removing_report_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(updating_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(ordering_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(categories_report_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(categories_of_applications_report_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(asking_for_a_path_recovers_from_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(installing_chains_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(changing_both_widths_reports_each_failure, free_loaded_dll),
#ifdef _WIN64
      cmocka_unit_test_teardown(changing_the_other_width_reports_each_failure, free_loaded_dll),
#endif
      cmocka_unit_test_teardown(a_registry_without_the_right_is_reported, free_loaded_dll),
      cmocka_unit_test_teardown(a_broken_registry_is_reported, free_loaded_dll),
      cmocka_unit_test_teardown(repairing_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(a_handle_of_an_installed_provider_reports_each_failure,
                                free_loaded_dll),
      cmocka_unit_test_teardown(a_reset_recovers_from_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(opening_selecting_and_checking_report_each_failure,
                                free_loaded_dll),
      cmocka_unit_test_teardown(looking_into_the_systems_catalog_reports_each_failure,
                                free_loaded_dll),
      cmocka_unit_test_teardown(opening_another_catalog_fails_before_it_is_open, free_loaded_dll),
  };

  return cmocka_run_group_tests(tests, NULL, sweep_print_sum);
}
