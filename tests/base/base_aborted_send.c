/* A stream send that is ended while it waits: part of it may be gone, and the peer must
 * not take that part for the whole (WSPCancelBlockingCall: the connection is reset). */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

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

/* The peer has what was taken, and no end of the stream behind it. */
static void assert_only_the_close_is_left(SOCKET pair[2])
{
  char byte;
  int error;

  assert_int_equal(transmit(pair[0], "x", 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAECONNABORTED);
  assert_int_equal(receive(pair[0], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAECONNABORTED);
  assert_int_equal(receive_the_rest(pair[1], &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
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

struct blocked {
  SOCKET s;
  DWORD flags;
  int result;
  int error;
};

static volatile LONG waiting;
static BOOL CALLBACK tell_that_it_waits(void)
{
  waiting = 1;
  return FALSE;
}

static DWORD WINAPI receive_on_thread(void *parameter)
{
  struct blocked *call = parameter;
  char byte;

  WSASetBlockingHook((FARPROC)tell_that_it_waits);
  call->result = receive_flags(call->s, &byte, 1, call->flags, &call->error);
  return 0;
}

static void it_ends_what_waits_on_other_threads(DWORD flags)
{
  SOCKET pair[2];
  struct blocked call = {.flags = flags, .result = UNTOUCHED};
  HANDLE thread;
  DWORD id;
  int error;

  new_pair(pair);
  call.s = pair[0];
  waiting = 0;
  thread = start_thread(receive_on_thread, &call, &id);
  for (int i = 0; i < LONG_TIME && waiting == 0; i++)
    Sleep(1);
  assert_int_equal(waiting, 1);
  install_hook(3, cancel_here, NULL);
  assert_int_equal(transmit(pair[0], much, MUCH, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  remove_hook();
  join_thread(thread);
  assert_int_equal(call.result, SOCKET_ERROR);
  assert_int_equal(call.error, WSAECONNABORTED);
  assert_only_the_close_is_left(pair);
}

static void it_ends_a_receive_of_another_thread(void **state)
{
  it_ends_what_waits_on_other_threads(0);
}

static void it_ends_a_peek_of_another_thread(void **state)
{
  it_ends_what_waits_on_other_threads(MSG_PEEK);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_cancelled_send_leaves_only_the_close),
      cmocka_unit_test(a_send_that_timed_out_leaves_only_the_close),
      cmocka_unit_test(it_ends_a_receive_of_another_thread),
      cmocka_unit_test(it_ends_a_peek_of_another_thread),
  };

  return cmocka_run_group_tests(tests, start, stop);
}
