/* WSPCloseSocket: lingering, and calls of other threads on the socket. */
#include "support/cmocka_headers.h"

#include "support/blocked_call.h"
#include "support/loopback.h"

static void a_closed_socket_cannot_be_closed_again(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  int error = UNTOUCHED;

  close_socket(s);
  assert_int_equal(base.lpWSPCloseSocket(s, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
}

static void a_lingering_close_with_nothing_to_send_runs_no_hook(void **state)
{
  SOCKET pair[2];

  new_pair(pair);
  set_linger(pair[0], 1, 5);
  install_hook(0, NULL, NULL);
  close_socket(pair[0]);
  assert_int_equal(remove_hook(), 0);
  close_socket(pair[1]);
}

static void a_lingering_close_can_be_cancelled_and_goes_on(void **state)
{
  const int lingers = system_close_lingers();
  SOCKET pair[2];
  int error = UNTOUCHED;

  new_pair(pair);
  fill(pair[0]);
  set_linger(pair[0], 1, 3);
  install_hook(2, cancel_here, NULL);
  assert_int_equal(base.lpWSPCloseSocket(pair[0], &error), lingers ? SOCKET_ERROR : 0);
  assert_int_equal(error, lingers ? WSAEINTR : 0);
  assert_int_equal(remove_hook(), lingers ? 2 : 0);
  close_socket(pair[1]);
  assert_int_equal(base.lpWSPCloseSocket(pair[0], &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
}

/* Windows resets the connection; Wine shuts it down first. So the peer is compared with the peer of
 * a socket that the system's own closesocket closes. */
static void a_zero_linger_ends_as_the_systems_own(void **state)
{
  SOCKET pair[2];
  SOCKET other[2];
  char byte;
  int error;
  int other_error;

  new_pair(pair);
  new_pair(other);
  set_linger(pair[0], 1, 0);
  set_linger(other[0], 1, 0);
  install_hook(0, NULL, NULL);
  close_socket(pair[0]);
  assert_int_equal(remove_hook(), 0);
  assert_int_equal(closesocket(other[0]), 0);
  assert_int_equal(receive(pair[1], &byte, 1, &error), receive(other[1], &byte, 1, &other_error));
  assert_int_equal(error, other_error);
  close_socket(pair[1]);
  close_socket(other[1]);
}

static void close_interrupts(void (*make)(struct blocked_call *call), SOCKET s)
{
  struct blocked_call call;

  start_call_and_wait_for_hook(&call, make, s);
  close_socket(s);
  join_failed_call(&call, WSAEINTR);
}

static void a_close_interrupts_a_receive_of_another_thread(void **state)
{
  SOCKET pair[2];

  new_pair(pair);
  close_interrupts(blocked_receive, pair[1]);
  close_socket(pair[0]);
}

static void a_close_interrupts_a_peek_of_another_thread(void **state)
{
  SOCKET pair[2];

  new_pair(pair);
  close_interrupts(blocked_peek, pair[1]);
  close_socket(pair[0]);
}

static void a_close_ends_a_select_of_another_thread(void **state)
{
  SOCKET pair[2];

  struct blocked_call call;

  new_pair(pair);
  start_call_and_wait_for_hook(&call, blocked_select, pair[1]);
  close_socket(pair[1]);
  join_call(&call);
  assert_int_equal(call.result, 1);
  assert_int_equal(call.error, 0);
  close_socket(pair[0]);
}

/* The duplicate keeps the connection open, so the system does not end the waits. */
static void a_close_interrupts_waits_although_a_duplicate_exists(void **state)
{
  static void (*const calls[])(struct blocked_call *) = {blocked_receive, blocked_peek};

  for (int i = 0; i < 2; i++) {
    SOCKET pair[2];
    WSAPROTOCOL_INFOW info;
    SOCKET twin;
    int error = UNTOUCHED;

    new_pair(pair);
    assert_int_equal(base.lpWSPDuplicateSocket(pair[1], GetCurrentProcessId(), &info, &error), 0);
    twin = base.lpWSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0,
                            WSA_FLAG_OVERLAPPED, &error);
    assert_true(twin != INVALID_SOCKET);
    close_interrupts(calls[i], pair[1]);
    close_socket(twin);
    close_socket(pair[0]);
  }
}

static void a_close_interrupts_an_accept_of_another_thread(void **state)
{
  SOCKADDR_STORAGE address;
  int length;

  close_interrupts(blocked_accept, new_listener(&address, &length));
}

static void a_close_completes_overlapped_calls(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  WSABUF list = {sizeof buffer, buffer};
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  DWORD received = UNTOUCHED;
  DWORD flags = 0;
  int error = UNTOUCHED;

  new_pair(pair);
  assert_int_equal(
      base.lpWSPRecv(pair[1], &list, 1, &received, &flags, &overlapped, NULL, NULL, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSA_IO_PENDING);
  close_socket(pair[1]);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_TIME), WAIT_OBJECT_0);
  assert_true(overlapped.Internal != 0);
  CloseHandle(overlapped.hEvent);
  close_socket(pair[0]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_closed_socket_cannot_be_closed_again),
      cmocka_unit_test(a_lingering_close_with_nothing_to_send_runs_no_hook),
      cmocka_unit_test(a_lingering_close_can_be_cancelled_and_goes_on),
      cmocka_unit_test(a_zero_linger_ends_as_the_systems_own),
      cmocka_unit_test(a_close_interrupts_a_receive_of_another_thread),
      cmocka_unit_test(a_close_interrupts_a_peek_of_another_thread),
      cmocka_unit_test(a_close_ends_a_select_of_another_thread),
      cmocka_unit_test(a_close_interrupts_waits_although_a_duplicate_exists),
      cmocka_unit_test(a_close_interrupts_an_accept_of_another_thread),
      cmocka_unit_test(a_close_completes_overlapped_calls),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
