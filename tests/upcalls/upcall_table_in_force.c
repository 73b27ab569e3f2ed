/* Ws2SpiSetUpcallTable: decision D10. A fake table takes the place of a real Ws2_32's. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"

enum {
  ENTRIES = sizeof(WSPUPCALLTABLE) / sizeof(void *),
  TCP_ENTRY = 1001,
  UNTOUCHED = 0x5A5A,
  CALLERS = 3
};

static unsigned calls;

static WSAEVENT WSPAPI fake_create_event(LPINT lpErrno)
{
  calls++;
  *lpErrno = 77;
  return (WSAEVENT)(uintptr_t)0x1234;
}

static int WSPAPI fake_query(DWORD id, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context,
                             LPINT lpErrno)
{
  calls++;
  *callback = NULL;
  *context = id;
  *lpErrno = 78;
  return 0;
}

static WSPUPCALLTABLE shims_own(void)
{
  WSPUPCALLTABLE table;
  int error;

  assert_int_equal(Ws2SpiGetUpcallTable(&table, &error), 0);
  return table;
}

static WSPUPCALLTABLE foreign_table(void)
{
  WSPUPCALLTABLE table = shims_own();

  table.lpWPUCreateEvent = fake_create_event;
  table.lpWPUQueryBlockingCallback = fake_query;
  return table;
}

static int set(const WSPUPCALLTABLE *table)
{
  int error = UNTOUCHED;
  const int result = Ws2SpiSetUpcallTable(table, &error);

  assert_int_equal(result, error == 0 ? 0 : SOCKET_ERROR);
  return error;
}

static int reset(void **state)
{
  int error;

  calls = 0;
  return Ws2SpiSetUpcallTable(NULL, &error);
}

static BOOL by_name_goes_to_the_fake(void)
{
  int error = 0;
  const unsigned before = calls;
  const WSAEVENT event = WPUCreateEvent(&error);

  if (calls == before)
    WPUCloseEvent(event, &error);
  return calls != before && error == 77 && event == (WSAEVENT)(uintptr_t)0x1234;
}

static BOOL CALLBACK quiet_hook(void)
{
  return FALSE;
}

static void functions_by_name_go_to_the_table_that_was_set(void **state)
{
  const WSPUPCALLTABLE table = foreign_table();
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context = 0;
  int error = 0;

  assert_int_equal(set(&table), 0);
  assert_true(by_name_goes_to_the_fake());
  assert_int_equal(WPUQueryBlockingCallback(4711, &callback, &context, &error), 0);
  assert_int_equal(error, 78);
  assert_int_equal(context, 4711);
}

static void the_last_of_several_tables_counts(void **state)
{
  const WSPUPCALLTABLE first = foreign_table();
  WSPUPCALLTABLE second = foreign_table();
  int error = UNTOUCHED;

  second.lpWPUCreateEvent = shims_own().lpWPUCreateEvent;
  assert_int_equal(set(&first), 0);
  assert_int_equal(set(&second), 0);
  assert_int_equal(set(&first), 0);
  calls = 0;
  assert_true(WPUCreateEvent(&error) == (WSAEVENT)(uintptr_t)0x1234);
  assert_int_equal(calls, 1);
  assert_int_equal(set(&second), 0);
  calls = 0;
  assert_true(WPUCloseEvent(WPUCreateEvent(&error), &error));
  assert_int_equal(calls, 0);
}

static void null_restores_the_own_table(void **state)
{
  const WSPUPCALLTABLE table = foreign_table();

  assert_int_equal(set(&table), 0);
  assert_int_equal(set(NULL), 0);
  assert_false(by_name_goes_to_the_fake());
}

static void setting_the_own_table_changes_nothing(void **state)
{
  const WSPUPCALLTABLE table = shims_own();

  assert_int_equal(set(&table), 0);
  assert_false(by_name_goes_to_the_fake());
}

static void it_does_not_replace_a_table_that_was_set(void **state)
{
  const WSPUPCALLTABLE foreign = foreign_table();
  const WSPUPCALLTABLE own = shims_own();

  assert_int_equal(set(&foreign), 0);
  assert_int_equal(set(&own), 0);
  assert_true(by_name_goes_to_the_fake());
}

static void ws2spigetupcalltable_still_returns_the_own_table(void **state)
{
  const WSPUPCALLTABLE before = shims_own();
  const WSPUPCALLTABLE table = foreign_table();
  WSPUPCALLTABLE after;

  assert_int_equal(set(&table), 0);
  after = shims_own();
  assert_memory_equal(&before, &after, sizeof before);
}

static void a_thread_with_a_hook_queries_this_dll(void **state)
{
  const WSPUPCALLTABLE table = foreign_table();
  LPBLOCKINGCALLBACK callback = NULL;
  DWORD_PTR context = 0;
  int error = UNTOUCHED;

  assert_int_equal(set(&table), 0);
  assert_non_null(WSASetBlockingHook((FARPROC)quiet_hook));
  assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error), 0);
  assert_int_equal(error, UNTOUCHED);
  assert_non_null(callback);
  assert_int_equal(WSAUnhookBlockingHook(), 0);
  assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error), 0);
  assert_int_equal(error, 78);
}

static void a_table_with_any_null_entry_is_refused(void **state)
{
  const WSPUPCALLTABLE good = foreign_table();

  assert_int_equal(set(&good), 0);
  for (size_t i = 0; i < ENTRIES; i++) {
    WSPUPCALLTABLE holed = shims_own();

    memset((char *)&holed + i * sizeof(void *), 0, sizeof(void *));
    assert_int_equal(set(&holed), WSAEINVAL);
    assert_true(by_name_goes_to_the_fake()); /* the table that was set before stays */
  }
}

static void bad_pointers_are_faults_and_change_nothing(void **state)
{
  const WSPUPCALLTABLE table = foreign_table();

  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    print_message("pointer: %s\n", bad->kind);
    if (bad->address != NULL && !bad->readable)
      assert_int_equal(set(bad_address(bad)), WSAEFAULT);
    assert_int_equal(Ws2SpiSetUpcallTable(&table, bad_address(bad)), SOCKET_ERROR);
    assert_false(by_name_goes_to_the_fake());
  }
}

static volatile LONG stop;

static DWORD WINAPI call_by_name(void *parameter)
{
  LONG wrong = 0;

  (void)parameter;
  while (!stop) {
    int error = UNTOUCHED;
    const WSAEVENT event = WPUCreateEvent(&error);

    if (error == UNTOUCHED)
      CloseHandle(event);
    else if (error != 77 || event != (WSAEVENT)(uintptr_t)0x1234)
      wrong++;
  }
  return (DWORD)wrong;
}

static void it_may_be_set_and_reset_while_others_call(void **state)
{
  const WSPUPCALLTABLE table = foreign_table();
  HANDLE threads[CALLERS];

  for (int i = 0; i < CALLERS; i++)
    threads[i] = CreateThread(NULL, 0, call_by_name, NULL, 0, NULL);
  for (int i = 0; i < 20000; i++)
    assert_int_equal(set(i % 2 ? &table : NULL), 0);
  InterlockedExchange(&stop, TRUE);
  assert_int_equal(WaitForMultipleObjects(CALLERS, threads, TRUE, 20000), WAIT_OBJECT_0);
  for (int i = 0; i < CALLERS; i++) {
    DWORD wrong = 1;

    assert_true(GetExitCodeThread(threads[i], &wrong));
    assert_int_equal(wrong, 0);
    CloseHandle(threads[i]);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(functions_by_name_go_to_the_table_that_was_set, reset),
      cmocka_unit_test_teardown(the_last_of_several_tables_counts, reset),
      cmocka_unit_test_teardown(null_restores_the_own_table, reset),
      cmocka_unit_test_teardown(setting_the_own_table_changes_nothing, reset),
      cmocka_unit_test_teardown(it_does_not_replace_a_table_that_was_set, reset),
      cmocka_unit_test_teardown(ws2spigetupcalltable_still_returns_the_own_table, reset),
      cmocka_unit_test_teardown(a_thread_with_a_hook_queries_this_dll, reset),
      cmocka_unit_test_teardown(a_table_with_any_null_entry_is_refused, reset),
      cmocka_unit_test_teardown(bad_pointers_are_faults_and_change_nothing, reset),
      cmocka_unit_test_teardown(it_may_be_set_and_reset_while_others_call, reset),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
