/* Ws2SpiGetUpcallTable. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"

enum { ENTRIES = sizeof(WSPUPCALLTABLE) / sizeof(void *), UNTOUCHED = 0x5A5A };

static void it_fills_all_fifteen_members(void **state)
{
  WSPUPCALLTABLE table;
  void *entries[ENTRIES];
  int error = UNTOUCHED;

  memset(&table, 0, sizeof table);
  assert_int_equal(Ws2SpiGetUpcallTable(&table, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(ENTRIES, 15);
  memcpy(entries, &table, sizeof entries);
  for (size_t i = 0; i < ENTRIES; i++) {
    assert_non_null(entries[i]);
    for (size_t j = 0; j < i; j++)
      assert_ptr_not_equal(entries[i], entries[j]);
  }
}

static void two_tables_are_equal(void **state)
{
  WSPUPCALLTABLE first;
  WSPUPCALLTABLE second;
  int error;

  assert_int_equal(Ws2SpiGetUpcallTable(&first, &error), 0);
  assert_int_equal(Ws2SpiGetUpcallTable(&second, &error), 0);
  assert_memory_equal(&first, &second, sizeof first);
}

static void its_members_do_the_same_as_the_functions_by_name(void **state)
{
  WSPUPCALLTABLE table;
  WSATHREADID thread = {NULL, 0};
  WSAEVENT event;
  int error = UNTOUCHED;

  assert_int_equal(Ws2SpiGetUpcallTable(&table, &error), 0);
  event = table.lpWPUCreateEvent(&error);
  assert_non_null(event);
  assert_true(table.lpWPUSetEvent(event, &error));
  assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
  assert_true(table.lpWPUResetEvent(event, &error));
  assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
  assert_true(table.lpWPUCloseEvent(event, &error));
  assert_int_equal(table.lpWPUOpenCurrentThread(&thread, &error), 0);
  assert_int_equal(table.lpWPUCloseThread(&thread, &error), 0);
}

static void a_bad_table_pointer_is_a_fault(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    WSPUPCALLTABLE table;
    int error = UNTOUCHED;

    print_message("pointer: %s\n", bad->kind);
    assert_int_equal(Ws2SpiGetUpcallTable(bad_address(bad), &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    table.lpWPUCloseEvent = NULL;
    assert_int_equal(Ws2SpiGetUpcallTable(&table, bad_address(bad)), SOCKET_ERROR);
    assert_null(table.lpWPUCloseEvent);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_fills_all_fifteen_members),
      cmocka_unit_test(two_tables_are_equal),
      cmocka_unit_test(its_members_do_the_same_as_the_functions_by_name),
      cmocka_unit_test(a_bad_table_pointer_is_a_fault),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
