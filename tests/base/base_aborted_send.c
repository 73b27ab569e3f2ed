/* A stream send that is cancelled while it waits. A part may have been sent, and the peer must not
 * take it for the whole, so the connection is reset (ws2spi/nc-ws2spi-lpwspcancelblockingcall). */
#include "support/cmocka_headers.h"

#include "support/blocked_call.h"
#include "support/loopback.h"
#include "support/on_wine.h"

enum { MUCH = 32 * 1024 * 1024 };
static char *much;

static int start(void **state)
{
  much = calloc(1, MUCH);
  return much == NULL ? -1 : start_base(state);
}

static int stop(void **state)
{
  free(much);
  return stop_base(state);
}

/* The peer has received a part, and no end of the stream after it. */
static void assert_only_the_close_is_left(SOCKET pair[2])
{
  char byte;
  int error;

  assert_int_equal(transmit(pair[0], "x", 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAECONNABORTED);
  assert_int_equal(receive(pair[0], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAECONNABORTED);
  assert_int_equal(receive_the_rest(pair[1], &error), SOCKET_ERROR);
  /* Windows may reset the connection when it cancels the send. */
  assert_true(error == WSAEWOULDBLOCK || (error == WSAECONNRESET && !on_wine()));
  close_pair(pair);
}

static void a_cancelled_send_leaves_only_the_close(void **state)
{
  SOCKET pair[2];
  int error;

  new_pair(pair);
  install_hook(3, cancel_here, NULL);
  assert_int_equal(transmit(pair[0], much, MUCH, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  assert_int_equal(remove_hook(), 3);
  assert_only_the_close_is_left(pair);
}

static void a_send_that_timed_out_leaves_only_the_close(void **state)
{
  SOCKET pair[2];
  int error;

  new_pair(pair);
  set_timeout(pair[0], SO_SNDTIMEO, 100);
  assert_int_equal(transmit(pair[0], much, MUCH, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAETIMEDOUT);
  assert_only_the_close_is_left(pair);
}

static void an_aborted_stream_ends(void (*make)(struct blocked_call *call))
{
  SOCKET pair[2];
  struct blocked_call call;
  int error;

  new_pair(pair);
  start_call_and_wait_for_hook(&call, make, pair[0]);
  install_hook(3, cancel_here, NULL);
  assert_int_equal(transmit(pair[0], much, MUCH, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  remove_hook();
  join_failed_call(&call, WSAECONNABORTED);
  assert_only_the_close_is_left(pair);
}

static void an_aborted_stream_ends_a_receive_of_another_thread(void **state)
{
  an_aborted_stream_ends(blocked_receive);
}

static void an_aborted_stream_ends_a_peek_of_another_thread(void **state)
{
  an_aborted_stream_ends(blocked_peek);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_cancelled_send_leaves_only_the_close),
      cmocka_unit_test(a_send_that_timed_out_leaves_only_the_close),
      cmocka_unit_test(an_aborted_stream_ends_a_receive_of_another_thread),
      cmocka_unit_test(an_aborted_stream_ends_a_peek_of_another_thread),
  };

  return cmocka_run_group_tests(tests, start, stop);
}
