/* WSPAccept: waiting, cancelling, the condition function. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

struct accepting {
  SOCKET listener;
  SOCKET accepted;
  int error;
};

static DWORD WINAPI accept_on_thread(void *parameter)
{
  struct accepting *call = parameter;

  call->error = UNTOUCHED;
  call->accepted = base.lpWSPAccept(call->listener, NULL, NULL, NULL, 0, &call->error);
  return 0;
}

static SOCKET connect_to(const SOCKADDR_STORAGE *address, int length)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPConnect(s, (const struct sockaddr *)address, length, NULL, NULL, NULL,
                                     NULL, &error),
                   0);
  assert_int_equal(error, 0);
  return s;
}

static SOCKADDR_STORAGE server;
static int server_length;
static SOCKET client;

/* Connects with the system's own functions, since the provider refuses calls that wait inside a
 * hook. */
static void connect_by_system(void *unused)
{
  (void)unused;
  client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  connect(client, (struct sockaddr *)&server, server_length);
}

static void an_accept_waits_and_returns_the_peers_address(void **state)
{
  const SOCKET listener = new_listener(&server, &server_length);
  struct sockaddr_in peer = {0};
  struct sockaddr_in own;
  int length = sizeof peer;
  int error = UNTOUCHED;
  SOCKET accepted;

  install_hook(3, connect_by_system, NULL);
  accepted = base.lpWSPAccept(listener, (struct sockaddr *)&peer, &length, NULL, 0, &error);
  assert_int_equal(error, 0);
  assert_true(accepted != INVALID_SOCKET);
  assert_int_equal(remove_hook(), 3);
  assert_int_equal(length, sizeof peer);
  length = sizeof own;
  assert_int_equal(getsockname(client, (struct sockaddr *)&own, &length), 0);
  assert_int_equal(peer.sin_port, own.sin_port);
  close_socket(accepted);
  close_socket(client);
  close_socket(listener);
}

static void an_accepted_socket_is_blocking(void **state)
{
  const SOCKET listener = new_listener(&server, &server_length);
  char byte;
  int error = UNTOUCHED;
  SOCKET accepted;

  client = connect_to(&server, server_length);
  accepted = base.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error);
  set_timeout(accepted, SO_RCVTIMEO, 50);
  assert_int_equal(recv(accepted, &byte, 1, 0), SOCKET_ERROR);
  assert_int_equal(WSAGetLastError(), WSAETIMEDOUT);
  close_socket(accepted);
  close_socket(client);
  close_socket(listener);
}

static void a_nonblocking_listener_never_waits(void **state)
{
  const SOCKET listener = new_listener(&server, &server_length);
  int error;

  assert_int_equal(set_nonblocking(listener, 1, &error), 0);
  assert_true(base.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEWOULDBLOCK);
  close_socket(listener);
}

static void a_cancelled_accept_leaves_the_listener_as_it_was(void **state)
{
  const SOCKET listener = new_listener(&server, &server_length);
  int error = UNTOUCHED;
  SOCKET accepted;

  install_hook(2, cancel_here, NULL);
  assert_true(base.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEINTR);
  assert_int_equal(remove_hook(), 2);
  client = connect_to(&server, server_length);
  accepted = base.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error);
  assert_int_equal(error, 0);
  assert_true(accepted != INVALID_SOCKET);
  close_socket(accepted);
  close_socket(client);
  close_socket(listener);
}

static DWORD condition_thread;
static int CALLBACK condition(LPWSABUF caller, LPWSABUF caller_data, LPQOS sqos, LPQOS gqos,
                              LPWSABUF callee, LPWSABUF callee_data, GROUP *group, DWORD_PTR answer)
{
  (void)caller;
  (void)caller_data;
  (void)sqos;
  (void)gqos;
  (void)callee;
  (void)callee_data;
  (void)group;
  condition_thread = GetCurrentThreadId();
  return (int)answer;
}

static void the_condition_function_decides(void **state)
{
  const SOCKET listener = new_listener(&server, &server_length);
  SOCKET accepted;
  int error = UNTOUCHED;

  client = connect_to(&server, server_length);
  condition_thread = 0;
  assert_true(base.lpWSPAccept(listener, NULL, NULL, condition, CF_DEFER, &error) ==
              INVALID_SOCKET);
  assert_int_equal(error, WSATRY_AGAIN);
  assert_int_equal(condition_thread, GetCurrentThreadId());
  accepted = base.lpWSPAccept(listener, NULL, NULL, condition, CF_ACCEPT, &error);
  assert_int_equal(error, 0);
  assert_true(accepted != INVALID_SOCKET);
  close_socket(accepted);
  close_socket(client);
  client = connect_to(&server, server_length);
  assert_true(base.lpWSPAccept(listener, NULL, NULL, condition, CF_REJECT, &error) ==
              INVALID_SOCKET);
  assert_int_equal(error, WSAECONNREFUSED);
  close_socket(client);
  close_socket(listener);
}

static void too_little_room_for_the_address_loses_no_connection(void **state)
{
  const SOCKET listener = new_listener(&server, &server_length);
  struct sockaddr_in peer;
  int length = 4;
  int error = UNTOUCHED;
  SOCKET accepted;

  client = connect_to(&server, server_length);
  assert_true(base.lpWSPAccept(listener, (struct sockaddr *)&peer, &length, NULL, 0, &error) ==
              INVALID_SOCKET);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(length, 4);
  accepted = base.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error);
  assert_true(accepted != INVALID_SOCKET);
  close_socket(accepted);
  close_socket(client);
  close_socket(listener);
}

/* The thread that does not get the connection goes on waiting. */
static void two_threads_may_wait_for_one_connection(void **state)
{
  const SOCKET listener = new_listener(&server, &server_length);
  struct accepting calls[2] = {{.listener = listener}, {.listener = listener}};
  HANDLE threads[2];
  DWORD ids[2];
  DWORD winner;

  for (int i = 0; i < 2; i++)
    threads[i] = start_thread(accept_on_thread, &calls[i], &ids[i]);
  client = connect_to(&server, server_length);
  winner = WaitForMultipleObjects(2, threads, FALSE, LONG_TIME);
  assert_in_range(winner, WAIT_OBJECT_0, WAIT_OBJECT_0 + 1);
  assert_int_equal(calls[winner].error, 0);
  assert_true(cancel_thread(ids[1 - winner]));
  join_thread(threads[0]);
  join_thread(threads[1]);
  assert_int_equal(calls[1 - winner].error, WSAEINTR);
  close_socket(calls[winner].accepted);
  close_socket(client);
  close_socket(listener);
}

static void a_socket_that_does_not_listen_cannot_accept(void **state)
{
  const SOCKET s = new_bound(AF_INET, SOCK_STREAM, &server, &server_length);
  int error = UNTOUCHED;

  install_hook(0, NULL, NULL);
  assert_true(base.lpWSPAccept(s, NULL, NULL, NULL, 0, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(remove_hook(), 0);
  close_socket(s);
}

static void a_datagram_socket_cannot_accept(void **state)
{
  const SOCKET s = new_bound(AF_INET, SOCK_DGRAM, &server, &server_length);
  int error = UNTOUCHED;

  assert_true(base.lpWSPAccept(s, NULL, NULL, NULL, 0, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEOPNOTSUPP);
  close_socket(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_accept_waits_and_returns_the_peers_address),
      cmocka_unit_test(an_accepted_socket_is_blocking),
      cmocka_unit_test(a_nonblocking_listener_never_waits),
      cmocka_unit_test(a_cancelled_accept_leaves_the_listener_as_it_was),
      cmocka_unit_test(the_condition_function_decides),
      cmocka_unit_test(too_little_room_for_the_address_loses_no_connection),
      cmocka_unit_test(two_threads_may_wait_for_one_connection),
      cmocka_unit_test(a_socket_that_does_not_listen_cannot_accept),
      cmocka_unit_test(a_datagram_socket_cannot_accept),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
