/* One provider DLL, started first by this DLL, then by a stand-in for a real Ws2_32: code that
 * calls its WSPStartup with an upcall table of its own (D10). */
#include "support/cmocka_headers.h"

#include "by_name_lsp.h"
#include "support/fake_provider.h"

#include <wchar.h>

enum { SYSTEM_ENTRY = 4711, SYSTEM_CONTEXT = 0x1234, UNTOUCHED = 0x5A5A };

static GUID lsp_id = {0xB07B, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};
static WCHAR path[MAX_PATH];
static HMODULE lsp; /* held by the test, so that both starts use one module */
static by_name_calls call_by_name;

/* --- what stands for a real Ws2_32 -------------------------------------------------- */

static unsigned system_queries, system_events;

static BOOL CALLBACK system_callback(DWORD_PTR context)
{
  return context == SYSTEM_CONTEXT;
}

static int WSPAPI system_query(DWORD id, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context,
                               LPINT lpErrno)
{
  system_queries++;
  *callback = system_callback;
  *context = SYSTEM_CONTEXT;
  *lpErrno = id == SYSTEM_ENTRY ? 0 : WSAEINVAL;
  return id == SYSTEM_ENTRY ? 0 : SOCKET_ERROR;
}

static WSAEVENT WSPAPI system_create_event(LPINT lpErrno)
{
  system_events++;
  *lpErrno = 0;
  return (WSAEVENT)(uintptr_t)0x88;
}

static void start_as_ws2_32_would(WSPPROC_TABLE *table)
{
  WSPUPCALLTABLE upcalls;
  WSAPROTOCOL_INFOW info;
  WSPDATA data;
  LPWSPSTARTUP startup;
  FARPROC found = GetProcAddress(lsp, "WSPStartup");
  int error = UNTOUCHED;

  assert_int_equal(Ws2SpiGetUpcallTable(&upcalls, &error), 0);
  upcalls.lpWPUQueryBlockingCallback = system_query;
  upcalls.lpWPUCreateEvent = system_create_event;
  fake_provider_info(&info);
  info.dwCatalogEntryId = SYSTEM_ENTRY;
  memcpy(&startup, &found, sizeof startup);
  assert_int_equal(startup(MAKEWORD(2, 2), &data, &info, upcalls, table), 0);
}

/* --- the shim ----------------------------------------------------------------------- */

static DWORD install(void)
{
  WSAPROTOCOL_INFOW entries[32];
  DWORD bytes = sizeof entries;
  int error = UNTOUCHED, count;

  fake_provider_info(&entries[0]);
  assert_int_equal(WSCInstallProvider(&lsp_id, path, &entries[0], 1, &error), 0);
  count = WSCEnumProtocols(NULL, entries, &bytes, &error);
  for (int i = 0; i < count; i++) {
    if (IsEqualGUID(&entries[i].ProviderId, &lsp_id))
      return entries[i].dwCatalogEntryId;
  }
  fail();
  return 0;
}

static BOOL CALLBACK quiet_hook(void)
{
  return FALSE;
}

static int load(void **state)
{
  FARPROC found;

  GetModuleFileNameW(NULL, path, MAX_PATH);
  wcscpy(wcsrchr(path, L'\\') + 1, L"by_name_lsp.dll");
  lsp = LoadLibraryW(path);
  found = lsp == NULL ? NULL : GetProcAddress(lsp, "call_by_name");
  memcpy(&call_by_name, &found, sizeof call_by_name);
  return found == NULL ? -1 : 0;
}

static int unload(void **state)
{
  int error;

  Ws2SpiSetUpcallTable(NULL, &error);
  return FreeLibrary(lsp) ? 0 : -1;
}

static struct by_name_answer answer_now(void)
{
  struct by_name_answer answer = {UNTOUCHED, UNTOUCHED, system_callback, UNTOUCHED, NULL};

  system_queries = system_events = 0;
  call_by_name(&answer);
  return answer;
}

static void by_name_calls_this_dll_without_a_foreign_table(void **state)
{
  const DWORD id = install();
  WSPPROC_TABLE table;
  struct by_name_answer answer;
  int error = UNTOUCHED;

  assert_int_equal(Ws2SpiStartProvider(id, &table, &error), 0);
  answer = answer_now();
  assert_int_equal(answer.result, 0);
  assert_null(answer.callback); /* this thread has no hook */
  assert_true(CloseHandle(answer.event));
  assert_non_null(WSASetBlockingHook((FARPROC)quiet_hook));
  answer = answer_now();
  assert_int_equal(answer.result, 0);
  assert_non_null(answer.callback);
  assert_true(answer.callback(answer.context));
  assert_true(CloseHandle(answer.event));
  assert_int_equal(WSAUnhookBlockingHook(), 0);
  assert_int_equal(system_queries + system_events, 0);
  assert_int_equal(Ws2SpiStopProvider(id, &error), 0);
  assert_int_equal(WSCDeinstallProvider(&lsp_id, &error), 0);
}

static void by_name_calls_the_ws2_32_whose_table_was_set(void **state)
{
  WSPPROC_TABLE table;
  struct by_name_answer answer;
  int error = UNTOUCHED;

  start_as_ws2_32_would(&table);
  answer = answer_now();
  assert_int_equal(answer.result, 0);
  assert_int_equal(answer.error, 0);
  assert_ptr_equal((void *)(uintptr_t)answer.callback, (void *)(uintptr_t)system_callback);
  assert_int_equal(answer.context, SYSTEM_CONTEXT);
  assert_true(answer.callback(answer.context));
  assert_ptr_equal(answer.event, (WSAEVENT)(uintptr_t)0x88);
  assert_int_equal(system_queries, 1);
  assert_int_equal(system_events, 1);
  assert_int_equal(table.lpWSPCleanup(&error), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(by_name_calls_this_dll_without_a_foreign_table, load, unload),
      cmocka_unit_test_setup_teardown(by_name_calls_the_ws2_32_whose_table_was_set, load, unload),
      cmocka_unit_test_setup_teardown(by_name_calls_this_dll_without_a_foreign_table, load, unload),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
