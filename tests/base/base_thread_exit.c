/* A thread that ends inside its blocking hook leaves no pending receive that takes data, no locked
 * lock and no changed mode. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

/* Exit codes of the threads. */
enum { NOT_ENDED = 0, ENDED_IN_HOOK = 7 };

static BOOL CALLBACK end_the_thread(void)
{
  ExitThread(ENDED_IN_HOOK);
}

struct call {
  SOCKET s;
  char buffer[8];
};

static DWORD WINAPI receive_and_end(void *parameter)
{
  struct call *call = parameter;
  int error;

  WSASetBlockingHook((FARPROC)end_the_thread);
  receive(call->s, call->buffer, sizeof call->buffer, &error);
  return NOT_ENDED;
}

static DWORD WINAPI peek_and_end(void *parameter)
{
  struct call *call = parameter;
  int error;

  WSASetBlockingHook((FARPROC)end_the_thread);
  receive_flags(call->s, call->buffer, sizeof call->buffer, MSG_PEEK, &error);
  return NOT_ENDED;
}

static DWORD WINAPI accept_and_end(void *parameter)
{
  struct call *call = parameter;
  int error;

  WSASetBlockingHook((FARPROC)end_the_thread);
  base.lpWSPAccept(call->s, NULL, NULL, NULL, 0, &error);
  return NOT_ENDED;
}

static DWORD WINAPI select_and_end(void *parameter)
{
  struct call *call = parameter;
  fd_set set;
  int error;

  WSASetBlockingHook((FARPROC)end_the_thread);
  FD_ZERO(&set);
  FD_SET(call->s, &set);
  base.lpWSPSelect(0, &set, NULL, NULL, NULL, &error);
  return NOT_ENDED;
}

static DWORD WINAPI close_and_end(void *parameter)
{
  struct call *call = parameter;
  int error;

  WSASetBlockingHook((FARPROC)end_the_thread);
  base.lpWSPCloseSocket(call->s, &error);
  return NOT_ENDED;
}

enum { MUCH = 32 * 1024 * 1024 };
static char *much;

static DWORD WINAPI send_and_end(void *parameter)
{
  struct call *call = parameter;
  int error;

  WSASetBlockingHook((FARPROC)end_the_thread);
  transmit(call->s, much, MUCH, &error);
  return NOT_ENDED;
}

static SOCKADDR_STORAGE server;
static int server_length;

static DWORD WINAPI connect_and_end(void *parameter)
{
  struct call *call = parameter;
  int error;

  WSASetBlockingHook((FARPROC)end_the_thread);
  base.lpWSPConnect(call->s, (struct sockaddr *)&server, server_length, NULL, NULL, NULL, NULL,
                    &error);
  return NOT_ENDED;
}

static DWORD run_to_its_end(LPTHREAD_START_ROUTINE work, struct call *call)
{
  DWORD id;
  DWORD code = 0;
  const HANDLE thread = start_thread(work, call, &id);

  assert_int_equal(WaitForSingleObject(thread, LONG_TIME), WAIT_OBJECT_0);
  assert_true(GetExitCodeThread(thread, &code));
  CloseHandle(thread);
  return code;
}

static void end_inside(LPTHREAD_START_ROUTINE work, struct call *call)
{
  assert_int_equal(run_to_its_end(work, call), ENDED_IN_HOOK);
}

static void a_receive_takes_no_data(void **state)
{
  SOCKET pair[2];
  struct call call = {0};
  char buffer[8] = {0};
  int error;

  new_pair(pair);
  call.s = pair[1];
  end_inside(receive_and_end, &call);
  end_inside(peek_and_end, &call);
  end_inside(select_and_end, &call);
  must_send(pair[0], "mine");
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 4);
  assert_string_equal(buffer, "mine");
  assert_int_equal(call.buffer[0], 0);
  close_pair(pair);
}

static void an_accept_takes_no_connection(void **state)
{
  SOCKADDR_STORAGE address;
  int length;
  const SOCKET listener = new_listener(&address, &length);
  const SOCKET client = new_socket(AF_INET, SOCK_STREAM);
  struct call call = {.s = listener};
  SOCKET accepted;
  int error = UNTOUCHED;

  end_inside(accept_and_end, &call);
  assert_int_equal(base.lpWSPConnect(client, (struct sockaddr *)&address, length, NULL, NULL, NULL,
                                     NULL, &error),
                   0);
  accepted = base.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error);
  assert_true(accepted != INVALID_SOCKET);
  close_socket(accepted);
  close_socket(client);
  close_socket(listener);
}

static void a_lingering_close_goes_on(void **state)
{
  static char data[65536];
  const DWORD expected = system_close_lingers() ? ENDED_IN_HOOK : NOT_ENDED;
  SOCKET pair[2];
  struct call call = {0};
  int error;

  new_pair(pair);
  fill(pair[0]);
  set_linger(pair[0], 1, 3);
  call.s = pair[0];
  assert_int_equal(run_to_its_end(close_and_end, &call), expected);
  while (receive(pair[1], data, sizeof data, &error) > 0)
    continue;
  assert_int_equal(base.lpWSPCloseSocket(pair[0], &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
  close_socket(pair[1]);
}

/* The peer has an unknown part of the stream, so the socket must not be usable any more. */
static void a_send_leaves_only_the_close(void **state)
{
  SOCKET pair[2];
  struct call call = {0};
  int error;

  much = calloc(1, MUCH);
  assert_non_null(much);
  new_pair(pair);
  call.s = pair[0];
  end_inside(send_and_end, &call);
  assert_int_equal(transmit(pair[0], "x", 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAECONNABORTED);
  assert_int_equal(receive_the_rest(pair[1], &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
  close_pair(pair);
  free(much);
}

static void a_connect_ends_with_its_thread(void **state)
{
  SOCKET filling[FILLING];
  const SOCKET listener = new_full_listener(&server, &server_length, filling);
  struct call call = {.s = new_socket(AF_INET, SOCK_STREAM)};
  struct sockaddr_in peer;
  int length = sizeof peer;
  int error = UNTOUCHED;

  end_inside(connect_and_end, &call);
  assert_int_equal(base.lpWSPGetPeerName(call.s, (struct sockaddr *)&peer, &length, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAENOTCONN);
  close_socket(call.s);
  for (int i = 0; i < FILLING; i++)
    close_socket(filling[i]);
  close_socket(listener);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_receive_takes_no_data),
      cmocka_unit_test(an_accept_takes_no_connection),
      cmocka_unit_test(a_lingering_close_goes_on),
      cmocka_unit_test(a_send_leaves_only_the_close),
      cmocka_unit_test(a_connect_ends_with_its_thread),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
