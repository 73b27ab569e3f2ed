/* Failures in what every program uses: a hook and a query, the catalog, a provider of its own. */
#include "support/cmocka_headers.h"

#include "injection/plain_provider.h"
#include "injection/sweep.h"

#include <string.h>

enum { BASE_TCP = 1001 };

/* --- blocking ---------------------------------------------------------------------- */

static const struct shim *hook_shim;

static INT_PTR CALLBACK cancelling_hook(void)
{
  hook_shim->WSACancelBlockingCall();
  return FALSE;
}

static int query_and_be_cancelled(const struct shim *shim)
{
  LPBLOCKINGCALLBACK callback = NULL;
  DWORD_PTR context = 0;
  int error = 0;

  if (CALL(shim, WPUQueryBlockingCallback)(BASE_TCP, &callback, &context, &error) != 0)
    return report_error(error);
  return callback != NULL && CALL_AS("blocking callback", callback)(context) == FALSE ? 0
                                                                                      : WSABASEERR;
}

static int query_and_be_cancelled_by_a_watchdog(const struct shim *shim)
{
  LPBLOCKINGCALLBACK callback = NULL;
  DWORD_PTR context = 0;
  int error = 0;

  if (CALL(shim, WPUQueryBlockingCallback)(BASE_TCP, &callback, &context, &error) != 0 ||
      CALL(shim, Ws2SpiCancelBlockingCall)(GetCurrentThreadId(), &error) != 0)
    return report_error(error);
  return callback != NULL && CALL_AS("blocking callback", callback)(context) == FALSE ? 0
                                                                                      : WSABASEERR;
}

static int with_hook(const struct shim *shim, int (*body)(const struct shim *shim))
{
  int error;

  hook_shim = shim;
  if (CALL(shim, WSASetBlockingHook)((FARPROC)cancelling_hook) == NULL)
    return report_error((int)GetLastError());
  error = body(shim);
  if (CALL(shim, WSAUnhookBlockingHook)() != 0)
    return WSABASEERR;
  return error;
}

static int hook_query_cancel_unhook(const struct shim *shim)
{
  return with_hook(shim, query_and_be_cancelled);
}

static int hook_query_watchdog_unhook(const struct shim *shim)
{
  return with_hook(shim, query_and_be_cancelled_by_a_watchdog);
}

/* The page lists no code for a query that has no memory to read the catalog: the entry then counts
 * as absent. */
static void a_hook_and_a_query_report_each_failure(void **state)
{
  const struct scenario scenario = {.run = hook_query_cancel_unhook};

  sweep(&scenario);
}

static void a_watchdogs_cancel_reports_each_failure(void **state)
{
  const struct scenario scenario = {.run = hook_query_watchdog_unhook};

  sweep(&scenario);
}

/* --- catalog ------------------------------------------------------------------------- */

static int enumerate(const struct shim *shim)
{
  static WSAPROTOCOL_INFOW entries[16];
  int protocols[] = {IPPROTO_TCP, 0};
  DWORD bytes = sizeof entries;
  int error = 0;

  return CALL(shim, WSCEnumProtocols)(protocols, entries, &bytes, &error) == SOCKET_ERROR
             ? report_error(error)
             : 0;
}

static void enumerating_reports_each_failure(void **state)
{
  const struct scenario scenario = {.run = enumerate};

  sweep(&scenario);
}

static int install_and_deinstall(const struct shim *shim)
{
  WSAPROTOCOL_INFOW entries[3] = {plain_entry(), plain_entry(), plain_entry()};
  GUID id = plain_provider_id;
  int error = 0;

  if (CALL(shim, WSCInstallProvider)(&id, L"C:\\nowhere\\provider.dll", entries, 3, &error) != 0)
    return report_error(error);
  return remove_provider(shim, &id);
}

static void installing_reports_each_failure(void **state)
{
  const struct scenario scenario = {
      .run = install_and_deinstall,
      .begins_with_nothing = TRUE,
      .leaves_in_registry = {{"WSCInstallProvider",
                              "keys for a catalog, or its base entries, which "
                              "readers see without them too"}}};

  sweep(&scenario);
}

/* --- providers -------------------------------------------------------------------------- */

static int WSPAPI nothing(LPINT error)
{
  *error = 0;
  return 0;
}

static int WSPAPI start_fake(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                             WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  LPWSPCLEANUP procedures[sizeof *table / sizeof(LPWSPCLEANUP)];

  (void)info, (void)upcalls;
  for (size_t i = 0; i < sizeof procedures / sizeof procedures[0]; i++)
    procedures[i] = nothing;
  memcpy(table, procedures, sizeof *table);
  data->wVersion = data->wHighVersion = version;
  return 0;
}

static int start_and_stop(const struct shim *shim, DWORD id)
{
  WSPPROC_TABLE table;
  int error = 0;

  if (CALL(shim, Ws2SpiStartProvider)(id, &table, &error) != 0)
    return report_error(error);
  return CALL(shim, Ws2SpiStopProvider)(id, &error) != 0 ? report_error(error) : 0;
}

static int register_start_stop_unregister(const struct shim *shim)
{
  const WSAPROTOCOL_INFOW entry = plain_entry();
  DWORD id = 0;
  int error = 0, outcome;

  if (CALL(shim, Ws2SpiRegisterProvider)(&entry, start_fake, &id, &error) != 0)
    return report_error(error);
  outcome = start_and_stop(shim, id);
  if (CALL(shim, Ws2SpiUnregisterProvider)(id, &error) != 0)
    return report_error(error);
  return outcome;
}

static void registering_and_starting_report_each_failure(void **state)
{
  const struct scenario scenario = {.run = register_start_stop_unregister};

  sweep(&scenario);
}

/* --- handles and tables ------------------------------------------------------------------- */

/* The handle stays registered until the DLL is freed. */
static int register_handle(const struct shim *shim)
{
  static HANDLE event;
  int error = 0;

  if (event == NULL)
    event = CreateEventW(NULL, TRUE, FALSE, NULL);
  if (CALL(shim, WPUModifyIFSHandle)(BASE_TCP, (SOCKET)event, &error) == INVALID_SOCKET)
    return report_error(error);
  return 0;
}

static void registering_a_handle_reports_each_failure(void **state)
{
  const struct scenario scenario = {.run = register_handle};

  sweep(&scenario);
}

static int WSPAPI foreign_close_event(WSAEVENT event, LPINT error)
{
  (void)event;
  *error = 0;
  return TRUE;
}

static int use_a_foreign_table(const struct shim *shim)
{
  WSPUPCALLTABLE table;
  int error = 0;

  if (CALL(shim, Ws2SpiGetUpcallTable)(&table, &error) != 0)
    return report_error(error);
  table.lpWPUCloseEvent = foreign_close_event;
  if (CALL(shim, Ws2SpiSetUpcallTable)(&table, &error) != 0)
    return report_error(error);
  return CALL(shim, Ws2SpiSetUpcallTable)(NULL, &error) != 0 ? report_error(error) : 0;
}

static void a_foreign_upcall_table_reports_each_failure(void **state)
{
  const struct scenario scenario = {.run = use_a_foreign_table};

  sweep(&scenario);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(a_hook_and_a_query_report_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(a_watchdogs_cancel_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(enumerating_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(installing_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(registering_and_starting_report_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(registering_a_handle_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(a_foreign_upcall_table_reports_each_failure, free_loaded_dll),
  };

  return cmocka_run_group_tests(tests, NULL, sweep_print_sum);
}
