/* Failures while a provider is found, loaded and started: a DLL by its path, a chain of a real
 * layer over the base provider, and the WSPStartup that the DLL exports. */
#include "support/cmocka_headers.h"

#include "injection/plain_provider.h"
#include "injection/sweep.h"

#include "layered_provider.h"

#include <string.h>

enum { BASE_TCP = 1001 };

static const GUID chain_provider_id = {0x66666666, 0x7777, 0x8888, {9, 9, 9, 9, 9, 9, 9, 9}};

/* The full path of a file beside this program. */
static const WCHAR *beside(const WCHAR *file)
{
  static WCHAR path[MAX_PATH];

  assert_true(GetModuleFileNameW(NULL, path, MAX_PATH) != 0);
  wcscpy(wcsrchr(path, L'\\') + 1, file);
  return path;
}

static int start_and_stop(const struct shim *shim, DWORD id, int (*use)(const WSPPROC_TABLE *table))
{
  WSPPROC_TABLE table;
  int error = 0, outcome;

  if (CALL(shim, Ws2SpiStartProvider)(id, &table, &error) != 0)
    return report_error(error);
  outcome = use(&table);
  error = stop_provider(shim, id);
  return outcome != 0 ? outcome : error;
}

static int leave_alone(const WSPPROC_TABLE *table)
{
  return table->lpWSPStringToAddress != NULL ? 0 : WSABASEERR;
}

/* --- entries ------------------------------------------------------------------------------- */

/* Installing and removing have sweeps elsewhere. */
static int install(const struct shim *shim, const GUID *provider, const WCHAR *path,
                   WSAPROTOCOL_INFOW entry, DWORD *id)
{
  GUID copy = *provider;
  int error = 0;

  entry.ProviderId = *provider;
  injection_pause(TRUE);
  if (CALL(shim, WSCInstallProvider)(&copy, path, &entry, 1, &error) != 0)
    return report_error(error);
  *id = last_id(shim, &error);
  injection_pause(FALSE);
  if (*id != 0)
    return 0;
  error = report_error(error);
  remove_provider(shim, provider);
  return error;
}

static int deinstall(const struct shim *shim, const GUID *provider)
{
  int outcome;

  injection_pause(TRUE);
  outcome = remove_provider(shim, provider);
  injection_pause(FALSE);
  return outcome;
}

/* --- a DLL by its path ------------------------------------------------------------------------ */

static int load_by_path(const struct shim *shim)
{
  DWORD id;
  int error = install(shim, &plain_provider_id, beside(L"fake_lsp.dll"), plain_entry(), &id);
  int removed;

  if (error != 0)
    return error;
  error = start_and_stop(shim, id, leave_alone);
  removed = deinstall(shim, &plain_provider_id);
  return error != 0 ? error : removed;
}

static void loading_a_provider_reports_each_failure(void **state)
{
  const struct scenario scenario = {
      .run = load_by_path,
      .recovered = {{"Ws2SpiStartProvider", "GetModuleFileNameW",
                     "the DLL's own path matters only to entries that have it"}}};

  sweep(&scenario);
}

/* --- a layer over the base provider -------------------------------------------------------------- */

static WSAPROTOCOL_INFOW layer_entry(void)
{
  WSAPROTOCOL_INFOW entry = plain_entry();

  entry.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  entry.dwServiceFlags1 = XP1_IFS_HANDLES;
  return entry;
}

static WSAPROTOCOL_INFOW chain_entry(DWORD layer)
{
  WSAPROTOCOL_INFOW entry = layer_entry();

  entry.ProtocolChain = (WSAPROTOCOLCHAIN){2, {layer, BASE_TCP}};
  return entry;
}

static int open_and_close(const WSPPROC_TABLE *table)
{
  int error = 0;
  const SOCKET s = CALL_AS("WSPSocket", table->lpWSPSocket)(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL,
                                                            0, WSA_FLAG_OVERLAPPED, &error);

  if (s == INVALID_SOCKET)
    return report_error(error);
  return CALL_AS("WSPCloseSocket", table->lpWSPCloseSocket)(s, &error) == 0 ? 0
                                                                            : report_error(error);
}

static int use_chain(const struct shim *shim, const WCHAR *path, DWORD layer)
{
  DWORD chain;
  int error = install(shim, &chain_provider_id, path, chain_entry(layer), &chain);
  int removed;

  if (error != 0)
    return error;
  error = start_and_stop(shim, chain, open_and_close);
  removed = deinstall(shim, &chain_provider_id);
  return error != 0 ? error : removed;
}

static int use_layer(const struct shim *shim)
{
  const WCHAR *const path = beside(L"layered_provider.dll");
  DWORD layer;
  int error = install(shim, &layered_provider_id, path, layer_entry(), &layer);
  int removed;

  if (error != 0)
    return error;
  error = use_chain(shim, path, layer);
  removed = deinstall(shim, &layered_provider_id);
  return error != 0 ? error : removed;
}

static void a_layer_over_the_base_reports_each_failure(void **state)
{
  const struct scenario scenario = {
      .run = use_layer,
      .recovered = {{"Ws2SpiStartProvider", "GetModuleFileNameW",
                     "the DLL's own path matters only to entries that have it"},
                    {"Ws2SpiStartProvider", "HeapAlloc", "the layer asks again after a shortage"},
                    {"Ws2SpiStartProvider", "RegQueryValueExW", "the same"},
                    {"WSPCloseSocket", "getsockopt",
                     "it asks for SO_LINGER; without an answer this thread closes the socket"},
                    {"Ws2SpiStopProvider", "WSACleanup",
                     "the provider is stopped, and cannot be stopped again"}}};

  sweep(&scenario);
}

/* --- the WSPStartup that the DLL exports ------------------------------------------------------------ */

static int start_base(const struct shim *shim)
{
  WSAPROTOCOL_INFOW entries[16];
  WSPUPCALLTABLE upcalls;
  WSPPROC_TABLE table;
  WSPDATA data;
  DWORD bytes = sizeof entries;
  int error = 0;

  if (CALL(shim, WSCEnumProtocols)(NULL, entries, &bytes, &error) == SOCKET_ERROR ||
      CALL(shim, Ws2SpiGetUpcallTable)(&upcalls, &error) != 0)
    return report_error(error);
  error = CALL(shim, WSPStartup)(MAKEWORD(2, 2), &data, &entries[0], upcalls, &table);
  if (error != 0)
    return report_error(error);
  return CALL_AS("WSPCleanup", table.lpWSPCleanup)(&error) == 0 ? 0 : report_error(error);
}

static void the_exported_startup_reports_each_failure(void **state)
{
  const struct scenario scenario = {
      .run = start_base,
      .recovered = {
          {"WSPCleanup", "WSACleanup", "the provider is stopped, and cannot be stopped again"}}};

  sweep(&scenario);
}

static int set_up(void **state)
{
  SetEnvironmentVariableW(L"EXAMPLE_QUIET", L"1");
  return start_system_winsock();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(loading_a_provider_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(a_layer_over_the_base_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(the_exported_startup_reports_each_failure, free_loaded_dll),
  };

  return cmocka_run_group_tests(tests, set_up, sweep_print_sum);
}
