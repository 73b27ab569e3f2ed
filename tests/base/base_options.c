/* WSPGetSockOpt, WSPSetSockOpt, WSPBind, WSPListen, WSPShutdown and the names. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

static void an_option_that_was_set_can_be_read(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  DWORD value = 1234;
  int size = sizeof value;
  int error = UNTOUCHED;

  set_timeout(s, SO_RCVTIMEO, 4321);
  assert_int_equal(base.lpWSPGetSockOpt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&value, &size, &error),
                   0);
  assert_int_equal(error, 0);
  assert_int_equal(value, 4321);
  assert_int_equal(size, sizeof value);
  close_socket(s);
}

static void bad_options_are_refused(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  DWORD value = UNTOUCHED;
  WSAPROTOCOL_INFOW info;
  int size = sizeof value;
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPGetSockOpt(s, SOL_SOCKET, 0x7777, (char *)&value, &size, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAENOPROTOOPT);
  assert_int_equal(base.lpWSPGetSockOpt(s, SOL_SOCKET, SO_RCVTIMEO, NULL, &size, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(base.lpWSPGetSockOpt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&value, NULL, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(base.lpWSPSetSockOpt(s, SOL_SOCKET, SO_RCVTIMEO, NULL, sizeof value, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  size = sizeof info - 1;
  assert_int_equal(
      base.lpWSPGetSockOpt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &size, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(value, UNTOUCHED);
  close_socket(s);
}

static void an_unbound_socket_has_no_name_and_an_unconnected_one_no_peer(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  SOCKADDR_STORAGE address;
  int length = sizeof address;
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPGetSockName(s, (struct sockaddr *)&address, &length, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(base.lpWSPGetPeerName(s, (struct sockaddr *)&address, &length, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAENOTCONN);
  assert_int_equal(length, sizeof address);
  close_socket(s);
}

static void bad_names_cannot_be_bound(void **state)
{
  SOCKADDR_STORAGE address;
  SOCKADDR_STORAGE small;
  int length;
  int too_short = 8;
  const SOCKET bound = new_bound(AF_INET, SOCK_STREAM, &address, &length);
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPBind(bound, (struct sockaddr *)&address, length, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(base.lpWSPBind(s, (struct sockaddr *)&address, length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEADDRINUSE);
  assert_int_equal(base.lpWSPBind(s, NULL, length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(base.lpWSPBind(s, (struct sockaddr *)&address, 3, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  address.ss_family = AF_INET6;
  assert_int_equal(base.lpWSPBind(s, (struct sockaddr *)&address, length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(base.lpWSPGetSockName(bound, (struct sockaddr *)&small, &too_short, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(too_short, 8);
  close_socket(s);
  close_socket(bound);
}

static void only_bound_streams_can_listen(void **state)
{
  const SOCKET unbound = new_socket(AF_INET, SOCK_STREAM);
  const SOCKET datagram = new_socket(AF_INET, SOCK_DGRAM);
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPListen(unbound, 5, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(base.lpWSPListen(datagram, 5, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEOPNOTSUPP);
  close_socket(unbound);
  close_socket(datagram);
}

static void disconnect_data_is_refused(void **state)
{
  SOCKET pair[2];
  char data[] = "bye";
  WSABUF bye = {3, data};
  char byte;
  int error = UNTOUCHED;

  new_pair(pair);
  assert_int_equal(base.lpWSPSendDisconnect(pair[0], &bye, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOPROTOOPT);
  assert_int_equal(base.lpWSPSendDisconnect(pair[0], NULL, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(receive(pair[1], &byte, 1, &error), 0);
  assert_int_equal(transmit(pair[0], "x", 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAESHUTDOWN);
  assert_int_equal(base.lpWSPRecvDisconnect(pair[1], NULL, &error), 0);
  assert_int_equal(receive(pair[1], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAESHUTDOWN);
  close_pair(pair);
}

static void there_are_no_qos_templates(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  char name[] = "G711";
  WSABUF list = {5, name};
  QOS qos;
  int error = UNTOUCHED;

  assert_false(base.lpWSPGetQOSByName(s, &list, &qos, &error));
  assert_int_equal(error, WSAEINVAL);
  assert_false(base.lpWSPGetQOSByName(s, &list, NULL, &error));
  assert_int_equal(error, WSAEFAULT);
  assert_false(base.lpWSPGetQOSByName(s, NULL, &qos, &error));
  assert_int_equal(error, WSAEFAULT);
  close_socket(s);
}

static void bad_shutdowns_are_refused(void **state)
{
  SOCKET pair[2];
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  int error = UNTOUCHED;

  new_pair(pair);
  assert_int_equal(base.lpWSPShutdown(pair[0], 99, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(base.lpWSPShutdown(s, SD_BOTH, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTCONN);
  close_socket(s);
  close_pair(pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_option_that_was_set_can_be_read),
      cmocka_unit_test(bad_options_are_refused),
      cmocka_unit_test(an_unbound_socket_has_no_name_and_an_unconnected_one_no_peer),
      cmocka_unit_test(bad_names_cannot_be_bound),
      cmocka_unit_test(only_bound_streams_can_listen),
      cmocka_unit_test(disconnect_data_is_refused),
      cmocka_unit_test(there_are_no_qos_templates),
      cmocka_unit_test(bad_shutdowns_are_refused),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
