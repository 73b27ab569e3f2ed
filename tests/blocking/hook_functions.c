/* WSASetBlockingHook, WSAUnhookBlockingHook, WSAIsBlocking: the 1.1 specification, decision D5. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"

enum { TCP_ENTRY = 1001, UNTOUCHED = 0x5A5A };

static struct {
  FARPROC set;
  DWORD set_error;
  int unhook;
  DWORD unhook_error;
  int cleanup;
  DWORD cleanup_error;
  int startup;
  BOOL is_blocking;
} inside;

static BOOL CALLBACK first_hook(void)
{
  return FALSE;
}

static BOOL CALLBACK second_hook(void)
{
  return FALSE;
}

static BOOL CALLBACK hook_that_tries_everything(void)
{
  WSADATA data;

  SetLastError(UNTOUCHED);
  inside.set = WSASetBlockingHook((FARPROC)first_hook);
  inside.set_error = GetLastError();
  SetLastError(UNTOUCHED);
  inside.unhook = WSAUnhookBlockingHook();
  inside.unhook_error = GetLastError();
  SetLastError(UNTOUCHED);
  inside.cleanup = WSACleanup();
  inside.cleanup_error = GetLastError();
  inside.startup = WSAStartup(MAKEWORD(1, 1), &data);
  inside.is_blocking = WSAIsBlocking();
  return FALSE;
}

static void run_one_operation(void)
{
  LPBLOCKINGCALLBACK callback = NULL;
  DWORD_PTR context = 0;
  int error = -1;

  assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error), 0);
  assert_non_null(callback);
  assert_true(callback(context));
}

static int unhook(void **state)
{
  return WSAUnhookBlockingHook();
}

static void the_first_hook_returns_a_callable_default(void **state)
{
  FARPROC previous;

  previous = WSASetBlockingHook((FARPROC)first_hook);
  assert_non_null(previous);
  assert_ptr_not_equal(previous, first_hook);
  /* The thread has no message, so the default hook does nothing. */
  assert_int_equal((int)previous(), FALSE);
}

static void the_default_hook_dispatches_one_message_a_run(void **state)
{
  FARPROC default_hook;
  MSG message;

  PeekMessageW(&message, NULL, 0, 0, PM_NOREMOVE);
  default_hook = WSASetBlockingHook((FARPROC)first_hook);
  assert_true(PostThreadMessageW(GetCurrentThreadId(), WM_APP, 0, 0));
  assert_true(PostThreadMessageW(GetCurrentThreadId(), WM_APP, 0, 0));
  assert_int_equal((int)default_hook(), TRUE);
  assert_int_equal((int)default_hook(), TRUE);
  assert_int_equal((int)default_hook(), FALSE);
}

static void each_hook_returns_the_one_before(void **state)
{
  assert_non_null(WSASetBlockingHook((FARPROC)first_hook));
  assert_ptr_equal(WSASetBlockingHook((FARPROC)second_hook), first_hook);
  assert_ptr_equal(WSASetBlockingHook((FARPROC)second_hook), second_hook);
  assert_ptr_equal(WSASetBlockingHook((FARPROC)first_hook), second_hook);
}

static void setting_the_default_hook_removes_the_hook(void **state)
{
  LPBLOCKINGCALLBACK callback = (LPBLOCKINGCALLBACK)(uintptr_t)UNTOUCHED;
  DWORD_PTR context;
  int error;
  FARPROC default_hook;

  default_hook = WSASetBlockingHook((FARPROC)first_hook);
  assert_ptr_equal(WSASetBlockingHook(default_hook), first_hook);
  assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error), 0);
  assert_null(callback);
  assert_ptr_equal(WSASetBlockingHook((FARPROC)second_hook), default_hook);
}

static FARPROC handed_to_thread;
static FARPROC thread_got;

static DWORD WINAPI hand_the_default_back(void *unused)
{
  (void)unused;
  thread_got = WSASetBlockingHook(handed_to_thread);
  return 0;
}

static void the_default_can_be_set_where_there_is_no_hook(void **state)
{
  HANDLE thread;

  handed_to_thread = WSASetBlockingHook((FARPROC)first_hook);
  thread_got = NULL;
  thread = CreateThread(NULL, 0, hand_the_default_back, NULL, 0, NULL);
  assert_int_equal(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
  CloseHandle(thread);
  assert_ptr_equal(thread_got, handed_to_thread);
}

static void unhooking_restores_the_default_not_the_previous_hook(void **state)
{
  FARPROC default_hook;

  default_hook = WSASetBlockingHook((FARPROC)first_hook);
  WSASetBlockingHook((FARPROC)second_hook);
  assert_int_equal(WSAUnhookBlockingHook(), 0);
  assert_ptr_equal(WSASetBlockingHook((FARPROC)first_hook), default_hook);
}

static void unhooking_without_a_hook_succeeds(void **state)
{
  assert_int_equal(WSAUnhookBlockingHook(), 0);
  assert_int_equal(WSAUnhookBlockingHook(), 0);
}

static void a_hook_that_is_not_code_fails_and_the_old_hook_stays(void **state)
{
  WSASetBlockingHook((FARPROC)first_hook);
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    if (strcmp(bad->kind, "code") == 0)
      continue;
    print_message("hook: %s\n", bad->kind);
    SetLastError(UNTOUCHED);
    assert_null(WSASetBlockingHook((FARPROC)(uintptr_t)bad_address(bad)));
    assert_int_equal(GetLastError(), WSAEFAULT);
  }
  assert_ptr_equal(WSASetBlockingHook((FARPROC)second_hook), first_hook);
}

static void inside_a_hook_all_but_is_blocking_are_in_progress(void **state)
{
  WSASetBlockingHook((FARPROC)hook_that_tries_everything);
  run_one_operation();
  assert_null(inside.set);
  assert_int_equal(inside.set_error, WSAEINPROGRESS);
  assert_int_equal(inside.unhook, SOCKET_ERROR);
  assert_int_equal(inside.unhook_error, WSAEINPROGRESS);
  assert_int_equal(inside.cleanup, SOCKET_ERROR);
  assert_int_equal(inside.cleanup_error, WSAEINPROGRESS);
  assert_int_equal(inside.startup, WSAEINPROGRESS);
  assert_true(inside.is_blocking);
  assert_ptr_equal(WSASetBlockingHook((FARPROC)first_hook), hook_that_tries_everything);
}

static void is_blocking_is_false_outside_and_sets_no_error(void **state)
{
  WSASetBlockingHook((FARPROC)first_hook);
  run_one_operation();
  SetLastError(UNTOUCHED);
  assert_false(WSAIsBlocking());
  assert_int_equal(GetLastError(), UNTOUCHED);
}

static void a_hook_persists_over_operations(void **state)
{
  WSASetBlockingHook((FARPROC)first_hook);
  for (int i = 0; i < 10; i++)
    run_one_operation();
  assert_ptr_equal(WSASetBlockingHook((FARPROC)second_hook), first_hook);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(the_first_hook_returns_a_callable_default, unhook),
      cmocka_unit_test_teardown(the_default_hook_dispatches_one_message_a_run, unhook),
      cmocka_unit_test_teardown(each_hook_returns_the_one_before, unhook),
      cmocka_unit_test_teardown(setting_the_default_hook_removes_the_hook, unhook),
      cmocka_unit_test_teardown(the_default_can_be_set_where_there_is_no_hook, unhook),
      cmocka_unit_test_teardown(unhooking_restores_the_default_not_the_previous_hook, unhook),
      cmocka_unit_test(unhooking_without_a_hook_succeeds),
      cmocka_unit_test_teardown(a_hook_that_is_not_code_fails_and_the_old_hook_stays, unhook),
      cmocka_unit_test_teardown(inside_a_hook_all_but_is_blocking_are_in_progress, unhook),
      cmocka_unit_test_teardown(is_blocking_is_false_outside_and_sets_no_error, unhook),
      cmocka_unit_test_teardown(a_hook_persists_over_operations, unhook),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
