/* WPUModifyIFSHandle: ws2spi/nf-ws2spi-wpumodifyifshandle. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"

enum { TCP_ENTRY = 1001, UDP_ENTRY = 1002, UNKNOWN_ENTRY = 999999, UNTOUCHED = 0x5A5A };

static SOCKET modify(DWORD id, SOCKET proposed, int *error)
{
  *error = UNTOUCHED;
  return WPUModifyIFSHandle(id, proposed, error);
}

/* Any kernel handle will do: only the handle is checked, not its object. */
static SOCKET a_handle(void)
{
  return (SOCKET)CreateEventW(NULL, TRUE, FALSE, NULL);
}

static void the_handle_is_returned_unchanged(void **state)
{
  const SOCKET handle = a_handle();
  int error;

  assert_true(modify(TCP_ENTRY, handle, &error) == handle);
  assert_int_equal(error, UNTOUCHED);
  CloseHandle((HANDLE)handle);
}

static void each_layer_of_a_chain_may_record_the_same_handle(void **state)
{
  const SOCKET handle = a_handle();
  int error;

  assert_true(modify(TCP_ENTRY, handle, &error) == handle);
  assert_true(modify(UDP_ENTRY, handle, &error) == handle);
  assert_int_equal(error, UNTOUCHED);
  CloseHandle((HANDLE)handle);
}

static void an_unknown_entry_is_invalid(void **state)
{
  const SOCKET handle = a_handle();
  int error;

  assert_true(modify(UNKNOWN_ENTRY, handle, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEINVAL);
  CloseHandle((HANDLE)handle);
}

static void a_value_that_is_no_handle_is_invalid(void **state)
{
  const SOCKET closed = a_handle();
  const SOCKET invalid[] = {0, INVALID_SOCKET, closed, 0xDEADBEE0};
  int error;

  CloseHandle((HANDLE)closed);
  for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
    assert_true(modify(TCP_ENTRY, invalid[i], &error) == INVALID_SOCKET);
    assert_int_equal(error, WSAEINVAL);
  }
}

static void ten_thousand_handles_can_be_recorded(void **state)
{
  static SOCKET handles[10000];
  int error;

  for (size_t i = 0; i < 10000; i++) {
    handles[i] = a_handle();
    assert_true(modify(TCP_ENTRY, handles[i], &error) == handles[i]);
  }
  for (size_t i = 0; i < 10000; i++)
    CloseHandle((HANDLE)handles[i]);
}

static void a_bad_error_pointer_fails(void **state)
{
  const SOCKET handle = a_handle();

  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    print_message("error pointer: %s\n", bad->kind);
    assert_true(WPUModifyIFSHandle(TCP_ENTRY, handle, bad_address(bad)) == INVALID_SOCKET);
  }
  CloseHandle((HANDLE)handle);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_handle_is_returned_unchanged),
      cmocka_unit_test(each_layer_of_a_chain_may_record_the_same_handle),
      cmocka_unit_test(an_unknown_entry_is_invalid),
      cmocka_unit_test(a_value_that_is_no_handle_is_invalid),
      cmocka_unit_test(ten_thousand_handles_can_be_recorded),
      cmocka_unit_test(a_bad_error_pointer_fails),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
