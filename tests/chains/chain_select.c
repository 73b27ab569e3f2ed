/* WSPSelect through a chain. Each layer translates the sets to the handles of the layer below and
 * the result back. */
#include "chains/chains.h"
#include "support/blocked_call.h"

static const struct timeval no_time = {0, 0};

static int select_now(fd_set *readable, fd_set *writable, fd_set *exceptional, int *error)
{
  struct timeval timeout = no_time;

  *error = UNTOUCHED;
  return base.lpWSPSelect(0, readable, writable, exceptional, &timeout, error);
}

static void sets_are_reduced_to_what_is_ready(void **state)
{
  SOCKET one[2], other[2];
  fd_set readable, writable;
  int error;

  new_pair(one);
  new_pair(other);
  must_send(other[0], "x");
  FD_ZERO(&readable);
  FD_SET(one[1], &readable);
  FD_SET(other[1], &readable);
  FD_ZERO(&writable);
  FD_SET(one[1], &writable);
  FD_SET(other[0], &writable);
  /* Even on loopback the data takes a moment to arrive. */
  while (select_now(&readable, NULL, NULL, &error) == 0) {
    FD_SET(one[1], &readable);
    FD_SET(other[1], &readable);
  }
  assert_int_equal(select_now(NULL, &writable, NULL, &error), 2);
  assert_int_equal(error, 0);
  assert_int_equal(readable.fd_count, 1);
  assert_true(readable.fd_array[0] == other[1]);
  assert_int_equal(writable.fd_count, 2);
  assert_true(FD_ISSET(one[1], &writable));
  assert_true(FD_ISSET(other[0], &writable));
  close_pair(other);
  close_pair(one);
}

static void one_socket_may_be_in_all_sets(void **state)
{
  SOCKET pair[2];
  fd_set readable, writable, exceptional;
  int error;

  new_pair(pair);
  FD_ZERO(&readable);
  FD_SET(pair[1], &readable);
  writable = exceptional = readable;
  assert_int_equal(select_now(&readable, &writable, &exceptional, &error), 1);
  assert_int_equal(readable.fd_count, 0);
  assert_int_equal(writable.fd_count, 1);
  assert_true(writable.fd_array[0] == pair[1]);
  assert_int_equal(exceptional.fd_count, 0);
  close_pair(pair);
}

static void an_empty_set_counts_as_null(void **state)
{
  SOCKET pair[2];
  fd_set empty, writable;
  int error;

  new_pair(pair);
  FD_ZERO(&empty);
  FD_ZERO(&writable);
  FD_SET(pair[1], &writable);
  assert_int_equal(select_now(&empty, &writable, NULL, &error), 1);
  assert_int_equal(error, 0);
  assert_int_equal(empty.fd_count, 0);
  assert_true(writable.fd_array[0] == pair[1]);
  close_pair(pair);
}

static void sets_in_the_same_memory_report_a_socket_once(void **state)
{
  SOCKET pair[2];
  fd_set set;
  int error;

  new_pair(pair);
  must_send(pair[0], "x");
  do {
    FD_ZERO(&set);
    FD_SET(pair[1], &set);
  } while (select_now(&set, NULL, NULL, &error) == 0);
  FD_SET(pair[0], &set);
  set.fd_array[set.fd_count++] = pair[1];
  assert_int_equal(select_now(&set, &set, NULL, &error), 2);
  assert_int_equal(error, 0);
  assert_int_equal(set.fd_count, 2);
  assert_true(FD_ISSET(pair[0], &set));
  assert_true(FD_ISSET(pair[1], &set));
  close_pair(pair);
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
  close_socket(pair[0]);
}

static fd_set except_set;

static void select_except(struct blocked_call *call)
{
  FD_ZERO(&except_set);
  FD_SET(call->s, &except_set);
  call->result = base.lpWSPSelect(0, NULL, NULL, &except_set, NULL, &call->error);
}

static void without_a_read_set_the_closed_socket_is_an_error(void **state)
{
  SOCKET pair[2];
  struct blocked_call call;

  new_pair(pair);
  start_call_and_wait_for_hook(&call, select_except, pair[1]);
  close_socket(pair[1]);
  join_failed_call(&call, WSAENOTSOCK);
  assert_int_equal(except_set.fd_count, 0);
  close_socket(pair[0]);
}

static void a_waiting_select_ends_with_data(void **state)
{
  SOCKET pair[2], peer;
  fd_set readable;
  int error = UNTOUCHED;

  new_pair(pair);
  peer = system_handle(pair[0]);
  FD_ZERO(&readable);
  FD_SET(pair[1], &readable);
  install_hook(2, send_past_the_chain, &peer);
  assert_int_equal(base.lpWSPSelect(0, &readable, NULL, NULL, NULL, &error), 1);
  assert_true(remove_hook() >= 2);
  assert_int_equal(error, 0);
  assert_true(readable.fd_array[0] == pair[1]);
  close_pair(pair);
}

static void a_timeout_empties_the_sets(void **state)
{
  SOCKET pair[2];
  fd_set readable;
  struct timeval timeout = {0, 20000};
  int error = UNTOUCHED;

  new_pair(pair);
  FD_ZERO(&readable);
  FD_SET(pair[1], &readable);
  assert_int_equal(base.lpWSPSelect(0, &readable, NULL, NULL, &timeout, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(readable.fd_count, 0);
  assert_int_equal(timeout.tv_usec, 20000);
  close_pair(pair);
}

static void a_handle_that_is_not_a_socket_leaves_the_sets_unchanged(void **state)
{
  SOCKET pair[2];
  fd_set readable;
  int error;

  new_pair(pair);
  FD_ZERO(&readable);
  FD_SET(pair[1], &readable);
  FD_SET((SOCKET)0xDEAD0, &readable);
  assert_int_equal(select_now(&readable, NULL, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
  assert_int_equal(readable.fd_count, 2);
  assert_true(readable.fd_array[0] == pair[1]);
  close_pair(pair);
}

static void a_select_without_sockets_is_refused(void **state)
{
  fd_set empty;
  int error;

  FD_ZERO(&empty);
  assert_int_equal(select_now(NULL, NULL, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(select_now(&empty, NULL, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
}

/* --- events --------------------------------------------------------------------------- */

static void an_event_reports_data(void **state)
{
  SOCKET pair[2];
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  WSANETWORKEVENTS events;
  int error = UNTOUCHED;

  new_pair(pair);
  assert_int_equal(base.lpWSPEventSelect(pair[1], event, FD_READ | FD_CLOSE, &error), 0);
  assert_int_equal(error, 0);
  must_send(pair[0], "data");
  assert_int_equal(WaitForSingleObject(event, LONG_TIME), WAIT_OBJECT_0);
  assert_int_equal(base.lpWSPEnumNetworkEvents(pair[1], event, &events, &error), 0);
  assert_int_equal(events.lNetworkEvents, FD_READ);
  assert_int_equal(events.iErrorCode[FD_READ_BIT], 0);
  CloseHandle(event);
  close_pair(pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sets_are_reduced_to_what_is_ready),
      cmocka_unit_test(one_socket_may_be_in_all_sets),
      cmocka_unit_test(an_empty_set_counts_as_null),
      cmocka_unit_test(sets_in_the_same_memory_report_a_socket_once),
      cmocka_unit_test(a_waiting_select_ends_with_data),
      cmocka_unit_test(a_close_ends_a_select_of_another_thread),
      cmocka_unit_test(without_a_read_set_the_closed_socket_is_an_error),
      cmocka_unit_test(a_timeout_empties_the_sets),
      cmocka_unit_test(a_handle_that_is_not_a_socket_leaves_the_sets_unchanged),
      cmocka_unit_test(a_select_without_sockets_is_refused),
      cmocka_unit_test(an_event_reports_data),
  };

  return run_through_chains(tests, sizeof tests / sizeof tests[0]);
}
