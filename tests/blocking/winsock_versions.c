/* WSAStartup and WSACleanup of this DLL, and their effect on the hook functions (the 1.1
 * specification, decision D5) and on WPUQueryBlockingCallback (decision D1). The state belongs
 * to the process, so each test continues where the one before it ended. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"
#include "support/fake_provider.h"

enum { TCP_ENTRY = 1001, UNTOUCHED = 0x5A5A };

static BOOL CALLBACK quiet_hook(void)
{
  return FALSE;
}

static void start(WORD version)
{
  WSADATA data;

  memset(&data, 0x5A, sizeof data);
  assert_int_equal(WSAStartup(version, &data), 0);
  assert_int_equal(data.wVersion, version);
  assert_int_equal(data.wHighVersion, MAKEWORD(2, 2));
}

static void assert_hooks_refused(DWORD error)
{
  SetLastError(UNTOUCHED);
  assert_null(WSASetBlockingHook((FARPROC)quiet_hook));
  assert_int_equal(GetLastError(), error);
  SetLastError(UNTOUCHED);
  assert_int_equal(WSAUnhookBlockingHook(), SOCKET_ERROR);
  assert_int_equal(GetLastError(), error);
  SetLastError(UNTOUCHED);
  assert_int_equal(WSACancelBlockingCall(), SOCKET_ERROR);
  assert_int_equal(GetLastError(), error);
  SetLastError(UNTOUCHED);
  assert_false(WSAIsBlocking());
  assert_int_equal(GetLastError(), UNTOUCHED);
}

static void assert_hooks_allowed(void)
{
  assert_non_null(WSASetBlockingHook((FARPROC)quiet_hook));
  assert_int_equal(WSAUnhookBlockingHook(), 0);
}

static int query(int *error)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;

  *error = UNTOUCHED;
  return WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, error);
}

static void before_any_startup_hooks_are_allowed(void **state)
{
  assert_hooks_allowed();
}

static void cleanup_without_startup_is_the_systems_error(void **state)
{
  SetLastError(UNTOUCHED);
  assert_int_equal(WSACleanup(), SOCKET_ERROR);
  assert_int_equal(GetLastError(), WSANOTINITIALISED);
  assert_hooks_allowed();
}

/* Other code in the process calls the system's WSAStartup, and this DLL's WSACleanup. */
static void a_direct_call_of_the_systems_startup_is_not_counted(void **state)
{
  int(WSAAPI * systems_startup)(WORD, LPWSADATA);
  const FARPROC found = GetProcAddress(LoadLibraryW(L"ws2_32.dll"), "WSAStartup");
  WSADATA data;

  assert_non_null(found);
  memcpy(&systems_startup, &found, sizeof found);
  assert_int_equal(systems_startup(MAKEWORD(2, 2), &data), 0);
  assert_int_equal(WSACleanup(), 0);
  assert_hooks_allowed();
  assert_int_equal(WSACleanup(), SOCKET_ERROR);
  assert_hooks_allowed();
}

static void a_bad_wsadata_is_a_fault_and_starts_nothing(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    print_message("WSADATA: %s\n", bad->kind);
    assert_int_equal(WSAStartup(MAKEWORD(2, 2), bad_address(bad)), WSAEFAULT);
  }
  assert_int_equal(WSACleanup(), SOCKET_ERROR);
  assert_hooks_allowed();
}

static void an_unsupported_version_is_the_systems_error_and_counts_nothing(void **state)
{
  WSADATA data;

  assert_int_equal(WSAStartup(MAKEWORD(0, 0), &data), WSAVERNOTSUPPORTED);
  assert_hooks_allowed();
}

static DWORD WINAPI unhook_on_a_thread_without(void *unused)
{
  (void)unused;
  SetLastError(UNTOUCHED);
  return WSAUnhookBlockingHook() == SOCKET_ERROR ? GetLastError() : 0;
}

static void a_process_that_asked_for_2_only_may_not_use_hooks(void **state)
{
  HANDLE thread;
  DWORD error;

  start(MAKEWORD(2, 2));
  assert_hooks_refused(WSAEOPNOTSUPP);
  thread = CreateThread(NULL, 0, unhook_on_a_thread_without, NULL, 0, NULL);
  assert_int_equal(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
  assert_true(GetExitCodeThread(thread, &error));
  assert_int_equal(error, WSAEOPNOTSUPP);
  CloseHandle(thread);
  start(MAKEWORD(2, 0));
  assert_hooks_refused(WSAEOPNOTSUPP);
}

static void one_1_x_request_makes_the_process_1_x(void **state)
{
  start(MAKEWORD(1, 1));
  assert_hooks_allowed();
  start(MAKEWORD(2, 2));
  assert_hooks_allowed();
  assert_int_equal(WSACleanup(), 0);
  assert_int_equal(WSACleanup(), 0);
  assert_int_equal(WSACleanup(), 0);
  assert_hooks_allowed(); /* one start is left, and the process stays 1.x until the last clean-up */
}

static void a_hook_survives_to_the_next_startup(void **state)
{
  assert_non_null(WSASetBlockingHook((FARPROC)quiet_hook));
  assert_int_equal(WSACleanup(), 0);
  start(MAKEWORD(1, 0));
  assert_ptr_equal(WSASetBlockingHook((FARPROC)quiet_hook), quiet_hook);
  assert_int_equal(WSAUnhookBlockingHook(), 0);
}

static void after_the_last_cleanup_winsock_is_not_initialised(void **state)
{
  int error;

  assert_int_equal(WSACleanup(), 0);
  assert_hooks_refused(WSANOTINITIALISED);
  assert_int_equal(query(&error), SOCKET_ERROR);
  assert_int_equal(error, WSANOTINITIALISED);
}

static void not_initialised_comes_before_an_unknown_entry(void **state)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error = UNTOUCHED;

  assert_int_equal(WPUQueryBlockingCallback(999999, &callback, &context, &error), SOCKET_ERROR);
  assert_int_equal(error, WSANOTINITIALISED);
}

static void the_other_upcalls_that_document_it_are_not_initialised_too(void **state)
{
  WSATHREADID thread = {NULL, UNTOUCHED};
  int error = UNTOUCHED;

  assert_int_equal(WPUOpenCurrentThread(&thread, &error), SOCKET_ERROR);
  assert_int_equal(error, WSANOTINITIALISED);
  assert_null(thread.ThreadHandle);
  error = UNTOUCHED;
  assert_int_equal(WPUCloseThread(&thread, &error), SOCKET_ERROR);
  assert_int_equal(error, WSANOTINITIALISED);
  error = UNTOUCHED;
  assert_true(WPUModifyIFSHandle(TCP_ENTRY, 4, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSANOTINITIALISED);
}

static void a_started_provider_keeps_the_upcalls_working(void **state)
{
  WSPPROC_TABLE table;
  int error = UNTOUCHED;

  assert_int_equal(Ws2SpiStartProvider(TCP_ENTRY, &table, &error), 0);
  assert_int_equal(query(&error), 0);
  assert_int_equal(error, UNTOUCHED);
  assert_hooks_refused(WSANOTINITIALISED);
  assert_int_equal(Ws2SpiStopProvider(TCP_ENTRY, &error), 0);
  assert_int_equal(query(&error), SOCKET_ERROR);
  assert_int_equal(error, WSANOTINITIALISED);
}

static WSATHREADID thread_in_startup;
static int open_result = UNTOUCHED;
static int close_result = UNTOUCHED;
static void use_upcalls(void)
{
  int error;

  open_result = WPUOpenCurrentThread(&thread_in_startup, &error);
  close_result = WPUCloseThread(&thread_in_startup, &error);
}

static void a_provider_may_use_the_upcalls_in_its_startup(void **state)
{
  WSPPROC_TABLE table;
  DWORD id;
  int error = UNTOUCHED;

  fake_provider_reset();
  fake_provider.in_startup = use_upcalls;
  id = fake_provider_register();
  assert_int_equal(Ws2SpiStartProvider(id, &table, &error), 0);
  assert_int_equal(open_result, 0);
  assert_int_equal(close_result, 0);
  assert_int_equal(Ws2SpiStopProvider(id, &error), 0);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

static int cancel_result;
static BOOL CALLBACK hook_that_cancels(void)
{
  cancel_result = WSACancelBlockingCall();
  return FALSE;
}

/* A hook that was set before the process asked for 2.x still runs, so it can cancel and be
 * removed. */
static void a_hook_set_before_2_x_can_cancel_and_be_removed(void **state)
{
  LPBLOCKINGCALLBACK callback = NULL;
  DWORD_PTR context = 0;
  int error = UNTOUCHED;

  start(MAKEWORD(1, 1));
  assert_non_null(WSASetBlockingHook((FARPROC)hook_that_cancels));
  assert_int_equal(WSACleanup(), 0);
  start(MAKEWORD(2, 2));
  assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error), 0);
  assert_non_null(callback);
  cancel_result = UNTOUCHED;
  assert_false(callback(context));
  assert_int_equal(cancel_result, 0);
  assert_int_equal(WSAUnhookBlockingHook(), 0);
  assert_hooks_refused(WSAEOPNOTSUPP);
  assert_int_equal(WSACleanup(), 0);
}

static void a_new_startup_resets_the_version(void **state)
{
  int error;

  start(MAKEWORD(2, 2));
  assert_hooks_refused(WSAEOPNOTSUPP);
  assert_int_equal(query(&error), 0);
  assert_int_equal(WSACleanup(), 0);
  start(MAKEWORD(1, 1));
  assert_hooks_allowed();
  assert_int_equal(WSACleanup(), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(before_any_startup_hooks_are_allowed),
      cmocka_unit_test(cleanup_without_startup_is_the_systems_error),
      cmocka_unit_test(a_direct_call_of_the_systems_startup_is_not_counted),
      cmocka_unit_test(a_bad_wsadata_is_a_fault_and_starts_nothing),
      cmocka_unit_test(an_unsupported_version_is_the_systems_error_and_counts_nothing),
      cmocka_unit_test(a_process_that_asked_for_2_only_may_not_use_hooks),
      cmocka_unit_test(one_1_x_request_makes_the_process_1_x),
      cmocka_unit_test(a_hook_survives_to_the_next_startup),
      cmocka_unit_test(after_the_last_cleanup_winsock_is_not_initialised),
      cmocka_unit_test(not_initialised_comes_before_an_unknown_entry),
      cmocka_unit_test(the_other_upcalls_that_document_it_are_not_initialised_too),
      cmocka_unit_test(a_started_provider_keeps_the_upcalls_working),
      cmocka_unit_test(a_provider_may_use_the_upcalls_in_its_startup),
      cmocka_unit_test(a_hook_set_before_2_x_can_cancel_and_be_removed),
      cmocka_unit_test(a_new_startup_resets_the_version),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
