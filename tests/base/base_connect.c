/* WSPConnect. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

static int connect_result(SOCKET s, const void *address, int length, int *error)
{
  *error = UNTOUCHED;
  return base.lpWSPConnect(s, address, length, NULL, NULL, NULL, NULL, error);
}

static void a_stream_connects_and_knows_its_peer(void **state)
{
  SOCKADDR_STORAGE server;
  struct sockaddr_in peer = {0};
  int length;
  int peer_length = sizeof peer;
  const SOCKET listener = new_listener(&server, &length);
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  int error;

  assert_int_equal(connect_result(s, &server, length, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(base.lpWSPGetPeerName(s, (struct sockaddr *)&peer, &peer_length, &error), 0);
  assert_int_equal(peer.sin_port, ((struct sockaddr_in *)&server)->sin_port);
  assert_int_equal(connect_result(s, &server, length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEISCONN);
  close_socket(s);
  close_socket(listener);
}

static void a_bound_stream_keeps_its_name(void **state)
{
  SOCKADDR_STORAGE server;
  SOCKADDR_STORAGE own;
  SOCKADDR_STORAGE after;
  int length;
  int own_length;
  const SOCKET listener = new_listener(&server, &length);
  const SOCKET s = new_bound(AF_INET, SOCK_STREAM, &own, &own_length);
  int error;

  assert_int_equal(connect_result(s, &server, length, &error), 0);
  own_length = sizeof after;
  assert_int_equal(base.lpWSPGetSockName(s, (struct sockaddr *)&after, &own_length, &error), 0);
  assert_int_equal(((struct sockaddr_in *)&after)->sin_port,
                   ((struct sockaddr_in *)&own)->sin_port);
  close_socket(s);
  close_socket(listener);
}

static void a_refused_connect_can_be_repeated(void **state)
{
  SOCKADDR_STORAGE server;
  int length;
  SOCKET listener = new_listener(&server, &length);
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  int error;

  close_socket(listener);
  assert_int_equal(connect_result(s, &server, length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAECONNREFUSED);
  listener = new_listener(&server, &length);
  /* Linux reports the refused connect a second time, to the next connect. */
  if (connect_result(s, &server, length, &error) != 0 && error == WSAECONNABORTED)
    connect_result(s, &server, length, &error);
  assert_int_equal(error, 0);
  close_socket(s);
  close_socket(listener);
}

static void a_nonblocking_connect_completes_in_the_background(void **state)
{
  SOCKADDR_STORAGE server;
  int length;
  const SOCKET listener = new_listener(&server, &length);
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  fd_set set;
  int error;

  assert_int_equal(set_nonblocking(s, 1, &error), 0);
  assert_int_equal(connect_result(s, &server, length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
  FD_ZERO(&set);
  FD_SET(s, &set);
  assert_int_equal(base.lpWSPSelect(0, NULL, &set, NULL, NULL, &error), 1);
  assert_true(FD_ISSET(s, &set));
  close_socket(s);
  close_socket(listener);
}

static void a_datagram_socket_gets_a_default_peer(void **state)
{
  SOCKADDR_STORAGE address;
  int length;
  const SOCKET receiver = new_bound(AF_INET, SOCK_DGRAM, &address, &length);
  const SOCKET s = new_socket(AF_INET, SOCK_DGRAM);
  char buffer[8] = {0};
  int error;

  assert_int_equal(connect_result(s, &address, length, &error), 0);
  must_send(s, "to you");
  assert_int_equal(receive(receiver, buffer, sizeof buffer, &error), 6);
  assert_string_equal(buffer, "to you");
  close_socket(s);
  close_socket(receiver);
}

static void bad_targets_are_refused(void **state)
{
  SOCKADDR_STORAGE server;
  int length;
  const SOCKET listener = new_listener(&server, &length);
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  struct sockaddr_in other = *(struct sockaddr_in *)&server;
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(9)};
  char data[] = "hello";
  WSABUF caller = {5, data};
  QOS qos = {0};
  int error;

  assert_int_equal(connect_result(s, &six, sizeof six, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEAFNOSUPPORT);
  assert_int_equal(connect_result(s, &server, 3, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(connect_result(s, NULL, length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  other.sin_port = 0;
  assert_int_equal(connect_result(s, &other, sizeof other, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEADDRNOTAVAIL);
  assert_int_equal(connect_result(listener, &server, length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(
      base.lpWSPConnect(s, (struct sockaddr *)&server, length, &caller, NULL, NULL, NULL, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEPROTONOSUPPORT);
  assert_int_equal(
      base.lpWSPConnect(s, (struct sockaddr *)&server, length, NULL, NULL, &qos, NULL, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEOPNOTSUPP);
  assert_int_equal(connect_result(s, &server, length, &error), 0);
  close_socket(s);
  close_socket(listener);
}

static void a_connect_that_waits_can_be_cancelled(void **state)
{
  SOCKADDR_STORAGE server;
  SOCKET filling[FILLING];
  int length;
  const SOCKET listener = new_full_listener(&server, &length, filling);
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  int error;

  install_hook(2, cancel_here, NULL);
  assert_int_equal(connect_result(s, &server, length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  assert_int_equal(remove_hook(), 2);
  close_socket(s);
  for (int i = 0; i < FILLING; i++)
    close_socket(filling[i]);
  close_socket(listener);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_stream_connects_and_knows_its_peer),
      cmocka_unit_test(a_bound_stream_keeps_its_name),
      cmocka_unit_test(a_refused_connect_can_be_repeated),
      cmocka_unit_test(a_nonblocking_connect_completes_in_the_background),
      cmocka_unit_test(a_connect_that_waits_can_be_cancelled),
      cmocka_unit_test(a_datagram_socket_gets_a_default_peer),
      cmocka_unit_test(bad_targets_are_refused),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
