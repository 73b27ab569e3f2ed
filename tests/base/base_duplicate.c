/* WSPDuplicateSocket, and WSPSocket with its protocol information. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

static void a_duplicate_is_the_same_connection(void **state)
{
  SOCKET pair[2];
  WSAPROTOCOL_INFOW info;
  SOCKET twin;
  char buffer[8] = {0};
  int error = UNTOUCHED;

  new_pair(pair);
  memset(&info, 0x5A, sizeof info);
  assert_int_equal(base.lpWSPDuplicateSocket(pair[1], GetCurrentProcessId(), &info, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(info.dwCatalogEntryId, TCP_ENTRY);
  assert_int_equal(info.ProtocolChain.ChainLen, BASE_PROTOCOL);
  twin = base.lpWSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0,
                          WSA_FLAG_OVERLAPPED, &error);
  assert_int_equal(error, 0);
  assert_true(twin != INVALID_SOCKET && twin != pair[1]);
  must_send(pair[0], "both");
  assert_int_equal(receive(twin, buffer, sizeof buffer, &error), 4);
  assert_string_equal(buffer, "both");
  close_socket(pair[1]);
  must_send(pair[0], "one");
  assert_int_equal(receive(twin, buffer, sizeof buffer, &error), 3);
  close_socket(twin);
  close_socket(pair[0]);
}

static SOCKET twin_of(SOCKET s)
{
  WSAPROTOCOL_INFOW info;
  int error = UNTOUCHED;
  SOCKET twin;

  assert_int_equal(base.lpWSPDuplicateSocket(s, GetCurrentProcessId(), &info, &error), 0);
  twin = base.lpWSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0,
                          WSA_FLAG_OVERLAPPED, &error);
  assert_true(twin != INVALID_SOCKET);
  return twin;
}

static void a_duplicate_starts_with_the_originals_mode(void **state)
{
  SOCKET pair[2];
  SOCKET twin;
  char byte;
  int error;

  new_pair(pair);
  assert_int_equal(set_nonblocking(pair[1], 1, &error), 0);
  twin = twin_of(pair[1]);
  set_timeout(twin, SO_RCVTIMEO, 50);
  assert_int_equal(receive(twin, &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
  assert_int_equal(receive_flags(twin, &byte, 1, MSG_PEEK, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
  close_socket(twin);
  close_pair(pair);
}

/* The blocking peek on the duplicate leaves the shared system socket blocking. The time-out would
 * end a receive that waits in spite of the original's mode. */
static void a_nonblocking_original_never_waits_beside_a_blocking_duplicate(void **state)
{
  SOCKET pair[2];
  SOCKET twin;
  char byte;
  int error;

  new_pair(pair);
  assert_int_equal(set_nonblocking(pair[1], 1, &error), 0);
  twin = twin_of(pair[1]);
  set_timeout(twin, SO_RCVTIMEO, 50);
  assert_int_equal(set_nonblocking(twin, 0, &error), 0);
  assert_int_equal(receive_flags(twin, &byte, 1, MSG_PEEK, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAETIMEDOUT);
  assert_int_equal(receive(pair[1], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
  close_socket(twin);
  close_pair(pair);
}

static void bad_arguments_are_refused(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  WSAPROTOCOL_INFOW info;
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPDuplicateSocket(s, GetCurrentProcessId(), NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(base.lpWSPDuplicateSocket(s, 0xFFFFFFF0, &info, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  close_socket(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_duplicate_is_the_same_connection),
      cmocka_unit_test(a_duplicate_starts_with_the_originals_mode),
      cmocka_unit_test(a_nonblocking_original_never_waits_beside_a_blocking_duplicate),
      cmocka_unit_test(bad_arguments_are_refused),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
