/* WSPSelect. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"
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
  fd_set set;
  struct timeval negative = {-1, 0};
  struct timeval too_many = {0, 1000000};
  int error = UNTOUCHED;

  new_pair(pair);
  FD_ZERO(&none);
  set = set_of(pair[1]);
  assert_int_equal(base.lpWSPSelect(0, NULL, NULL, NULL, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(base.lpWSPSelect(0, &set, &none, NULL, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, &negative, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, &too_many, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    if (bad->address == NULL)
      continue;
    error = UNTOUCHED;
    assert_int_equal(base.lpWSPSelect(0, &set, bad_address(bad), NULL, NULL, &error), SOCKET_ERROR);
    /* Readable memory may look like an empty set. */
    assert_true(error == WSAEFAULT || (bad->readable && error == WSAEINVAL));
  }
  assert_true(FD_ISSET(pair[1], &set));
  close_pair(pair);
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
      cmocka_unit_test(a_handle_that_is_not_a_socket_is_refused),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
