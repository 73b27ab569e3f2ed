/* Starting and stopping chains: counted starts, a cleanup with open sockets and pending operations,
 * a start after the last stop, and threads that end inside the hook. */
#include "chains/pending.h"

static int start(DWORD id, WSPPROC_TABLE *table)
{
  int error = UNTOUCHED;

  return Ws2SpiStartProvider(id, table, &error) == 0 ? 0 : error;
}

static int stop(DWORD id)
{
  int error = UNTOUCHED;

  return Ws2SpiStopProvider(id, &error) == 0 ? 0 : error;
}

/* Stops the start that the fixture has made, until start_again. */
static void stop_all(void)
{
  assert_int_equal(stop(chain.tcp_entry), 0);
}

static void start_again(void)
{
  assert_int_equal(start(chain.tcp_entry, &chain.tcp), 0);
  use_tcp();
}

static void a_chain_starts_again_after_its_last_stop(void **state)
{
  SOCKET pair[2];
  char byte;
  int error;

  stop_all();
  start_again();
  new_pair(pair);
  must_send(pair[0], "x");
  assert_int_equal(receive(pair[1], &byte, 1, &error), 1);
  close_pair(pair);
}

static void a_second_start_needs_a_second_stop(void **state)
{
  WSPPROC_TABLE second;
  SOCKET pair[2];

  assert_int_equal(start(chain.tcp_entry, &second), 0);
  assert_ptr_equal(second.lpWSPSocket, chain.tcp.lpWSPSocket);
  assert_int_equal(stop(chain.tcp_entry), 0);
  new_pair(pair);
  close_pair(pair);
}

/* The UDP chain keeps the one base provider started, so the TCP sockets are closed by the layer,
 * which only a layer with handles of its own can do. */
static void a_cleanup_ends_pending_operations_without_notification(void **state)
{
  SOCKET pair[2];
  static struct pending by_event, by_routine;
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  int error;

  if (!chain.own_handles)
    skip();
  new_pair(pair);
  start_receive(&by_event, pair[1], event, NULL, NULL);
  start_receive(&by_routine, pair[1], NULL, note_completion, NULL);
  stop_all();
  assert_true(HasOverlappedIoCompleted(&by_event.overlapped));
  assert_true(HasOverlappedIoCompleted(&by_routine.overlapped));
  assert_int_equal(by_event.overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
  assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
  assert_int_equal(SleepEx(0, TRUE), 0);
  assert_int_equal(by_routine.runs, 0);
  start_again();
  assert_int_equal(base.lpWSPCloseSocket(pair[1], &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
  CloseHandle(event);
}

static int error_in_hook;

static void clean_up_here(void *unused)
{
  (void)unused;
  error_in_hook = UNTOUCHED;
  base.lpWSPCleanup(&error_in_hook);
  WSACancelBlockingCall();
}

static void a_cleanup_inside_the_hook_is_refused(void **state)
{
  SOCKET pair[2];
  char byte;
  int error;

  new_pair(pair);
  install_hook(1, clean_up_here, NULL);
  assert_int_equal(receive(pair[1], &byte, 1, &error), SOCKET_ERROR);
  remove_hook();
  assert_int_equal(error_in_hook, WSAEINPROGRESS);
  close_pair(pair);
}

/* --- threads that end inside the hook ------------------------------------------------- */

static BOOL CALLBACK end_the_thread(void)
{
  ExitThread(7);
}

static DWORD WINAPI receive_and_end(void *parameter)
{
  char byte;
  int error;

  WSASetBlockingHook((FARPROC)end_the_thread);
  receive(*(SOCKET *)parameter, &byte, 1, &error);
  return 0;
}

static DWORD WINAPI select_and_end(void *parameter)
{
  fd_set set;
  int error;

  WSASetBlockingHook((FARPROC)end_the_thread);
  FD_ZERO(&set);
  FD_SET(*(SOCKET *)parameter, &set);
  base.lpWSPSelect(0, &set, NULL, NULL, NULL, &error);
  return 0;
}

/* Otherwise stop_all would wait for the sockets without end. */
static void a_thread_that_ends_inside_the_hook_keeps_no_socket(void **state)
{
  SOCKET pair[2];
  DWORD id;

  new_pair(pair);
  join_thread(start_thread(receive_and_end, &pair[1], &id));
  join_thread(start_thread(select_and_end, &pair[1], &id));
  close_pair(pair);
  stop_all();
  start_again();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_chain_starts_again_after_its_last_stop),
      cmocka_unit_test(a_second_start_needs_a_second_stop),
      cmocka_unit_test(a_cleanup_ends_pending_operations_without_notification),
      cmocka_unit_test(a_cleanup_inside_the_hook_is_refused),
      cmocka_unit_test(a_thread_that_ends_inside_the_hook_keeps_no_socket),
  };

  return run_through_chains(tests, sizeof tests / sizeof tests[0]);
}
