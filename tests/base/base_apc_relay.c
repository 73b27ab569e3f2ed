/* Completion routines for another thread than the caller's (lpThreadId). They run on that thread,
 * and a call that finishes at once has filled the OVERLAPPED when it returns. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

#include <mswsock.h>

enum { PENDING = 0x103 };

static volatile struct completion {
  LONG runs;
  DWORD thread;
  DWORD error;
  DWORD transferred;
  LPWSAOVERLAPPED overlapped;
} completion;

static void CALLBACK routine(DWORD error, DWORD transferred, LPWSAOVERLAPPED overlapped,
                             DWORD flags)
{
  (void)flags;
  completion.thread = GetCurrentThreadId();
  completion.error = error;
  completion.transferred = transferred;
  completion.overlapped = overlapped;
  InterlockedIncrement(&completion.runs);
}

/* --- the thread that lpThreadId names ------------------------------------------------- */

static struct {
  HANDLE ready;
  HANDLE leave;
  HANDLE handle;
  DWORD id;
  WSATHREADID thread;
} sleeper;

static DWORD WINAPI sleep_alertably(void *unused)
{
  int error;

  (void)unused;
  WPUOpenCurrentThread(&sleeper.thread, &error);
  SetEvent(sleeper.ready);
  while (WaitForSingleObjectEx(sleeper.leave, INFINITE, TRUE) == WAIT_IO_COMPLETION)
    continue;
  WPUCloseThread(&sleeper.thread, &error);
  return 0;
}

static int start(void **state)
{
  if (start_base(state) != 0)
    return -1;
  sleeper.ready = CreateEventW(NULL, TRUE, FALSE, NULL);
  sleeper.leave = CreateEventW(NULL, TRUE, FALSE, NULL);
  sleeper.handle = start_thread(sleep_alertably, NULL, &sleeper.id);
  return WaitForSingleObject(sleeper.ready, LONG_TIME) == WAIT_OBJECT_0 ? 0 : -1;
}

static int stop(void **state)
{
  SetEvent(sleeper.leave);
  join_thread(sleeper.handle);
  CloseHandle(sleeper.ready);
  CloseHandle(sleeper.leave);
  return stop_base(state);
}

static void forget_completion(void)
{
  const struct completion none = {0};

  completion = none;
}

static void wait_for_routine(void)
{
  for (int i = 0; i < LONG_TIME && completion.runs == 0; i++)
    Sleep(1);
}

static void assert_it_ran_there(const WSAOVERLAPPED *overlapped, DWORD transferred)
{
  wait_for_routine();
  assert_int_equal(completion.runs, 1);
  assert_int_equal(completion.thread, sleeper.id);
  assert_int_equal(completion.error, 0);
  assert_int_equal(completion.transferred, transferred);
  assert_ptr_equal(completion.overlapped, overlapped);
}

static void assert_it_is_complete(SOCKET s, WSAOVERLAPPED *overlapped, DWORD transferred)
{
  DWORD result = UNTOUCHED;
  DWORD flags = UNTOUCHED;
  int error = UNTOUCHED;

  assert_true(base.lpWSPGetOverlappedResult(s, overlapped, &result, FALSE, &flags, &error));
  assert_int_equal(error, 0);
  assert_int_equal(result, transferred);
}

/* --- the tests ------------------------------------------------------------------------ */

static void a_receive_that_waits_is_relayed(void **state)
{
  SOCKET pair[2];
  WSAOVERLAPPED overlapped = {0};
  char buffer[8] = {0};
  WSABUF list = {sizeof buffer, buffer};
  DWORD received = UNTOUCHED;
  DWORD flags = 0;
  int error = UNTOUCHED;

  new_pair(pair);
  forget_completion();
  assert_int_equal(base.lpWSPRecv(pair[1], &list, 1, &received, &flags, &overlapped, routine,
                                  &sleeper.thread, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSA_IO_PENDING);
  assert_int_equal(overlapped.Internal, PENDING);
  must_send(pair[0], "there");
  assert_it_ran_there(&overlapped, 5);
  assert_it_is_complete(pair[1], &overlapped, 5);
  assert_string_equal(buffer, "there");
  close_pair(pair);
}

static void a_send_that_finishes_at_once_is_complete_when_it_returns(void **state)
{
  SOCKET pair[2];
  char data[] = "data";
  char buffer[8] = {0};
  WSABUF list = {4, data};
  int at_once = 0;
  int error;

  new_pair(pair);
  for (int i = 0; i < 20; i++) {
    WSAOVERLAPPED overlapped = {0};
    DWORD sent = UNTOUCHED;

    forget_completion();
    if (base.lpWSPSend(pair[0], &list, 1, &sent, 0, &overlapped, routine, &sleeper.thread,
                       &error) == 0) {
      at_once++;
      assert_int_equal(error, 0);
      assert_int_equal(sent, 4);
      assert_int_equal(overlapped.Internal, 0);
      assert_it_is_complete(pair[0], &overlapped, 4);
    }
    assert_it_ran_there(&overlapped, 4);
    assert_int_equal(receive(pair[1], buffer, 4, &error), 4);
  }
  assert_true(at_once > 0);
  close_pair(pair);
}

static void a_datagram_receive_is_relayed_with_its_address(void **state)
{
  SOCKADDR_STORAGE address;
  SOCKADDR_STORAGE own;
  struct sockaddr_in from = {0};
  INT from_length = sizeof from;
  int length;
  const SOCKET receiver = new_bound(AF_INET, SOCK_DGRAM, &address, &length);
  const SOCKET sender = new_bound(AF_INET, SOCK_DGRAM, &own, &length);
  WSAOVERLAPPED overlapped = {0};
  char buffer[8] = {0};
  WSABUF list = {sizeof buffer, buffer};
  DWORD received = UNTOUCHED;
  DWORD flags = 0;
  int error = UNTOUCHED;

  forget_completion();
  assert_int_equal(base.lpWSPRecvFrom(receiver, &list, 1, &received, &flags,
                                      (struct sockaddr *)&from, &from_length, &overlapped, routine,
                                      &sleeper.thread, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSA_IO_PENDING);
  list = (WSABUF){4, "from"};
  assert_int_equal(base.lpWSPSendTo(sender, &list, 1, &received, 0, (struct sockaddr *)&address,
                                    length, NULL, NULL, NULL, &error),
                   0);
  assert_it_ran_there(&overlapped, 4);
  assert_string_equal(buffer, "from");
  assert_int_equal(from.sin_port, ((struct sockaddr_in *)&own)->sin_port);
  close_socket(sender);
  close_socket(receiver);
}

static void a_datagram_that_is_too_long_is_relayed_with_its_error(void **state)
{
  SOCKADDR_STORAGE address;
  int length;
  const SOCKET receiver = new_bound(AF_INET, SOCK_DGRAM, &address, &length);
  const SOCKET sender = new_socket(AF_INET, SOCK_DGRAM);
  WSAOVERLAPPED overlapped = {0};
  char buffer[4] = {0};
  WSABUF out = {8, "too long"}, in = {sizeof buffer, buffer};
  DWORD count = UNTOUCHED, flags = 0;
  fd_set set;
  int error = UNTOUCHED;

  forget_completion();
  assert_int_equal(base.lpWSPSendTo(sender, &out, 1, &count, 0, (struct sockaddr *)&address, length,
                                    NULL, NULL, NULL, &error),
                   0);
  FD_ZERO(&set);
  FD_SET(receiver, &set);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, NULL, &error), 1);
  count = UNTOUCHED;
  assert_int_equal(base.lpWSPRecv(receiver, &in, 1, &count, &flags, &overlapped, routine,
                                  &sleeper.thread, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSA_IO_PENDING);
  wait_for_routine();
  assert_int_equal(completion.runs, 1);
  assert_int_equal(completion.thread, sleeper.id);
  assert_int_equal(completion.error, WSAEMSGSIZE);
  assert_int_equal(completion.transferred, sizeof buffer);
  assert_int_equal(count, UNTOUCHED);
  assert_memory_equal(buffer, "too ", sizeof buffer);
  close_socket(sender);
  close_socket(receiver);
}

static void an_ioctl_of_the_system_is_relayed(void **state)
{
  SOCKET pair[2];
  WSAOVERLAPPED overlapped = {0};
  u_long available = UNTOUCHED;
  DWORD returned = UNTOUCHED;
  int error = UNTOUCHED;

  new_pair(pair);
  forget_completion();
  if (base.lpWSPIoctl(pair[1], (DWORD)FIONREAD, NULL, 0, &available, sizeof available, &returned,
                      &overlapped, routine, &sleeper.thread, &error) != 0)
    assert_int_equal(error, WSA_IO_PENDING);
  wait_for_routine();
  /* The byte count is the system's: Wine stores none for this code. */
  assert_it_ran_there(&overlapped, (DWORD)overlapped.InternalHigh);
  assert_int_equal(available, 0);
  close_pair(pair);
}

static int ask_for_handle(SOCKET s, SOCKET *handle, WSAOVERLAPPED *overlapped,
                          LPWSAOVERLAPPED_COMPLETION_ROUTINE routine_or_null, LPWSATHREADID thread)
{
  DWORD returned = UNTOUCHED;
  int error = UNTOUCHED;

  *handle = INVALID_SOCKET;
  overlapped->Internal = PENDING;
  assert_int_equal(base.lpWSPIoctl(s, SIO_BSP_HANDLE, NULL, 0, handle, sizeof *handle, &returned,
                                   overlapped, routine_or_null, thread, &error),
                   0);
  assert_int_equal(error, 0);
  assert_int_equal(returned, sizeof *handle);
  assert_true(*handle == s);
  assert_int_equal(overlapped->Internal, 0);
  return (int)overlapped->InternalHigh;
}

static void an_ioctl_that_the_provider_answers_is_relayed(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  WSAOVERLAPPED overlapped = {0};
  SOCKET handle;

  forget_completion();
  assert_int_equal(ask_for_handle(s, &handle, &overlapped, routine, &sleeper.thread), 0);
  assert_it_ran_there(&overlapped, 0);
  close_socket(s);
}

static void without_a_thread_the_routine_runs_on_the_caller(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  WSAOVERLAPPED overlapped = {0};
  SOCKET handle;

  forget_completion();
  ask_for_handle(s, &handle, &overlapped, routine, NULL);
  assert_int_equal(completion.runs, 0);
  assert_int_equal(SleepEx(0, TRUE), WAIT_IO_COMPLETION);
  assert_int_equal(completion.runs, 1);
  assert_int_equal(completion.thread, GetCurrentThreadId());
  assert_int_equal(completion.transferred, 0);
  close_socket(s);
}

static void without_a_routine_the_event_is_set(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  SOCKET handle;

  assert_int_equal(ask_for_handle(s, &handle, &overlapped, NULL, NULL), 0);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, 0), WAIT_OBJECT_0);
  CloseHandle(overlapped.hEvent);
  close_socket(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_receive_that_waits_is_relayed),
      cmocka_unit_test(a_send_that_finishes_at_once_is_complete_when_it_returns),
      cmocka_unit_test(a_datagram_receive_is_relayed_with_its_address),
      cmocka_unit_test(a_datagram_that_is_too_long_is_relayed_with_its_error),
      cmocka_unit_test(an_ioctl_of_the_system_is_relayed),
      cmocka_unit_test(an_ioctl_that_the_provider_answers_is_relayed),
      cmocka_unit_test(without_a_thread_the_routine_runs_on_the_caller),
      cmocka_unit_test(without_a_routine_the_event_is_set),
  };

  return cmocka_run_group_tests(tests, start, stop);
}
