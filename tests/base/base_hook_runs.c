/* When the base provider runs the blocking hook (WinSock/blocking-operations-2), and the processor
 * time of an idle wait. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

static void the_hook_does_not_run_when_data_has_arrived(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  int error;

  new_pair(pair);
  must_send(pair[0], "data");
  install_hook(0, NULL, NULL);
  assert_int_equal(receive(pair[1], buffer, 4, &error), 4);
  assert_int_equal(remove_hook(), 0);
  close_pair(pair);
}

static void the_hook_does_not_run_on_a_nonblocking_socket(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  int error;

  new_pair(pair);
  assert_int_equal(set_nonblocking(pair[1], 1, &error), 0);
  install_hook(0, NULL, NULL);
  assert_int_equal(receive(pair[1], buffer, 4, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
  assert_int_equal(remove_hook(), 0);
  close_pair(pair);
}

static void the_hook_does_not_run_for_an_overlapped_call(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  WSABUF list = {sizeof buffer, buffer};
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  DWORD received = UNTOUCHED;
  DWORD flags = 0;
  int error = UNTOUCHED;

  new_pair(pair);
  install_hook(0, NULL, NULL);
  assert_int_equal(
      base.lpWSPRecv(pair[1], &list, 1, &received, &flags, &overlapped, NULL, NULL, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSA_IO_PENDING);
  assert_int_equal(received, UNTOUCHED);
  assert_int_equal(remove_hook(), 0);
  must_send(pair[0], "data");
  assert_true(base.lpWSPGetOverlappedResult(pair[1], &overlapped, &received, TRUE, &flags, &error));
  assert_int_equal(received, 4);
  CloseHandle(overlapped.hEvent);
  close_pair(pair);
}

static void the_hook_does_not_run_for_a_select_without_a_wait(void **state)
{
  SOCKET pair[2];
  fd_set set;
  struct timeval none = {0, 0};
  int error = UNTOUCHED;

  new_pair(pair);
  FD_ZERO(&set);
  FD_SET(pair[1], &set);
  install_hook(0, NULL, NULL);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, &none, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(set.fd_count, 0);
  assert_int_equal(remove_hook(), 0);
  close_pair(pair);
}

static void the_hook_runs_while_a_receive_waits(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  int error;

  new_pair(pair);
  install_hook(3, send_text, &pair[0]);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 1);
  assert_int_equal(error, 0);
  assert_int_equal(remove_hook(), 3);
  close_pair(pair);
}

static void the_hook_runs_while_a_select_waits(void **state)
{
  SOCKET pair[2];
  fd_set set;
  int error = UNTOUCHED;

  new_pair(pair);
  FD_ZERO(&set);
  FD_SET(pair[1], &set);
  install_hook(3, send_text, &pair[0]);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, NULL, &error), 1);
  assert_int_equal(error, 0);
  assert_int_equal(remove_hook(), 3);
  assert_true(FD_ISSET(pair[1], &set));
  close_pair(pair);
}

static ULONGLONG thread_time(void)
{
  FILETIME made;
  FILETIME ended;
  ULARGE_INTEGER kernel;
  ULARGE_INTEGER user;

  assert_true(
      GetThreadTimes(GetCurrentThread(), &made, &ended, (FILETIME *)&kernel, (FILETIME *)&user));
  return kernel.QuadPart + user.QuadPart;
}

/* During a time-out of three seconds the hook runs at least five times a second and at most once in
 * ten milliseconds, and the thread uses less than a hundredth of a processor. */
static void an_idle_wait_runs_the_hook_and_uses_no_processor_time(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  ULONGLONG used;
  LONG runs;
  int error;

  new_pair(pair);
  set_timeout(pair[1], SO_RCVTIMEO, 3000);
  install_hook(0, NULL, NULL);
  used = thread_time();
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), SOCKET_ERROR);
  used = thread_time() - used;
  runs = remove_hook();
  assert_int_equal(error, WSAETIMEDOUT);
  assert_in_range(runs, 15, 300);
  assert_in_range(used, 0, 299999);
  close_pair(pair);
}

static struct {
  SOCKET s;
  int result;
  int error;
} nested;

static void receive_in_hook(void *unused)
{
  char byte;

  (void)unused;
  nested.result = receive(nested.s, &byte, 1, &nested.error);
  cancel_here(NULL);
}

static void a_call_that_would_wait_inside_the_hook_is_refused(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  int error;

  new_pair(pair);
  nested.s = pair[0];
  nested.result = UNTOUCHED;
  install_hook(1, receive_in_hook, NULL);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  remove_hook();
  assert_int_equal(nested.result, SOCKET_ERROR);
  assert_int_equal(nested.error, WSAEINPROGRESS);
  close_pair(pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_hook_does_not_run_when_data_has_arrived),
      cmocka_unit_test(the_hook_does_not_run_on_a_nonblocking_socket),
      cmocka_unit_test(the_hook_does_not_run_for_an_overlapped_call),
      cmocka_unit_test(the_hook_does_not_run_for_a_select_without_a_wait),
      cmocka_unit_test(the_hook_runs_while_a_receive_waits),
      cmocka_unit_test(the_hook_runs_while_a_select_waits),
      cmocka_unit_test(an_idle_wait_runs_the_hook_and_uses_no_processor_time),
      cmocka_unit_test(a_call_that_would_wait_inside_the_hook_is_refused),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
