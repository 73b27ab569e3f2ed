/* WSPSelect. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"
#include "support/blocked_call.h"
#include "support/loopback.h"

static fd_set set_of(SOCKET s)
{
  fd_set set;

  FD_ZERO(&set);
  FD_SET(s, &set);
  return set;
}

static void the_sets_are_reduced_to_what_is_ready(void **state)
{
  SOCKET pair[2];
  fd_set readable;
  fd_set writable;
  int error = UNTOUCHED;

  new_pair(pair);
  must_send(pair[0], "x");
  FD_ZERO(&readable);
  FD_SET(pair[0], &readable);
  FD_SET(pair[1], &readable);
  writable = set_of(pair[0]);
  assert_int_equal(base.lpWSPSelect(0, &readable, &writable, NULL, NULL, &error), 2);
  assert_int_equal(error, 0);
  assert_int_equal(readable.fd_count, 1);
  assert_true(FD_ISSET(pair[1], &readable));
  assert_true(FD_ISSET(pair[0], &writable));
  close_pair(pair);
}

static void only_the_ready_of_those_waited_for_remain(void **state)
{
  SOCKET pair[2];
  SOCKET other[2];
  fd_set readable;
  fd_set failed;
  int error = UNTOUCHED;

  new_pair(pair);
  new_pair(other);
  FD_ZERO(&readable);
  FD_SET(other[1], &readable);
  FD_SET(pair[1], &readable);
  FD_SET(other[0], &readable);
  failed = set_of(pair[1]);
  install_hook(2, send_text, &pair[0]);
  assert_int_equal(base.lpWSPSelect(0, &readable, NULL, &failed, NULL, &error), 1);
  assert_int_equal(error, 0);
  assert_int_equal(remove_hook(), 2);
  assert_int_equal(readable.fd_count, 1);
  assert_true(FD_ISSET(pair[1], &readable));
  assert_int_equal(failed.fd_count, 0);
  close_pair(other);
  close_pair(pair);
}

static SOCKET to_shut;
static void shut_down(void *unused)
{
  (void)unused;
  shutdown(to_shut, SD_SEND);
}

static void a_graceful_end_is_readable(void **state)
{
  SOCKET pair[2];
  fd_set readable;
  int error = UNTOUCHED;

  new_pair(pair);
  readable = set_of(pair[1]);
  to_shut = pair[0];
  install_hook(2, shut_down, NULL);
  assert_int_equal(base.lpWSPSelect(0, &readable, NULL, NULL, NULL, &error), 1);
  assert_int_equal(remove_hook(), 2);
  close_pair(pair);
}

static void a_timeout_empties_the_sets(void **state)
{
  SOCKET pair[2];
  fd_set readable;
  struct timeval timeout = {0, 60000};
  int error = UNTOUCHED;

  new_pair(pair);
  readable = set_of(pair[1]);
  assert_int_equal(base.lpWSPSelect(0, &readable, NULL, NULL, &timeout, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(readable.fd_count, 0);
  assert_int_equal(timeout.tv_sec, 0);
  assert_int_equal(timeout.tv_usec, 60000);
  close_pair(pair);
}

static void a_refused_connect_is_in_the_except_set(void **state)
{
  SOCKADDR_STORAGE server;
  int length;
  const SOCKET listener = new_listener(&server, &length);
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  struct timeval timeout = {10, 0};
  fd_set failed = set_of(s);
  int error;

  close_socket(listener);
  assert_int_equal(set_nonblocking(s, 1, &error), 0);
  if (base.lpWSPConnect(s, (struct sockaddr *)&server, length, NULL, NULL, NULL, NULL, &error) ==
          SOCKET_ERROR &&
      error == WSAEWOULDBLOCK) {
    assert_int_equal(base.lpWSPSelect(0, NULL, NULL, &failed, &timeout, &error), 1);
    assert_true(FD_ISSET(s, &failed));
  } else {
    assert_int_equal(error, WSAECONNREFUSED);
  }
  close_socket(s);
}

/* The set has more than FD_SETSIZE sockets, and its memory ends with the last one. */
static void a_set_may_be_larger_than_its_declared_size(void **state)
{
  enum { MANY = 2 * FD_SETSIZE };
  const size_t size = offsetof(fd_set, fd_array) + MANY * sizeof(SOCKET);
  fd_set *large = end_of_page((size + 15) & ~(size_t)15);
  SOCKET sockets[MANY];
  SOCKADDR_STORAGE address;
  int length;
  int error = UNTOUCHED;

  for (int i = 0; i < MANY; i++) {
    sockets[i] = new_bound(AF_INET, SOCK_DGRAM, &address, &length);
    large->fd_array[i] = sockets[i];
  }
  large->fd_count = MANY;
  sendto(sockets[0], "x", 1, 0, (struct sockaddr *)&address, length);
  assert_int_equal(base.lpWSPSelect(0, large, NULL, NULL, NULL, &error), 1);
  assert_int_equal(large->fd_count, 1);
  assert_true(large->fd_array[0] == sockets[MANY - 1]);
  for (int i = 0; i < MANY; i++)
    close_socket(sockets[i]);
}

static void bad_arguments_are_refused(void **state)
{
  SOCKET pair[2];
  fd_set none;
  fd_set also_none;
  fd_set set;
  struct timeval negative = {-1, 0};
  struct timeval negative_part = {0, -1};
  struct timeval none_to_wait = {0, 0};
  int error = UNTOUCHED;

  new_pair(pair);
  FD_ZERO(&none);
  FD_ZERO(&also_none);
  set = set_of(pair[1]);
  assert_int_equal(base.lpWSPSelect(0, NULL, NULL, NULL, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(base.lpWSPSelect(0, &none, NULL, &also_none, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(base.lpWSPSelect(0, &none, &none, &none, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, &negative, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, &negative_part, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    if (bad->address == NULL)
      continue;
    error = UNTOUCHED;
    /* Readable memory may look like an empty set, which is ignored. */
    if (base.lpWSPSelect(0, &set, bad_address(bad), NULL, &none_to_wait, &error) == SOCKET_ERROR)
      assert_int_equal(error, WSAEFAULT);
    else
      assert_true(bad->readable);
    set = set_of(pair[1]);
  }
  assert_true(FD_ISSET(pair[1], &set));
  close_pair(pair);
}

/* --- sets that are empty, or the same memory ------------------------------------------ */

static void an_empty_set_counts_as_null(void **state)
{
  SOCKET pair[2];
  fd_set empty;
  fd_set also_empty;
  fd_set set;
  int error = UNTOUCHED;

  new_pair(pair);
  FD_ZERO(&empty);
  FD_ZERO(&also_empty);
  set = set_of(pair[1]);
  assert_int_equal(base.lpWSPSelect(0, &empty, &set, &also_empty, NULL, &error), 1);
  assert_int_equal(error, 0);
  assert_int_equal(set.fd_count, 1);
  install_hook(2, send_text, &pair[0]);
  assert_int_equal(base.lpWSPSelect(0, &set, &empty, &also_empty, NULL, &error), 1);
  assert_int_equal(error, 0);
  assert_int_equal(remove_hook(), 2);
  assert_int_equal(set.fd_count, 1);
  assert_int_equal(empty.fd_count, 0);
  assert_int_equal(also_empty.fd_count, 0);
  close_pair(pair);
}

/* pair[1] is readable and writable, pair[0] is writable: two sockets, not three. */
static void sets_in_the_same_memory_report_a_socket_once(void **state)
{
  SOCKET pair[2];
  fd_set set;
  int error = UNTOUCHED;

  new_pair(pair);
  must_send(pair[0], "x");
  set = set_of(pair[1]);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, NULL, &error), 1);
  FD_SET(pair[0], &set);
  assert_int_equal(base.lpWSPSelect(0, &set, &set, NULL, NULL, &error), 2);
  assert_int_equal(error, 0);
  assert_int_equal(set.fd_count, 2);
  assert_true(FD_ISSET(pair[0], &set));
  assert_true(FD_ISSET(pair[1], &set));
  close_pair(pair);
}

static void sets_in_the_same_memory_are_waited_for_together(void **state)
{
  SOCKET pair[2];
  fd_set set;
  int error = UNTOUCHED;

  new_pair(pair);
  set = set_of(pair[1]);
  install_hook(2, send_text, &pair[0]);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, &set, NULL, &error), 1);
  assert_int_equal(error, 0);
  assert_int_equal(remove_hook(), 2);
  assert_int_equal(set.fd_count, 1);
  assert_true(FD_ISSET(pair[1], &set));
  close_pair(pair);
}

static void a_socket_that_is_twice_in_a_set_is_reported_once(void **state)
{
  SOCKET pair[2];
  fd_set set;
  int error = UNTOUCHED;

  new_pair(pair);
  set = set_of(pair[1]);
  set.fd_array[set.fd_count++] = pair[1];
  install_hook(2, send_text, &pair[0]);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, NULL, &error), 1);
  assert_int_equal(remove_hook(), 2);
  assert_int_equal(set.fd_count, 1);
  assert_true(FD_ISSET(pair[1], &set));
  set.fd_array[set.fd_count++] = pair[1];
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, NULL, &error), 1);
  assert_int_equal(set.fd_count, 1);
  close_pair(pair);
}

static void a_million_microseconds_are_a_second(void **state)
{
  SOCKET pair[2];
  fd_set set;
  struct timeval timeout = {0, 1100000};
  ULONGLONG began;
  int error = UNTOUCHED;

  new_pair(pair);
  set = set_of(pair[1]);
  began = GetTickCount64();
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, &timeout, &error), 0);
  assert_int_equal(error, 0);
  assert_in_range(GetTickCount64() - began, 1000, LONG_TIME);
  assert_int_equal(timeout.tv_usec, 1100000);
  close_pair(pair);
}

static SOCKADDR_STORAGE six;
static int six_length;
static SOCKET six_sender;

static void send_to_six(void *unused)
{
  (void)unused;
  sendto(six_sender, "x", 1, 0, (struct sockaddr *)&six, six_length);
}

static void sockets_of_several_entries_can_be_selected_together(void **state)
{
  SOCKADDR_STORAGE address;
  int length;
  SOCKET pair[2];
  const SOCKET udp = new_bound(AF_INET, SOCK_DGRAM, &address, &length);
  const SOCKET udp_six = new_bound(AF_INET6, SOCK_DGRAM, &six, &six_length);
  fd_set readable;
  fd_set writable;
  int error = UNTOUCHED;

  new_pair(pair);
  six_sender = new_bound(AF_INET6, SOCK_DGRAM, &address, &length);
  writable = set_of(udp);
  FD_SET(pair[0], &writable);
  assert_int_equal(base.lpWSPSelect(0, NULL, &writable, NULL, NULL, &error), 2);
  readable = set_of(pair[1]);
  FD_SET(udp, &readable);
  FD_SET(udp_six, &readable);
  install_hook(2, send_to_six, NULL);
  assert_int_equal(base.lpWSPSelect(0, &readable, NULL, NULL, NULL, &error), 1);
  assert_int_equal(error, 0);
  assert_int_equal(remove_hook(), 2);
  assert_true(FD_ISSET(udp_six, &readable));
  close_socket(six_sender);
  close_socket(udp_six);
  close_socket(udp);
  close_pair(pair);
}

/* --- a socket that is closed during the wait ------------------------------------------- */

static fd_set sets_of_call[3];

/* With the sets that are not empty. */
static void select_with_sets(struct blocked_call *call)
{
  fd_set *sets[3];

  for (int i = 0; i < 3; i++)
    sets[i] = sets_of_call[i].fd_count == 0 ? NULL : &sets_of_call[i];
  call->result = base.lpWSPSelect(0, sets[0], sets[1], sets[2], NULL, &call->error);
}

static void close_during_the_wait(SOCKET s, struct blocked_call *call)
{
  start_call_and_wait_for_hook(call, select_with_sets, s);
  close_socket(s);
  join_call(call);
}

static void a_socket_that_is_closed_during_the_wait_is_readable(void **state)
{
  SOCKET pair[2];
  struct blocked_call call;

  new_pair(pair);
  memset(sets_of_call, 0, sizeof sets_of_call);
  FD_SET(pair[1], &sets_of_call[0]);
  FD_SET(pair[1], &sets_of_call[2]);
  close_during_the_wait(pair[1], &call);
  assert_int_equal(call.result, 1);
  assert_int_equal(call.error, 0);
  assert_int_equal(sets_of_call[0].fd_count, 1);
  assert_true(FD_ISSET(pair[1], &sets_of_call[0]));
  assert_int_equal(sets_of_call[2].fd_count, 0);
  close_socket(pair[0]);
}

static void without_a_read_set_the_closed_socket_is_an_error(void **state)
{
  SOCKET pair[2];
  struct blocked_call call;

  new_pair(pair);
  memset(sets_of_call, 0, sizeof sets_of_call);
  FD_SET(pair[1], &sets_of_call[2]);
  close_during_the_wait(pair[1], &call);
  assert_int_equal(call.result, SOCKET_ERROR);
  assert_int_equal(call.error, WSAENOTSOCK);
  assert_int_equal(sets_of_call[2].fd_count, 0);
  close_socket(pair[0]);
}

/* The duplicate keeps the socket open, so the system does not end the poll. */
static void a_close_is_reported_although_a_duplicate_exists(void **state)
{
  SOCKET pair[2];
  struct blocked_call call;
  WSAPROTOCOL_INFOW info;
  SOCKET twin;
  int error = UNTOUCHED;

  new_pair(pair);
  assert_int_equal(base.lpWSPDuplicateSocket(pair[1], GetCurrentProcessId(), &info, &error), 0);
  twin = base.lpWSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0,
                          WSA_FLAG_OVERLAPPED, &error);
  assert_true(twin != INVALID_SOCKET);
  memset(sets_of_call, 0, sizeof sets_of_call);
  FD_SET(pair[1], &sets_of_call[0]);
  close_during_the_wait(pair[1], &call);
  assert_int_equal(call.result, 1);
  assert_true(FD_ISSET(pair[1], &sets_of_call[0]));
  memset(sets_of_call, 0, sizeof sets_of_call);
  FD_SET(twin, &sets_of_call[2]);
  close_during_the_wait(twin, &call);
  assert_int_equal(call.result, SOCKET_ERROR);
  assert_int_equal(call.error, WSAENOTSOCK);
  close_socket(pair[0]);
}

static void a_handle_that_is_not_a_socket_is_refused(void **state)
{
  fd_set set = set_of((SOCKET)0x7f7f70);
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
  assert_int_equal(set.fd_count, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_sets_are_reduced_to_what_is_ready),
      cmocka_unit_test(only_the_ready_of_those_waited_for_remain),
      cmocka_unit_test(a_graceful_end_is_readable),
      cmocka_unit_test(a_timeout_empties_the_sets),
      cmocka_unit_test(a_refused_connect_is_in_the_except_set),
      cmocka_unit_test(a_set_may_be_larger_than_its_declared_size),
      cmocka_unit_test(bad_arguments_are_refused),
      cmocka_unit_test(an_empty_set_counts_as_null),
      cmocka_unit_test(sets_in_the_same_memory_report_a_socket_once),
      cmocka_unit_test(sets_in_the_same_memory_are_waited_for_together),
      cmocka_unit_test(a_socket_that_is_twice_in_a_set_is_reported_once),
      cmocka_unit_test(a_million_microseconds_are_a_second),
      cmocka_unit_test(sockets_of_several_entries_can_be_selected_together),
      cmocka_unit_test(a_socket_that_is_closed_during_the_wait_is_readable),
      cmocka_unit_test(without_a_read_set_the_closed_socket_is_an_error),
      cmocka_unit_test(a_close_is_reported_although_a_duplicate_exists),
      cmocka_unit_test(a_handle_that_is_not_a_socket_is_refused),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
