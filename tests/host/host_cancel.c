/* A cancel inside a blocking hook reaches the provider that blocks, through the host. */
#include "support/cmocka_headers.h"

#include "lsp_entries.h"

static DWORD id;
static WSPPROC_TABLE table;
static int cancel_result;
static int cancel_error;
static volatile LONG *arrive; /* set by the hook, so that a wait that is not cancelled ends */

static int WSAAPI cancelling_hook(void)
{
  cancel_result = WSACancelBlockingCall();
  cancel_error = WSAGetLastError();
  if (arrive != NULL)
    *arrive = 1;
  return FALSE;
}

static int prepare(void **state)
{
  fake_provider_reset();
  fake_provider.blocking_recv = TRUE;
  arrive = NULL;
  cancel_result = cancel_error = 0x7777;
  id = fake_provider_register();
  return id != 0 && start(id, &table) == 0 &&
                 WSASetBlockingHook((FARPROC)(void (*)(void))cancelling_hook) != NULL
             ? 0
             : -1;
}

static int clean_up(void **state)
{
  int error;

  WSAUnhookBlockingHook();
  deinstall_entries();
  stop(id);
  return Ws2SpiUnregisterProvider(id, &error);
}

static int receive(const WSPPROC_TABLE *from)
{
  int error = 0;
  const int result = from->lpWSPRecv(1, NULL, 0, NULL, NULL, NULL, NULL, NULL, &error);

  return result == 0 ? 0 : error;
}

static void a_cancel_calls_the_started_provider(void **state)
{
  assert_int_equal(receive(&table), WSAEINTR);
  assert_int_equal(cancel_result, 0);
  assert_int_equal(fake_provider.call[FAKE_CancelBlockingCall].count, 1);
  assert_int_equal(fake_provider.callback_runs, 1);
}

static void failing_cancel_is_passed_on_and_cancels_nothing(void **state)
{
  arrive = &fake_provider.data_arrived;
  fake_provider.call[FAKE_CancelBlockingCall].result = SOCKET_ERROR;
  fake_provider.call[FAKE_CancelBlockingCall].error = WSAENETDOWN;
  assert_int_equal(receive(&table), 0);
  assert_int_equal(cancel_result, SOCKET_ERROR);
  assert_int_equal(cancel_error, WSAENETDOWN);
  assert_int_equal(fake_provider.call[FAKE_CancelBlockingCall].count, 1);
}

static void failing_cancel_without_a_code_is_a_system_call_failure(void **state)
{
  arrive = &fake_provider.data_arrived;
  fake_provider.call[FAKE_CancelBlockingCall].result = SOCKET_ERROR;
  assert_int_equal(receive(&table), 0);
  assert_int_equal(cancel_result, SOCKET_ERROR);
  assert_int_equal(cancel_error, WSASYSCALLFAILURE);
}

static void provider_that_is_not_started_is_not_called(void **state)
{
  const DWORD other = fake_provider_register();
  int error;

  fake_provider.info.dwCatalogEntryId = other; /* the id with which the fake provider queries */
  assert_int_equal(receive(&table), WSAEINTR);
  assert_int_equal(cancel_result, 0);
  assert_int_equal(fake_provider.call[FAKE_CancelBlockingCall].count, 0);
  assert_int_equal(Ws2SpiUnregisterProvider(other, &error), 0);
}

static struct fake_provider *lsp_state(void)
{
  const FARPROC found = GetProcAddress(GetModuleHandleW(L"fake_lsp.dll"), "fake_lsp_state");
  fake_lsp_state_function function;

  assert_non_null(found);
  memcpy(&function, &found, sizeof function);
  return function();
}

static void a_cancel_with_any_id_of_the_provider_calls_it(void **state)
{
  const DWORD first = install_entries(beside(L"fake_lsp.dll"), 2);
  WSPPROC_TABLE lsp_table;
  struct fake_provider *lsp;

  assert_int_equal(start(first, &lsp_table), 0);
  lsp = lsp_state();
  lsp->blocking_recv = TRUE;
  lsp->info.dwCatalogEntryId = first + 1;
  assert_int_equal(receive(&lsp_table), WSAEINTR);
  assert_int_equal(lsp->call[FAKE_CancelBlockingCall].count, 1);
  assert_int_equal(fake_provider.call[FAKE_CancelBlockingCall].count, 0);
  assert_int_equal(stop(first), 0);
}

static DWORD stopping;
static int stop_outcome;
static BOOL loaded_after_stop;

static DWORD WINAPI stop_it(void *unused)
{
  (void)unused;
  stop_outcome = stop(stopping);
  return 0;
}

static void stop_on_another_thread(void)
{
  HANDLE thread = CreateThread(NULL, 0, stop_it, NULL, 0, NULL);

  WaitForSingleObject(thread, 20000);
  CloseHandle(thread);
  loaded_after_stop = GetModuleHandleW(L"fake_lsp.dll") != NULL;
}

/* The test blocks in place of the provider, so that only the cancel runs in the DLL. */
static void a_provider_stopped_in_its_cancel_is_unloaded_afterwards(void **state)
{
  LPBLOCKINGCALLBACK callback = NULL;
  DWORD_PTR context = 0;
  WSPPROC_TABLE lsp_table;
  struct fake_provider *lsp;
  int error = -1;

  stopping = install_entries(beside(L"fake_lsp.dll"), 1);
  assert_int_equal(start(stopping, &lsp_table), 0);
  lsp = lsp_state();
  lsp->in_cancel = stop_on_another_thread;
  assert_int_equal(WPUQueryBlockingCallback(stopping, &callback, &context, &error), 0);
  assert_non_null(callback);
  assert_false(callback(context));
  assert_int_equal(cancel_result, 0);
  assert_int_equal(stop_outcome, 0);
  assert_true(loaded_after_stop);
  assert_null(GetModuleHandleW(L"fake_lsp.dll"));
}

/* The hook runs inside a call into the provider. */
static int start_in_hook;
static int stop_in_hook;
static int WSAAPI hook_that_starts_and_stops(void)
{
  WSPPROC_TABLE unused;

  start_in_hook = start(id, &unused);
  stop_in_hook = stop(id);
  fake_provider.data_arrived = 1;
  return FALSE;
}

static void providers_are_neither_started_nor_stopped_in_a_hook(void **state)
{
  assert_non_null(WSASetBlockingHook((FARPROC)(void (*)(void))hook_that_starts_and_stops));
  start_in_hook = stop_in_hook = 0x7777;
  assert_int_equal(receive(&table), 0);
  assert_int_equal(start_in_hook, WSAEINPROGRESS);
  assert_int_equal(stop_in_hook, WSAEINPROGRESS);
  assert_int_equal(fake_provider.call[FAKE_Cleanup].count, 0);
}

static DWORD WINAPI stop_id(void *unused)
{
  (void)unused;
  return (DWORD)stop(id);
}

/* Once its WSPCleanup has been called, the provider gets no more calls. */
static void a_provider_in_its_cleanup_is_not_called_to_cancel(void **state)
{
  LPBLOCKINGCALLBACK callback = NULL;
  DWORD_PTR context = 0;
  DWORD outcome = 1;
  HANDLE stopper;
  int error = -1;

  fake_provider.cleanup_gate = CreateEventW(NULL, TRUE, FALSE, NULL);
  assert_int_equal(WPUQueryBlockingCallback(id, &callback, &context, &error), 0);
  stopper = CreateThread(NULL, 0, stop_id, NULL, 0, NULL);
  while (fake_provider.call[FAKE_Cleanup].count == 0)
    Sleep(1);
  assert_false(callback(context));
  assert_int_equal(cancel_result, 0);
  assert_int_equal(fake_provider.call[FAKE_CancelBlockingCall].count, 0);
  SetEvent(fake_provider.cleanup_gate);
  assert_int_equal(WaitForSingleObject(stopper, 20000), WAIT_OBJECT_0);
  assert_true(GetExitCodeThread(stopper, &outcome));
  assert_int_equal(outcome, 0);
  CloseHandle(stopper);
  CloseHandle(fake_provider.cleanup_gate);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(a_cancel_calls_the_started_provider),
      CASE(failing_cancel_is_passed_on_and_cancels_nothing),
      CASE(failing_cancel_without_a_code_is_a_system_call_failure),
      CASE(provider_that_is_not_started_is_not_called),
      CASE(a_cancel_with_any_id_of_the_provider_calls_it),
      CASE(a_provider_stopped_in_its_cancel_is_unloaded_afterwards),
      CASE(providers_are_neither_started_nor_stopped_in_a_hook),
      CASE(a_provider_in_its_cleanup_is_not_called_to_cancel),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
