/* WPUQueueApc, WPUOpenCurrentThread, WPUCloseThread: ws2spi/nf-ws2spi-wpuqueueapc. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"

enum { UNTOUCHED = 0x5A5A, LONG_TIME = 20000 };

static struct {
  unsigned runs;
  DWORD_PTR context;
  DWORD thread;
} apc;

static void CALLBACK record_apc(DWORD_PTR context)
{
  apc.runs++;
  apc.context = context;
  apc.thread = GetCurrentThreadId();
}

static int forget_apc(void **state)
{
  memset(&apc, 0, sizeof apc);
  return 0;
}

static WSATHREADID open_current(void)
{
  WSATHREADID thread = {NULL, 0};
  int error = UNTOUCHED;

  assert_int_equal(WPUOpenCurrentThread(&thread, &error), 0);
  assert_int_equal(error, UNTOUCHED);
  return thread;
}

static void close_thread(WSATHREADID *thread)
{
  int error = UNTOUCHED;

  assert_int_equal(WPUCloseThread(thread, &error), 0);
  assert_int_equal(error, UNTOUCHED);
}

static void opening_gives_a_real_handle_of_this_thread(void **state)
{
  WSATHREADID thread = open_current();

  assert_int_equal(GetThreadId(thread.ThreadHandle), GetCurrentThreadId());
  close_thread(&thread);
}

static void closing_clears_the_id_so_that_a_second_close_fails(void **state)
{
  WSATHREADID thread = open_current();
  int error = UNTOUCHED;

  close_thread(&thread);
  assert_null(thread.ThreadHandle);
  assert_int_equal(WPUCloseThread(&thread, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
}

static void an_apc_runs_in_an_alertable_wait_with_its_context(void **state)
{
  const DWORD_PTR context = (DWORD_PTR)-5; /* all bits of a pointer */
  WSATHREADID thread = open_current();
  int error = UNTOUCHED;

  assert_int_equal(WPUQueueApc(&thread, record_apc, context, &error), 0);
  assert_int_equal(error, UNTOUCHED);
  assert_int_equal(apc.runs, 0);
  assert_int_equal(SleepEx(0, TRUE), WAIT_IO_COMPLETION);
  assert_int_equal(apc.runs, 1);
  assert_true(apc.context == context);
  close_thread(&thread);
}

struct sleeper {
  HANDLE ready;
  WSATHREADID id;
};

static DWORD WINAPI sleep_alertably(void *parameter)
{
  struct sleeper *sleeper = parameter;
  int error;

  WPUOpenCurrentThread(&sleeper->id, &error);
  SetEvent(sleeper->ready);
  return SleepEx(LONG_TIME, TRUE);
}

static void an_apc_reaches_another_thread_through_a_copy_of_its_id(void **state)
{
  struct sleeper sleeper = {CreateEventW(NULL, TRUE, FALSE, NULL), {NULL, 0}};
  WSATHREADID copy;
  DWORD thread_id;
  DWORD exit_code = 0;
  int error = UNTOUCHED;
  HANDLE thread = CreateThread(NULL, 0, sleep_alertably, &sleeper, 0, &thread_id);

  assert_int_equal(WaitForSingleObject(sleeper.ready, LONG_TIME), WAIT_OBJECT_0);
  copy = sleeper.id;
  memset(&sleeper.id, 0, sizeof sleeper.id);
  assert_int_equal(WPUQueueApc(&copy, record_apc, 7, &error), 0);
  assert_int_equal(WaitForSingleObject(thread, LONG_TIME), WAIT_OBJECT_0);
  GetExitCodeThread(thread, &exit_code);
  assert_int_equal(exit_code, WAIT_IO_COMPLETION);
  assert_int_equal(apc.thread, thread_id);
  assert_int_equal(apc.context, 7);
  CloseHandle(thread);
  CloseHandle(sleeper.ready);
  close_thread(&copy);
}

static void a_handle_of_another_object_is_no_thread_id(void **state)
{
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  WSATHREADID invalid[] = {{NULL, 0}, {event, 0}, {(HANDLE)(uintptr_t)0xDEADBEE0, 0}};

  for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
    int error = UNTOUCHED;

    assert_int_equal(WPUQueueApc(&invalid[i], record_apc, 0, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    error = UNTOUCHED;
    assert_int_equal(WPUCloseThread(&invalid[i], &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
  }
  assert_true(SetEvent(event)); /* the handle was not closed */
  CloseHandle(event);
}

static void an_apc_that_is_not_code_is_a_fault(void **state)
{
  WSATHREADID thread = open_current();
  int error = UNTOUCHED;

  assert_int_equal(WPUQueueApc(&thread, NULL, 0, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  error = UNTOUCHED;
  assert_int_equal(WPUQueueApc(&thread, (LPWSAUSERAPC)(uintptr_t)&apc, 0, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(SleepEx(0, TRUE), 0);
  close_thread(&thread);
}

static DWORD WINAPI open_own(void *thread)
{
  int error;

  return (DWORD)WPUOpenCurrentThread(thread, &error);
}

static void an_apc_for_a_thread_that_has_ended_is_a_fault(void **state)
{
  WSATHREADID ended = {NULL, 0};
  const HANDLE thread = CreateThread(NULL, 0, open_own, &ended, 0, NULL);
  int error = UNTOUCHED;

  assert_int_equal(WaitForSingleObject(thread, LONG_TIME), WAIT_OBJECT_0);
  CloseHandle(thread);
  assert_non_null(ended.ThreadHandle);
  assert_int_equal(WPUQueueApc(&ended, record_apc, 0, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  close_thread(&ended);
}

static void a_thread_id_that_cannot_be_cleared_is_not_closed(void **state)
{
  const WSATHREADID thread = open_current();
  WSATHREADID *const fixed =
      VirtualAlloc(NULL, sizeof thread, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
  int error = UNTOUCHED;
  DWORD old;

  assert_non_null(fixed);
  *fixed = thread;
  assert_true(VirtualProtect(fixed, sizeof thread, PAGE_READONLY, &old));
  assert_int_equal(WPUCloseThread(fixed, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(GetThreadId(thread.ThreadHandle), GetCurrentThreadId());
  assert_true(VirtualProtect(fixed, sizeof thread, PAGE_READWRITE, &old));
  close_thread(fixed);
  VirtualFree(fixed, 0, MEM_RELEASE);
}

static void a_bad_thread_id_pointer_is_a_fault(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    int error = UNTOUCHED;

    print_message("thread id: %s\n", bad->kind);
    assert_int_equal(WPUOpenCurrentThread(bad_address(bad), &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    error = UNTOUCHED;
    assert_int_equal(WPUCloseThread(bad_address(bad), &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    error = UNTOUCHED;
    assert_int_equal(WPUQueueApc(bad_address(bad), record_apc, 0, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
  }
}

static void a_bad_error_pointer_fails_and_does_nothing(void **state)
{
  WSATHREADID thread = open_current();
  const HANDLE handle = thread.ThreadHandle;

  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    WSATHREADID untouched = {(HANDLE)(uintptr_t)UNTOUCHED, UNTOUCHED};

    print_message("error pointer: %s\n", bad->kind);
    assert_int_equal(WPUQueueApc(&thread, record_apc, 0, bad_address(bad)), SOCKET_ERROR);
    assert_int_equal(SleepEx(0, TRUE), 0);
    assert_int_equal(WPUOpenCurrentThread(&untouched, bad_address(bad)), SOCKET_ERROR);
    assert_true(untouched.ThreadHandle == (HANDLE)(uintptr_t)UNTOUCHED);
    assert_int_equal(WPUCloseThread(&thread, bad_address(bad)), SOCKET_ERROR);
    assert_ptr_equal(thread.ThreadHandle, handle);
  }
  close_thread(&thread);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(opening_gives_a_real_handle_of_this_thread),
      cmocka_unit_test(closing_clears_the_id_so_that_a_second_close_fails),
      cmocka_unit_test_setup(an_apc_runs_in_an_alertable_wait_with_its_context, forget_apc),
      cmocka_unit_test_setup(an_apc_reaches_another_thread_through_a_copy_of_its_id, forget_apc),
      cmocka_unit_test(a_handle_of_another_object_is_no_thread_id),
      cmocka_unit_test(an_apc_that_is_not_code_is_a_fault),
      cmocka_unit_test(an_apc_for_a_thread_that_has_ended_is_a_fault),
      cmocka_unit_test(a_thread_id_that_cannot_be_cleared_is_not_closed),
      cmocka_unit_test(a_bad_thread_id_pointer_is_a_fault),
      cmocka_unit_test(a_bad_error_pointer_fails_and_does_nothing),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
