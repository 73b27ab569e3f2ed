/* WPUCreateSocketHandle, WPUQuerySocketHandleContext, WPUCloseSocketHandle:
 * ws2spi/nf-ws2spi-wpucreatesockethandle and the pages of the others. */
#include "support/cmocka_headers.h"

#include "sockets/nonifs_entry.h"
#include "support/bad_memory.h"
#include "support/process_resources.h"

enum { MANY = 10000 };

static void assert_not_one(SOCKET s)
{
  DWORD_PTR context;
  int error;

  assert_int_equal(query_context(s, &context, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
  assert_int_equal(context, UNTOUCHED);
  error = UNTOUCHED;
  assert_int_equal(WPUCloseSocketHandle(s, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
}

static void a_handle_keeps_its_context_until_it_is_closed(void **state)
{
  const SOCKET s = new_handle(0x1234567);
  DWORD_PTR context;
  int error;

  assert_int_equal(query_context(s, &context, &error), 0);
  assert_int_equal(error, UNTOUCHED);
  assert_int_equal(context, 0x1234567);
  close_handle(s);
  assert_not_one(s);
}

static void any_context_is_kept(void **state)
{
  const DWORD_PTR contexts[] = {0, 1, ~(DWORD_PTR)0, (DWORD_PTR)&contexts};
  DWORD_PTR context;
  int error;

  for (size_t i = 0; i < sizeof contexts / sizeof contexts[0]; i++) {
    const SOCKET s = new_handle(contexts[i]);

    assert_int_equal(query_context(s, &context, &error), 0);
    assert_true(context == contexts[i]);
    close_handle(s);
  }
}

static void assert_no_handle_for(DWORD id, int expected)
{
  int error = UNTOUCHED;

  assert_true(WPUCreateSocketHandle(id, 1, &error) == INVALID_SOCKET);
  assert_int_equal(error, expected);
}

static void an_unknown_entry_gets_no_handle(void **state)
{
  assert_no_handle_for(UNKNOWN_ENTRY, WSAEINVAL);
  assert_no_handle_for(0, WSAEINVAL);
}

static void an_entry_with_ifs_handles_gets_no_handle(void **state)
{
  assert_no_handle_for(IFS_ENTRY, WSAEINVAL);
}

static void closing_other_handles_fails_with_wsaenotsock(void **state)
{
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

  assert_not_one(0);
  assert_not_one(INVALID_SOCKET);
  assert_not_one(0xDEADBEE0);
  assert_not_one((SOCKET)event);
  CloseHandle(event);
}

static void an_ifs_handle_has_no_context(void **state)
{
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  int error;

  assert_true(WPUModifyIFSHandle(IFS_ENTRY, (SOCKET)event, &error) == (SOCKET)event);
  assert_not_one((SOCKET)event);
  CloseHandle(event);
}

static void a_made_handle_is_no_ifs_handle(void **state)
{
  const SOCKET s = new_handle(7);
  DWORD_PTR context;
  int error = UNTOUCHED;

  assert_true(WPUModifyIFSHandle(IFS_ENTRY, s, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(query_context(s, &context, &error), 0);
  assert_int_equal(context, 7);
  close_handle(s);
}

/* The system soon reuses the value of a closed handle. The record of an IFS handle that was
 * closed directly must not prevent a new handle with the same value. */
static void a_reused_value_is_a_new_handle(void **state)
{
  HANDLE events[64];
  DWORD_PTR context;
  int error;

  for (int i = 0; i < 64; i++) {
    events[i] = CreateEventW(NULL, TRUE, FALSE, NULL);
    assert_true(WPUModifyIFSHandle(IFS_ENTRY, (SOCKET)events[i], &error) == (SOCKET)events[i]);
  }
  for (int i = 0; i < 64; i++)
    CloseHandle(events[i]);
  for (DWORD_PTR i = 0; i < 64; i++) {
    const SOCKET s = new_handle(i);

    assert_int_equal(query_context(s, &context, &error), 0);
    assert_int_equal(context, i);
    close_handle(s);
    assert_not_one(s);
  }
}

/* A program can remove the protection and close a made handle directly. The lower free value is
 * for the device, which is opened first. */
static void a_reused_value_of_a_made_handle_is_a_new_handle(void **state)
{
  const HANDLE below = CreateEventW(NULL, TRUE, FALSE, NULL);
  SOCKET s[2];
  DWORD_PTR context;
  int error;

  s[0] = new_handle(1);
  assert_true(SetHandleInformation((HANDLE)s[0], HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
  CloseHandle((HANDLE)s[0]);
  CloseHandle(below);
  s[1] = new_handle(2);
  if (s[1] != s[0]) {
    print_message("the system gave another value\n");
    close_handle(s[0]);
    close_handle(s[1]);
    skip();
  }
  assert_int_equal(query_context(s[1], &context, &error), 0);
  assert_int_equal(context, 2);
  close_handle(s[1]);
  assert_not_one(s[1]);
}

/* A program removes the protection and closes the handle. If another object has got its value,
 * this DLL must not close that. */
static void an_object_with_the_value_of_a_closed_handle_stays_open(void **state)
{
  const SOCKET s = new_handle(1);
  enum { MOST_EVENTS = 10000 };
  static HANDLE events[MOST_EVENTS];
  int count = 0, error;

  assert_true(SetHandleInformation((HANDLE)s, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
  assert_true(CloseHandle((HANDLE)s));
  do
    events[count] = CreateEventW(NULL, TRUE, TRUE, NULL);
  while (events[count++] != (HANDLE)s && count < MOST_EVENTS);
  assert_ptr_equal(events[count - 1], (HANDLE)s);
  assert_int_equal(WPUCloseSocketHandle(s, &error), 0);
  assert_not_one(s);
  assert_int_equal(WaitForSingleObject((HANDLE)s, 0), WAIT_OBJECT_0);
  while (count > 0)
    assert_true(CloseHandle(events[--count]));
}

static void ten_thousand_handles_come_and_go_without_growth(void **state)
{
  static SOCKET s[MANY];
  size_t handles, blocks;
  DWORD_PTR context;
  int error;

  for (int round = 0; round < 2; round++) {
    /* After the first round the tables have their full size. */
    if (round == 1) {
      handles = open_handles();
      blocks = heap_blocks();
    }
    for (DWORD_PTR i = 0; i < MANY; i++)
      s[i] = new_handle(i);
    for (DWORD_PTR i = 0; i < MANY; i++) {
      assert_int_equal(query_context(s[i], &context, &error), 0);
      assert_int_equal(context, i);
    }
    for (DWORD_PTR i = 0; i < MANY; i++)
      close_handle(s[i]);
  }
  assert_true(handles > 0);
  assert_int_equal(open_handles(), handles);
  assert_int_equal(heap_blocks(), blocks);
}

static void a_bad_error_pointer_does_nothing(void **state)
{
  const SOCKET s = new_handle(3);
  DWORD_PTR context = UNTOUCHED;
  int error;

  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    assert_true(WPUCreateSocketHandle(nonifs_entry, 1, bad_address(bad)) == INVALID_SOCKET);
    assert_int_equal(WPUCloseSocketHandle(s, bad_address(bad)), SOCKET_ERROR);
    assert_int_equal(WPUQuerySocketHandleContext(s, &context, bad_address(bad)), SOCKET_ERROR);
    assert_int_equal(context, UNTOUCHED);
  }
  assert_int_equal(query_context(s, &context, &error), 0);
  assert_int_equal(context, 3);
  close_handle(s);
}

static void a_bad_context_pointer_is_a_fault(void **state)
{
  const SOCKET s = new_handle(3);

  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    int error = UNTOUCHED;

    assert_int_equal(WPUQuerySocketHandleContext(s, bad_address(bad), &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
  }
  close_handle(s);
}

static void the_upcall_table_has_the_same_functions(void **state)
{
  WSPUPCALLTABLE table;
  DWORD_PTR context = UNTOUCHED;
  int error = UNTOUCHED;
  SOCKET s;

  assert_int_equal(Ws2SpiGetUpcallTable(&table, &error), 0);
  error = UNTOUCHED;
  s = table.lpWPUCreateSocketHandle(nonifs_entry, 5, &error);
  assert_true(s != INVALID_SOCKET);
  assert_int_equal(table.lpWPUQuerySocketHandleContext(s, &context, &error), 0);
  assert_int_equal(context, 5);
  assert_int_equal(table.lpWPUCloseSocketHandle(s, &error), 0);
  assert_int_equal(error, UNTOUCHED);
  assert_not_one(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_handle_keeps_its_context_until_it_is_closed),
      cmocka_unit_test(any_context_is_kept),
      cmocka_unit_test(an_unknown_entry_gets_no_handle),
      cmocka_unit_test(an_entry_with_ifs_handles_gets_no_handle),
      cmocka_unit_test(closing_other_handles_fails_with_wsaenotsock),
      cmocka_unit_test(an_ifs_handle_has_no_context),
      cmocka_unit_test(a_made_handle_is_no_ifs_handle),
      cmocka_unit_test(a_reused_value_is_a_new_handle),
      cmocka_unit_test(a_reused_value_of_a_made_handle_is_a_new_handle),
      cmocka_unit_test(an_object_with_the_value_of_a_closed_handle_stays_open),
      cmocka_unit_test(ten_thousand_handles_come_and_go_without_growth),
      cmocka_unit_test(a_bad_error_pointer_does_nothing),
      cmocka_unit_test(a_bad_context_pointer_is_a_fault),
      cmocka_unit_test(the_upcall_table_has_the_same_functions),
  };

  return cmocka_run_group_tests(tests, register_nonifs_entry, unregister_nonifs_entry);
}
