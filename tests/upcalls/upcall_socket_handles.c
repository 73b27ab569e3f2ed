/* The upcalls for non-IFS providers are not built yet. Each answers with its page's
 * error (ws2spi/nf-ws2spi-wpucreatesockethandle). When one is built, its test here fails. */
#include "support/cmocka_headers.h"

enum { TCP_ENTRY = 1001, UNKNOWN_ENTRY = 999999, UNTOUCHED = 0x5A5A };

static void no_socket_handle_can_be_made(void **state)
{
  int error = UNTOUCHED;

  (void)state;
  assert_true(WPUCreateSocketHandle(TCP_ENTRY, 1, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAENOBUFS);
  error = UNTOUCHED;
  assert_true(WPUCreateSocketHandle(UNKNOWN_ENTRY, 1, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEINVAL);
}

static void so_no_handle_is_one(void **state)
{
  WSAOVERLAPPED overlapped = {0};
  DWORD_PTR context = UNTOUCHED;
  int error = UNTOUCHED;

  (void)state;
  assert_int_equal(WPUCloseSocketHandle(4, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
  error = UNTOUCHED;
  assert_int_equal(WPUQuerySocketHandleContext(4, &context, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
  assert_int_equal(context, UNTOUCHED);
  error = UNTOUCHED;
  assert_int_equal(WPUCompleteOverlappedRequest(4, &overlapped, 0, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(overlapped.InternalHigh, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_socket_handle_can_be_made),
      cmocka_unit_test(so_no_handle_is_one),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
