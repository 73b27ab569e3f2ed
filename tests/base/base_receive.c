/* WSPRecv and WSPSend over a stream. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

#include <stdlib.h>

static void data_that_has_arrived_is_returned_at_once(void **state)
{
  SOCKET pair[2];
  char buffer[8] = {0};
  int error;

  new_pair(pair);
  must_send(pair[0], "hello");
  assert_int_equal(receive(pair[1], buffer, 5, &error), 5);
  assert_int_equal(error, 0);
  assert_string_equal(buffer, "hello");
  close_pair(pair);
}

static DWORD WINAPI send_when_blocked(void *socket)
{
  int error;

  transmit(*(SOCKET *)socket, "late", 4, &error);
  return 0;
}

static void a_receive_waits_for_data(void **state)
{
  SOCKET pair[2];
  char buffer[8] = {0};
  DWORD id;
  HANDLE thread;
  int error;

  new_pair(pair);
  thread = start_thread(send_when_blocked, &pair[0], &id);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 4);
  assert_int_equal(error, 0);
  assert_string_equal(buffer, "late");
  join_thread(thread);
  close_pair(pair);
}

static void an_unconnected_stream_cannot_receive_or_send(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  char byte;
  int error;

  install_hook(0, NULL, NULL);
  assert_int_equal(receive(s, &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTCONN);
  assert_int_equal(receive_flags(s, &byte, 1, MSG_PEEK, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTCONN);
  assert_int_equal(transmit(s, "x", 1, &error), SOCKET_ERROR);
  /* Wine's send reports WSAECONNRESET. */
  assert_true(error == WSAENOTCONN || error == WSAECONNRESET);
  assert_int_equal(remove_hook(), 0);
  close_socket(s);
}

static void a_receive_after_a_shutdown_returns_no_bytes(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  int error = UNTOUCHED;

  new_pair(pair);
  assert_int_equal(base.lpWSPShutdown(pair[0], SD_SEND, &error), 0);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 0);
  assert_int_equal(error, 0);
  close_pair(pair);
}

static void a_nonblocking_receive_never_waits(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  int error;

  new_pair(pair);
  assert_int_equal(set_nonblocking(pair[1], 1, &error), 0);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
  close_pair(pair);
}

static void a_receive_timeout_is_applied_and_loses_no_data(void **state)
{
  SOCKET pair[2];
  char buffer[8] = {0};
  int error;

  new_pair(pair);
  set_timeout(pair[1], SO_RCVTIMEO, 100);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAETIMEDOUT);
  must_send(pair[0], "on");
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 2);
  assert_string_equal(buffer, "on");
  close_pair(pair);
}

static void a_peek_leaves_the_data(void **state)
{
  SOCKET pair[2];
  char buffer[8] = {0};
  DWORD id;
  HANDLE thread;
  int error;

  new_pair(pair);
  thread = start_thread(send_when_blocked, &pair[0], &id);
  assert_int_equal(receive_flags(pair[1], buffer, sizeof buffer, MSG_PEEK, &error), 4);
  assert_int_equal(error, 0);
  assert_string_equal(buffer, "late");
  join_thread(thread);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 4);
  close_pair(pair);
}

static void a_peek_leaves_the_socket_blocking(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  int error;

  new_pair(pair);
  set_timeout(pair[1], SO_RCVTIMEO, 50);
  assert_int_equal(receive_flags(pair[1], buffer, sizeof buffer, MSG_PEEK, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAETIMEDOUT);
  /* The system's recv shows the mode that the system's socket has. */
  assert_int_equal(recv(pair[1], buffer, sizeof buffer, 0), SOCKET_ERROR);
  assert_int_equal(WSAGetLastError(), WSAETIMEDOUT);
  close_pair(pair);
}

static void several_buffers_are_filled_in_order(void **state)
{
  SOCKET pair[2];
  char first[3] = {0};
  char second[8] = {0};
  WSABUF list[2] = {{2, first}, {4, second}};
  DWORD received = UNTOUCHED;
  DWORD flags = 0;
  int error = UNTOUCHED;

  new_pair(pair);
  must_send(pair[0], "abcdef");
  assert_int_equal(base.lpWSPRecv(pair[1], list, 2, &received, &flags, NULL, NULL, NULL, &error),
                   0);
  assert_int_equal(error, 0);
  assert_int_equal(received, 6);
  assert_string_equal(first, "ab");
  assert_string_equal(second, "cdef");
  close_pair(pair);
}

enum { MUCH = 8 * 1024 * 1024 };

static DWORD WINAPI drain(void *socket)
{
  static char buffer[65536];
  DWORD total = 0;
  int error;
  int got;

  while (total < MUCH && (got = receive(*(SOCKET *)socket, buffer, sizeof buffer, &error)) > 0)
    total += (DWORD)got;
  return total;
}

static void a_blocking_send_takes_all_data(void **state)
{
  SOCKET pair[2];
  char *data = calloc(1, MUCH);
  DWORD id;
  DWORD total = 0;
  HANDLE thread;
  int error;

  assert_non_null(data);
  new_pair(pair);
  thread = start_thread(drain, &pair[1], &id);
  assert_int_equal(transmit(pair[0], data, MUCH, &error), MUCH);
  assert_int_equal(error, 0);
  assert_int_equal(WaitForSingleObject(thread, LONG_TIME), WAIT_OBJECT_0);
  assert_true(GetExitCodeThread(thread, &total));
  assert_int_equal(total, MUCH);
  CloseHandle(thread);
  close_pair(pair);
  free(data);
}

static void a_send_that_times_out_aborts_the_stream(void **state)
{
  SOCKET pair[2];
  char *data = calloc(4, MUCH);
  char byte;
  int error;

  assert_non_null(data);
  new_pair(pair);
  set_timeout(pair[0], SO_SNDTIMEO, 100);
  assert_int_equal(transmit(pair[0], data, 4 * MUCH, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAETIMEDOUT);
  assert_int_equal(transmit(pair[0], "x", 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAECONNABORTED);
  assert_int_equal(receive(pair[0], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAECONNABORTED);
  close_pair(pair);
  free(data);
}

static void a_peek_for_urgent_data_ignores_ordinary_data(void **state)
{
  SOCKET pair[2];
  char byte;
  int error;

  new_pair(pair);
  must_send(pair[0], "ordinary");
  set_timeout(pair[1], SO_RCVTIMEO, 100);
  assert_int_equal(receive_flags(pair[1], &byte, 1, MSG_PEEK | MSG_OOB, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAETIMEDOUT);
  close_pair(pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(data_that_has_arrived_is_returned_at_once),
      cmocka_unit_test(a_receive_waits_for_data),
      cmocka_unit_test(an_unconnected_stream_cannot_receive_or_send),
      cmocka_unit_test(a_receive_after_a_shutdown_returns_no_bytes),
      cmocka_unit_test(a_nonblocking_receive_never_waits),
      cmocka_unit_test(a_receive_timeout_is_applied_and_loses_no_data),
      cmocka_unit_test(a_peek_leaves_the_data),
      cmocka_unit_test(a_peek_leaves_the_socket_blocking),
      cmocka_unit_test(several_buffers_are_filled_in_order),
      cmocka_unit_test(a_blocking_send_takes_all_data),
      cmocka_unit_test(a_send_that_times_out_aborts_the_stream),
      cmocka_unit_test(a_peek_for_urgent_data_ignores_ordinary_data),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
