/* WSPCloseSocket: lingering, and what happens to calls of other threads. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

static void a_closed_socket_is_no_socket(void **state)
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

/* A reset on Windows; Wine shuts the connection down first. So what the peer sees is
 * what it sees of the system's own close. */
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

struct blocked {
  SOCKET s;
  int result;
  int error;
};

static DWORD WINAPI receive_until_closed(void *parameter)
{
  struct blocked *call = parameter;
  char byte;

  call->result = receive(call->s, &byte, 1, &call->error);
  return 0;
}

static DWORD WINAPI peek_until_closed(void *parameter)
{
  struct blocked *call = parameter;
  char byte;

  call->result = receive_flags(call->s, &byte, 1, MSG_PEEK, &call->error);
  return 0;
}

static DWORD WINAPI select_until_closed(void *parameter)
{
  struct blocked *call = parameter;
  fd_set set;

  FD_ZERO(&set);
  FD_SET(call->s, &set);
  call->error = UNTOUCHED;
  call->result = base.lpWSPSelect(0, &set, NULL, NULL, NULL, &call->error);
  return 0;
}

static DWORD WINAPI accept_until_closed(void *parameter)
{
  struct blocked *call = parameter;

  call->error = UNTOUCHED;
  call->result = (int)base.lpWSPAccept(call->s, NULL, NULL, NULL, 0, &call->error);
  return 0;
}

static volatile LONG waiting;
static BOOL CALLBACK tell_that_it_waits(void)
{
  waiting = 1;
  return FALSE;
}

static LPTHREAD_START_ROUTINE hooked_work;
static DWORD WINAPI with_hook(void *parameter)
{
  WSASetBlockingHook((FARPROC)tell_that_it_waits);
  return hooked_work(parameter);
}

/* The hook shows that the call waits; the close ends it. */
static void close_ends(LPTHREAD_START_ROUTINE work, SOCKET s)
{
  struct blocked call = {.s = s, .result = UNTOUCHED};
  HANDLE thread;
  DWORD id;

  waiting = 0;
  hooked_work = work;
  thread = start_thread(with_hook, &call, &id);
  for (int i = 0; i < LONG_TIME && waiting == 0; i++)
    Sleep(1);
  assert_int_equal(waiting, 1);
  close_socket(s);
  join_thread(thread);
  assert_int_equal(call.result, SOCKET_ERROR);
  assert_int_equal(call.error, WSAEINTR);
}

static void it_interrupts_a_receive_of_another_thread(void **state)
{
  SOCKET pair[2];

  new_pair(pair);
  close_ends(receive_until_closed, pair[1]);
  close_socket(pair[0]);
}

static void it_interrupts_a_peek_of_another_thread(void **state)
{
  SOCKET pair[2];

  new_pair(pair);
  close_ends(peek_until_closed, pair[1]);
  close_socket(pair[0]);
}

static void it_interrupts_a_select_of_another_thread(void **state)
{
  SOCKET pair[2];

  new_pair(pair);
  close_ends(select_until_closed, pair[1]);
  close_socket(pair[0]);
}

/* The connection lives on in the duplicate, so nothing but the close itself can tell. */
static void it_interrupts_them_though_there_is_a_duplicate(void **state)
{
  static const LPTHREAD_START_ROUTINE works[] = {receive_until_closed, peek_until_closed,
                                                 select_until_closed};

  for (int i = 0; i < 3; i++) {
    SOCKET pair[2];
    WSAPROTOCOL_INFOW info;
    SOCKET twin;
    int error = UNTOUCHED;

    new_pair(pair);
    assert_int_equal(base.lpWSPDuplicateSocket(pair[1], GetCurrentProcessId(), &info, &error), 0);
    twin = base.lpWSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0,
                            WSA_FLAG_OVERLAPPED, &error);
    assert_true(twin != INVALID_SOCKET);
    close_ends(works[i], pair[1]);
    close_socket(twin);
    close_socket(pair[0]);
  }
}

static void it_interrupts_an_accept_of_another_thread(void **state)
{
  SOCKADDR_STORAGE address;
  int length;

  close_ends(accept_until_closed, new_listener(&address, &length));
}

static void it_completes_overlapped_calls_as_aborted(void **state)
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
      cmocka_unit_test(a_closed_socket_is_no_socket),
      cmocka_unit_test(a_lingering_close_with_nothing_to_send_runs_no_hook),
      cmocka_unit_test(a_lingering_close_can_be_cancelled_and_goes_on),
      cmocka_unit_test(a_zero_linger_ends_as_the_systems_own),
      cmocka_unit_test(it_interrupts_a_receive_of_another_thread),
      cmocka_unit_test(it_interrupts_a_peek_of_another_thread),
      cmocka_unit_test(it_interrupts_a_select_of_another_thread),
      cmocka_unit_test(it_interrupts_them_though_there_is_a_duplicate),
      cmocka_unit_test(it_interrupts_an_accept_of_another_thread),
      cmocka_unit_test(it_completes_overlapped_calls_as_aborted),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
