/* A cancel races the connection or the data that completes the call. Nothing is lost whichever is
 * first, and in a thousand rounds each is first at least once. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

enum { ROUNDS = 1000, DELAYS = 40, MICROSECONDS_EACH = 25, LARGE = 4 };

/* --- the blocked call, on a thread of its own ----------------------------------------- */

static volatile LONG waiting;
static BOOL CALLBACK tell_that_it_waits(void)
{
  InterlockedExchange(&waiting, 1);
  return FALSE;
}

struct call {
  SOCKET s;
  SOCKET accepted;
  int result;
  int error;
};

static DWORD WINAPI accept_on_thread(void *parameter)
{
  struct call *call = parameter;

  WSASetBlockingHook((FARPROC)tell_that_it_waits);
  call->accepted = base.lpWSPAccept(call->s, NULL, NULL, NULL, 0, &call->error);
  return 0;
}

static DWORD WINAPI receive_on_thread(void *parameter)
{
  struct call *call = parameter;
  char byte;

  WSASetBlockingHook((FARPROC)tell_that_it_waits);
  call->result = receive(call->s, &byte, 1, &call->error);
  return 0;
}

/* --- the canceller -------------------------------------------------------------------- */

static struct {
  HANDLE armed;
  HANDLE fired;
  HANDLE thread;
  DWORD target;
  unsigned delay;
  volatile LONG released;
  volatile LONG leave;
} canceller;

static void pass_time(unsigned microseconds)
{
  LARGE_INTEGER frequency;
  LARGE_INTEGER start;
  LARGE_INTEGER now;

  QueryPerformanceFrequency(&frequency);
  QueryPerformanceCounter(&start);
  do
    QueryPerformanceCounter(&now);
  while ((now.QuadPart - start.QuadPart) * 1000000 / frequency.QuadPart < microseconds);
}

static DWORD WINAPI cancel_when_released(void *unused)
{
  int error;

  (void)unused;
  while (WaitForSingleObject(canceller.armed, INFINITE) == WAIT_OBJECT_0 && !canceller.leave) {
    while (!canceller.released)
      YieldProcessor();
    pass_time(canceller.delay);
    Ws2SpiCancelBlockingCall(canceller.target, &error);
    SetEvent(canceller.fired);
  }
  return 0;
}

static int start(void **state)
{
  DWORD id;

  canceller.armed = CreateEventW(NULL, FALSE, FALSE, NULL);
  canceller.fired = CreateEventW(NULL, FALSE, FALSE, NULL);
  canceller.thread = start_thread(cancel_when_released, NULL, &id);
  return start_base(state);
}

static int stop(void **state)
{
  canceller.leave = 1;
  SetEvent(canceller.armed);
  join_thread(canceller.thread);
  CloseHandle(canceller.armed);
  CloseHandle(canceller.fired);
  return stop_base(state);
}

/* --- a round -------------------------------------------------------------------------- */

/* When this returns, the call waits and the canceller is ready. In even rounds the cancel is
 * delayed, in odd rounds the other side, by growing times. */
static HANDLE begin_round(int i, LPTHREAD_START_ROUTINE work, struct call *call)
{
  HANDLE thread;

  waiting = 0;
  canceller.released = 0;
  canceller.delay = i % 2 == 0 ? (unsigned)(i / 2 % DELAYS) * MICROSECONDS_EACH : 0;
  thread = start_thread(work, call, &canceller.target);
  for (int tries = 0; tries < LONG_TIME && waiting == 0; tries++)
    Sleep(tries < LARGE ? 0 : 1);
  assert_int_equal(waiting, 1);
  SetEvent(canceller.armed);
  return thread;
}

static void release_both(int i)
{
  canceller.released = 1;
  if (i % 2 != 0)
    pass_time((unsigned)(i / 2 % DELAYS) * MICROSECONDS_EACH);
}

static void end_round(HANDLE thread)
{
  assert_int_equal(WaitForSingleObject(canceller.fired, LONG_TIME), WAIT_OBJECT_0);
  join_thread(thread);
}

/* Does not wait, so a lost connection is an error at once. */
static SOCKET accept_what_is_left(SOCKET listener)
{
  SOCKET accepted;
  int error;

  assert_int_equal(set_nonblocking(listener, 1, &error), 0);
  accepted = base.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error);
  assert_int_equal(set_nonblocking(listener, 0, &error), 0);
  return accepted;
}

static void a_cancel_against_a_connection_loses_none(void **state)
{
  SOCKADDR_STORAGE server;
  int length;
  const SOCKET listener = new_listener(&server, &length);
  int interrupted = 0;

  for (int i = 0; i < ROUNDS; i++) {
    struct call call = {.s = listener, .accepted = INVALID_SOCKET, .error = UNTOUCHED};
    const HANDLE thread = begin_round(i, accept_on_thread, &call);
    const SOCKET client = new_socket(AF_INET, SOCK_STREAM);
    int error = UNTOUCHED;

    release_both(i);
    assert_int_equal(base.lpWSPConnect(client, (struct sockaddr *)&server, length, NULL, NULL, NULL,
                                       NULL, &error),
                     0);
    end_round(thread);
    if (call.accepted == INVALID_SOCKET) {
      assert_int_equal(call.error, WSAEINTR);
      call.accepted = accept_what_is_left(listener);
      interrupted++;
    }
    assert_true(call.accepted != INVALID_SOCKET);
    close_socket(call.accepted);
    close_socket(client);
  }
  assert_in_range(interrupted, 1, ROUNDS - 1);
  close_socket(listener);
}

static void a_cancel_against_data_loses_none(void **state)
{
  SOCKET pair[2];
  int interrupted = 0;

  new_pair(pair);
  set_timeout(pair[1], SO_RCVTIMEO, LONG_TIME / 4);
  for (int i = 0; i < ROUNDS; i++) {
    struct call call = {.s = pair[1], .result = UNTOUCHED, .error = UNTOUCHED};
    const HANDLE thread = begin_round(i, receive_on_thread, &call);
    char byte;
    int error;

    release_both(i);
    must_send(pair[0], "z");
    end_round(thread);
    if (call.result == SOCKET_ERROR) {
      assert_int_equal(call.error, WSAEINTR);
      call.result = receive(pair[1], &byte, 1, &error);
      interrupted++;
    }
    assert_int_equal(call.result, 1);
  }
  assert_in_range(interrupted, 1, ROUNDS - 1);
  close_pair(pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_cancel_against_a_connection_loses_none),
      cmocka_unit_test(a_cancel_against_data_loses_none),
  };

  return cmocka_run_group_tests(tests, start, stop);
}
