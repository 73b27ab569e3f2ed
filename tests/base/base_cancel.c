/* Blocking calls of the base provider that are cancelled, by the hook or by another
 * thread (ws2spi/nc-ws2spi-lpwspcancelblockingcall, decision D4). */
#include "support/cmocka_headers.h"

#include "support/blocked_call.h"
#include "support/loopback.h"

static void a_cancelled_receive_is_interrupted(void **state)
{
  SOCKET pair[2];
  char buffer[8] = {0};
  int error;

  new_pair(pair);
  install_hook(2, cancel_here, NULL);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  assert_int_equal(remove_hook(), 2);
  must_send(pair[0], "after");
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 5);
  assert_string_equal(buffer, "after");
  close_pair(pair);
}

static void a_cancelled_peek_is_interrupted(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  int error;

  new_pair(pair);
  install_hook(2, cancel_here, NULL);
  assert_int_equal(receive_flags(pair[1], buffer, sizeof buffer, MSG_PEEK, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  assert_int_equal(remove_hook(), 2);
  close_pair(pair);
}

static void a_cancelled_select_leaves_its_sets(void **state)
{
  SOCKET pair[2];
  fd_set set;
  int error = UNTOUCHED;

  new_pair(pair);
  FD_ZERO(&set);
  FD_SET(pair[1], &set);
  install_hook(2, cancel_here, NULL);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  assert_int_equal(remove_hook(), 2);
  assert_int_equal(set.fd_count, 1);
  assert_true(FD_ISSET(pair[1], &set));
  close_pair(pair);
}

static void a_cancelled_datagram_receive_is_interrupted(void **state)
{
  SOCKADDR_STORAGE address;
  int length;
  const SOCKET s = new_bound(AF_INET, SOCK_DGRAM, &address, &length);
  char buffer[8];
  WSABUF list = {sizeof buffer, buffer};
  DWORD received = UNTOUCHED;
  DWORD flags = 0;
  int error = UNTOUCHED;

  install_hook(2, cancel_here, NULL);
  assert_int_equal(
      base.lpWSPRecvFrom(s, &list, 1, &received, &flags, NULL, NULL, NULL, NULL, NULL, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  assert_int_equal(received, UNTOUCHED);
  assert_int_equal(remove_hook(), 2);
  close_socket(s);
}

static void another_thread_cancels(void (*make)(struct blocked_call *call))
{
  SOCKET pair[2];
  struct blocked_call call;

  new_pair(pair);
  start_call(&call, make, pair[1]);
  assert_true(cancel_thread(call.thread_id));
  join_failed_call(&call, WSAEINTR);
  close_pair(pair);
}

static void another_thread_cancels_a_receive_without_a_hook(void **state)
{
  another_thread_cancels(blocked_receive);
}

static void another_thread_cancels_a_select_without_a_hook(void **state)
{
  another_thread_cancels(blocked_select);
}

/* The peek does not return for the ordinary data that has arrived. */
static void another_thread_cancels_a_peek_for_urgent_data(void **state)
{
  SOCKET pair[2];
  struct blocked_call call;

  new_pair(pair);
  must_send(pair[0], "ordinary");
  start_call(&call, blocked_urgent_peek, pair[1]);
  assert_true(cancel_thread(call.thread_id));
  join_failed_call(&call, WSAEINTR);
  close_pair(pair);
}

static void a_cancel_ends_no_other_operation_on_the_socket(void **state)
{
  SOCKET pair[2];
  struct blocked_call call;
  char buffer[8] = {0};
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
  start_call(&call, blocked_receive, pair[1]);
  assert_true(cancel_thread(call.thread_id));
  join_failed_call(&call, WSAEINTR);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, 0), WAIT_TIMEOUT);
  must_send(pair[0], "mine");
  assert_true(base.lpWSPGetOverlappedResult(pair[1], &overlapped, &received, TRUE, &flags, &error));
  assert_int_equal(received, 4);
  assert_string_equal(buffer, "mine");
  CloseHandle(overlapped.hEvent);
  close_pair(pair);
}

static SOCKET *receiving_pair;

/* The waiting receive has taken the data when the socket has none left. */
static void send_and_cancel_too_late(void *unused)
{
  u_long left = 1;

  (void)unused;
  send_text(&receiving_pair[0]);
  for (int i = 0; i < LONG_TIME && left != 0; i++) {
    Sleep(1);
    ioctlsocket(receiving_pair[1], FIONREAD, &left);
  }
  cancel_here(NULL);
}

static void a_receive_that_was_complete_before_the_cancel_stands(void **state)
{
  SOCKET pair[2];
  char buffer[8] = {0};
  int error;

  new_pair(pair);
  receiving_pair = pair;
  install_hook(2, send_and_cancel_too_late, NULL);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 1);
  assert_int_equal(error, 0);
  assert_int_equal(remove_hook(), 2);
  assert_string_equal(buffer, "x");
  close_pair(pair);
}

static int cancels_by_hook;

static BOOL CALLBACK cancelling_hook(void)
{
  cancels_by_hook++;
  WSACancelBlockingCall();
  return FALSE;
}

/* A layer has an operation of its own, which outlives any number of cancelled calls that it makes
 * to the layer below. */
static void an_outer_cancel_outlives_those_of_many_calls_inside(void **state)
{
  enum { CALLS = 100 };
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  SOCKET pair[2];
  char buffer[8];
  int error;

  new_pair(pair);
  cancels_by_hook = 0;
  assert_non_null(WSASetBlockingHook((FARPROC)cancelling_hook));
  assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error), 0);
  assert_int_equal(Ws2SpiCancelBlockingCall(GetCurrentThreadId(), &error), 0);
  for (int i = 0; i < CALLS; i++) {
    assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEINTR);
  }
  assert_int_equal(cancels_by_hook, CALLS);
  assert_false(callback(context));
  assert_int_equal(cancels_by_hook, CALLS); /* a cancelled operation runs no hook */
  assert_int_equal(WSAUnhookBlockingHook(), 0);
  close_pair(pair);
}

static int cancel_error;
static void cancel_by_the_procedure(void *unused)
{
  (void)unused;
  cancel_error = UNTOUCHED;
  base.lpWSPCancelBlockingCall(&cancel_error);
}

static void the_procedure_cancels_the_blocking_call(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  int error;

  new_pair(pair);
  install_hook(2, cancel_by_the_procedure, NULL);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  assert_int_equal(remove_hook(), 2);
  assert_int_equal(cancel_error, 0);
  close_pair(pair);
}

static void a_cancel_without_a_blocking_call_is_invalid(void **state)
{
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPCancelBlockingCall(&error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_cancelled_receive_is_interrupted),
      cmocka_unit_test(a_cancelled_peek_is_interrupted),
      cmocka_unit_test(a_cancelled_select_leaves_its_sets),
      cmocka_unit_test(a_cancelled_datagram_receive_is_interrupted),
      cmocka_unit_test(another_thread_cancels_a_receive_without_a_hook),
      cmocka_unit_test(another_thread_cancels_a_select_without_a_hook),
      cmocka_unit_test(a_cancel_ends_no_other_operation_on_the_socket),
      cmocka_unit_test(a_receive_that_was_complete_before_the_cancel_stands),
      cmocka_unit_test(an_outer_cancel_outlives_those_of_many_calls_inside),
      cmocka_unit_test(the_procedure_cancels_the_blocking_call),
      cmocka_unit_test(a_cancel_without_a_blocking_call_is_invalid),
      cmocka_unit_test(another_thread_cancels_a_peek_for_urgent_data),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
