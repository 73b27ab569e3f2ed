/* WPUQueryBlockingCallback: ws2spi/nf-ws2spi-wpuqueryblockingcallback, decision D1. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"

enum { TCP_ENTRY = 1001, UNKNOWN_ENTRY = 999999 };

static const LPBLOCKINGCALLBACK PRIMED_CALLBACK = (LPBLOCKINGCALLBACK)(uintptr_t)0x5A5A5A5A;
static const DWORD_PTR PRIMED_CONTEXT = 0x5A5A5A5A;
static const int PRIMED_ERROR = 0x5A5A;

struct answer {
  int result;
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error;
};

static struct answer query(DWORD id)
{
  struct answer answer = {-2, PRIMED_CALLBACK, PRIMED_CONTEXT, PRIMED_ERROR};

  answer.result = WPUQueryBlockingCallback(id, &answer.callback, &answer.context, &answer.error);
  return answer;
}

static void assert_refused(struct answer answer, int error)
{
  assert_int_equal(answer.result, SOCKET_ERROR);
  assert_int_equal(answer.error, error);
  assert_null(answer.callback);
  assert_int_equal(answer.context, 0);
}

static struct answer answer_inside;

static BOOL CALLBACK hook_that_queries(void)
{
  answer_inside = query(TCP_ENTRY);
  return FALSE;
}

static BOOL CALLBACK hook_that_queries_an_unknown_entry(void)
{
  answer_inside = query(UNKNOWN_ENTRY);
  return FALSE;
}

static BOOL CALLBACK quiet_hook(void)
{
  return FALSE;
}

static int unhook(void **state)
{
  return WSAUnhookBlockingHook();
}

static void without_a_hook_it_succeeds_with_no_callback(void **state)
{
  const struct answer answer = query(TCP_ENTRY);

  assert_int_equal(answer.result, 0);
  assert_int_equal(answer.error, PRIMED_ERROR);
  assert_null(answer.callback);
  assert_int_equal(answer.context, 0);
}

static void with_a_hook_it_returns_a_callback_and_a_context(void **state)
{
  struct answer answer;

  assert_non_null(WSASetBlockingHook((FARPROC)quiet_hook));
  answer = query(TCP_ENTRY);
  assert_int_equal(answer.result, 0);
  assert_int_equal(answer.error, PRIMED_ERROR);
  assert_non_null(answer.callback);
  assert_true(answer.callback != PRIMED_CALLBACK);
  assert_true(answer.context != 0 && answer.context != PRIMED_CONTEXT);
  assert_true(answer.callback(answer.context));
}

static void every_base_entry_is_known(void **state)
{
  for (DWORD id = 1001; id <= 1006; id++)
    assert_int_equal(query(id).result, 0);
  assert_refused(query(1000), WSAEINVAL);
  assert_refused(query(1007), WSAEINVAL);
}

static void an_unknown_entry_is_refused_with_and_without_a_hook(void **state)
{
  static const DWORD unknown[] = {0, 1, 1000, UNKNOWN_ENTRY, 0x7FFFFFFF, 0xFFFFFFFF};

  for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
    assert_refused(query(unknown[i]), WSAEINVAL);
  assert_non_null(WSASetBlockingHook((FARPROC)quiet_hook));
  for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
    assert_refused(query(unknown[i]), WSAEINVAL);
}

static void inside_the_callback_it_is_in_progress(void **state)
{
  struct answer answer;

  assert_non_null(WSASetBlockingHook((FARPROC)hook_that_queries));
  answer = query(TCP_ENTRY);
  assert_true(answer.callback(answer.context));
  assert_refused(answer_inside, WSAEINPROGRESS);
  /* The failed query did not end the operation that was current. */
  assert_true(answer.callback(answer.context));
}

static void an_unknown_entry_comes_before_in_progress(void **state)
{
  struct answer answer;

  assert_non_null(WSASetBlockingHook((FARPROC)hook_that_queries_an_unknown_entry));
  answer = query(TCP_ENTRY);
  assert_true(answer.callback(answer.context));
  assert_refused(answer_inside, WSAEINVAL);
}

static void a_bad_callback_pointer_is_a_fault(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    DWORD_PTR context = PRIMED_CONTEXT;
    int error = PRIMED_ERROR;

    print_message("callback pointer: %s\n", bad->kind);
    assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, bad_address(bad), &context, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(context, 0);
  }
}

static void a_bad_context_pointer_is_a_fault(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    LPBLOCKINGCALLBACK callback = PRIMED_CALLBACK;
    int error = PRIMED_ERROR;

    print_message("context pointer: %s\n", bad->kind);
    assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, &callback, bad_address(bad), &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_null(callback);
  }
}

static void a_bad_error_pointer_fails_without_a_code(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    LPBLOCKINGCALLBACK callback = PRIMED_CALLBACK;
    DWORD_PTR context = PRIMED_CONTEXT;

    print_message("error pointer: %s\n", bad->kind);
    assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, bad_address(bad)),
                     SOCKET_ERROR);
    assert_null(callback);
    assert_int_equal(context, 0);
  }
}

static void a_bad_pointer_comes_before_an_unknown_entry(void **state)
{
  DWORD_PTR context = PRIMED_CONTEXT;
  int error = PRIMED_ERROR;

  assert_int_equal(WPUQueryBlockingCallback(UNKNOWN_ENTRY, NULL, &context, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
}

static unsigned runs;
static BOOL CALLBACK counting_hook(void)
{
  runs++;
  return FALSE;
}

static void a_bad_pointer_leaves_the_current_operation_unchanged(void **state)
{
  struct answer answer;
  int error = PRIMED_ERROR;

  assert_non_null(WSASetBlockingHook((FARPROC)counting_hook));
  answer = query(TCP_ENTRY);
  assert_int_equal(Ws2SpiCancelBlockingCall(GetCurrentThreadId(), &error), 0);
  assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, NULL, NULL, &error), SOCKET_ERROR);
  runs = 0;
  /* It is still current and still cancelled. */
  assert_false(answer.callback(answer.context));
  assert_int_equal(runs, 0);
}

static void pointers_at_the_end_of_a_page_are_good(void **state)
{
  LPBLOCKINGCALLBACK *callback = end_of_page(sizeof *callback);
  PDWORD_PTR context = end_of_page(sizeof *context);
  int *error = end_of_page(sizeof *error);

  *callback = PRIMED_CALLBACK;
  assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, callback, context, error), 0);
  assert_null(*callback);
}

static DWORD WINAPI query_on_another_thread(void *parameter)
{
  *(struct answer *)parameter = query(TCP_ENTRY);
  return 0;
}

static void a_hook_belongs_to_one_thread(void **state)
{
  struct answer answer = {0};
  HANDLE thread;

  assert_non_null(WSASetBlockingHook((FARPROC)quiet_hook));
  thread = CreateThread(NULL, 0, query_on_another_thread, &answer, 0, NULL);
  assert_int_equal(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
  CloseHandle(thread);
  assert_int_equal(answer.result, 0);
  assert_null(answer.callback);
}

static void it_works_through_the_upcall_table_as_by_name(void **state)
{
  WSPUPCALLTABLE table;
  struct answer answer = {-2, PRIMED_CALLBACK, PRIMED_CONTEXT, PRIMED_ERROR};
  int error = PRIMED_ERROR;

  assert_int_equal(Ws2SpiGetUpcallTable(&table, &error), 0);
  assert_non_null(WSASetBlockingHook((FARPROC)quiet_hook));
  answer.result =
      table.lpWPUQueryBlockingCallback(TCP_ENTRY, &answer.callback, &answer.context, &answer.error);
  assert_int_equal(answer.result, 0);
  assert_int_equal(answer.error, PRIMED_ERROR);
  assert_ptr_equal(answer.callback, query(TCP_ENTRY).callback);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_a_hook_it_succeeds_with_no_callback),
      cmocka_unit_test_teardown(with_a_hook_it_returns_a_callback_and_a_context, unhook),
      cmocka_unit_test(every_base_entry_is_known),
      cmocka_unit_test_teardown(an_unknown_entry_is_refused_with_and_without_a_hook, unhook),
      cmocka_unit_test_teardown(inside_the_callback_it_is_in_progress, unhook),
      cmocka_unit_test_teardown(an_unknown_entry_comes_before_in_progress, unhook),
      cmocka_unit_test(a_bad_callback_pointer_is_a_fault),
      cmocka_unit_test(a_bad_context_pointer_is_a_fault),
      cmocka_unit_test(a_bad_error_pointer_fails_without_a_code),
      cmocka_unit_test(a_bad_pointer_comes_before_an_unknown_entry),
      cmocka_unit_test_teardown(a_bad_pointer_leaves_the_current_operation_unchanged, unhook),
      cmocka_unit_test(pointers_at_the_end_of_a_page_are_good),
      cmocka_unit_test_teardown(a_hook_belongs_to_one_thread, unhook),
      cmocka_unit_test_teardown(it_works_through_the_upcall_table_as_by_name, unhook),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
