/* The completion indications of overlapped calls, one test for each row of the table in
 * WinSock/summary-of-overlapped-completion-indication-mechanisms-in-the-spi-2. */
#include "chains/pending.h"

static void assert_outcome(SOCKET s, struct pending *call, DWORD expected)
{
  DWORD bytes, flags;

  assert_int_equal(outcome(s, call, &bytes, &flags), 0);
  assert_int_equal(bytes, expected);
  assert_int_equal(flags, 0);
}

/* Without lpOverlapped the routine is ignored. */
static void without_an_overlapped_the_call_is_synchronous(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  WSABUF list = {sizeof buffer, buffer};
  DWORD received = UNTOUCHED, flags = 0;
  int error = UNTOUCHED;

  new_pair(pair);
  must_send(pair[0], "now");
  assert_int_equal(
      base.lpWSPRecv(pair[1], &list, 1, &received, &flags, NULL, note_completion, NULL, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(received, 3);
  assert_int_equal(SleepEx(0, TRUE), 0);
  close_pair(pair);
}

static void without_event_and_routine_the_client_can_poll(void **state)
{
  SOCKET pair[2];
  struct pending call;
  DWORD bytes, flags;

  new_pair(pair);
  start_receive(&call, pair[1], NULL, NULL, NULL);
  assert_int_equal(call.result, SOCKET_ERROR);
  assert_int_equal(call.error, WSA_IO_PENDING);
  assert_int_equal(call.bytes, UNTOUCHED);
  assert_false(HasOverlappedIoCompleted(&call.overlapped));
  assert_int_equal(outcome(pair[1], &call, &bytes, &flags), WSA_IO_INCOMPLETE);
  assert_int_equal(bytes, UNTOUCHED);
  must_send(pair[0], "polled");
  wait_by_polling(&call);
  assert_int_equal(call.overlapped.InternalHigh, 6);
  assert_memory_equal(call.buffer, "polled", 6);
  assert_outcome(pair[1], &call, 6);
  close_pair(pair);
}

static void without_event_and_routine_a_port_gets_a_packet(void **state)
{
  SOCKET pair[2];
  struct pending call;
  DWORD bytes = UNTOUCHED;
  ULONG_PTR key = 0;
  LPOVERLAPPED overlapped = NULL;
  HANDLE port;

  new_pair(pair);
  port = CreateIoCompletionPort((HANDLE)pair[1], NULL, 77, 0);
  assert_non_null(port);
  start_receive(&call, pair[1], NULL, NULL, NULL);
  assert_int_equal(call.error, WSA_IO_PENDING);
  assert_false(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
  assert_null(overlapped);
  must_send(pair[0], "packet");
  assert_true(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, LONG_TIME));
  assert_int_equal(bytes, 6);
  assert_int_equal(key, 77);
  assert_ptr_equal(overlapped, &call.overlapped);
  assert_outcome(pair[1], &call, 6);
  assert_false(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
  CloseHandle(port);
  close_pair(pair);
}

static void an_event_is_reset_and_then_set(void **state)
{
  SOCKET pair[2];
  struct pending call;
  const HANDLE event = CreateEventW(NULL, TRUE, TRUE, NULL);
  DWORD bytes, flags;

  new_pair(pair);
  start_receive(&call, pair[1], event, NULL, NULL);
  assert_int_equal(call.error, WSA_IO_PENDING);
  assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
  assert_int_equal(outcome(pair[1], &call, &bytes, &flags), WSA_IO_INCOMPLETE);
  must_send(pair[0], "event");
  assert_int_equal(WaitForSingleObject(event, LONG_TIME), WAIT_OBJECT_0);
  assert_outcome(pair[1], &call, 5);
  assert_memory_equal(call.buffer, "event", 5);
  CloseHandle(event);
  close_pair(pair);
}

static void a_result_can_be_waited_for(void **state)
{
  SOCKET pair[2], peer;
  struct pending call;
  DWORD bytes = UNTOUCHED, flags = UNTOUCHED;
  int error = UNTOUCHED;
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

  new_pair(pair);
  peer = system_handle(pair[0]);
  start_receive(&call, pair[1], event, NULL, NULL);
  send_past_the_chain(&peer);
  assert_true(
      base.lpWSPGetOverlappedResult(pair[1], &call.overlapped, &bytes, TRUE, &flags, &error));
  assert_int_equal(error, 0);
  assert_int_equal(bytes, 1);
  CloseHandle(event);
  close_pair(pair);
}

static void a_routine_runs_on_the_thread_that_is_named(void **state)
{
  SOCKET pair[2];
  struct pending call;
  WSATHREADID thread, given;
  int error = UNTOUCHED;
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

  new_pair(pair);
  assert_int_equal(WPUOpenCurrentThread(&thread, &error), 0);
  given = thread;
  start_receive(&call, pair[1], event, note_completion, &given);
  memset(&given, 0, sizeof given); /* the provider keeps a copy */
  assert_int_equal(call.error, WSA_IO_PENDING);
  must_send(pair[0], "routine");
  wait_for_routine(&call);
  assert_int_equal(call.routine_error, 0);
  assert_int_equal(call.routine_bytes, 7);
  assert_int_equal(call.routine_thread, GetCurrentThreadId());
  assert_memory_equal(call.buffer, "routine", 7);
  /* With a routine, the provider does not use hEvent. */
  assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
  assert_int_equal(WPUCloseThread(&thread, &error), 0);
  CloseHandle(event);
  close_pair(pair);
}

static void a_routine_without_a_named_thread_runs_on_the_calling_one(void **state)
{
  SOCKET pair[2];
  struct pending call;

  new_pair(pair);
  start_receive(&call, pair[1], NULL, note_completion, NULL);
  assert_int_equal(call.error, WSA_IO_PENDING);
  must_send(pair[0], "apc");
  wait_for_routine(&call);
  assert_int_equal(call.routine_bytes, 3);
  assert_int_equal(call.routine_thread, GetCurrentThreadId());
  close_pair(pair);
}

static void a_routine_posts_no_packet(void **state)
{
  SOCKET pair[2];
  struct pending call;
  DWORD bytes;
  ULONG_PTR key;
  LPOVERLAPPED overlapped = NULL;
  HANDLE port;

  new_pair(pair);
  if (!chain.own_handles) { /* the system decides for its own sockets */
    close_pair(pair);
    skip();
  }
  port = CreateIoCompletionPort((HANDLE)pair[1], NULL, 77, 0);
  start_receive(&call, pair[1], NULL, note_completion, NULL);
  must_send(pair[0], "apc");
  wait_for_routine(&call);
  assert_false(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
  assert_null(overlapped);
  CloseHandle(port);
  close_pair(pair);
}

/* --- operations that can finish at once ----------------------------------------------- */

static void an_operation_that_finishes_at_once_sets_its_event(void **state)
{
  SOCKET pair[2];
  struct pending call;
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

  new_pair(pair);
  start_send(&call, pair[0], "quick", event, NULL, NULL);
  assert_true(was_started(&call));
  if (call.result == 0) {
    assert_int_equal(call.bytes, 5);
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
  }
  assert_int_equal(WaitForSingleObject(event, LONG_TIME), WAIT_OBJECT_0);
  assert_outcome(pair[0], &call, 5);
  CloseHandle(event);
  close_pair(pair);
}

static void an_operation_that_finishes_at_once_posts_one_packet(void **state)
{
  SOCKET pair[2];
  struct pending call;
  DWORD bytes;
  ULONG_PTR key;
  LPOVERLAPPED overlapped;
  HANDLE port;

  new_pair(pair);
  port = CreateIoCompletionPort((HANDLE)pair[0], NULL, 5, 0);
  start_send(&call, pair[0], "quick", NULL, NULL, NULL);
  assert_true(was_started(&call));
  assert_true(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, LONG_TIME));
  assert_int_equal(bytes, 5);
  assert_ptr_equal(overlapped, &call.overlapped);
  assert_false(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
  CloseHandle(port);
  close_pair(pair);
}

static void an_operation_that_finishes_at_once_queues_its_routine(void **state)
{
  SOCKET pair[2];
  struct pending call;

  new_pair(pair);
  start_send(&call, pair[0], "quick", NULL, note_completion, NULL);
  assert_true(was_started(&call));
  assert_int_equal(call.runs, 0);
  if (call.result == 0) {
    assert_int_equal(SleepEx(0, TRUE), WAIT_IO_COMPLETION);
    assert_int_equal(call.runs, 1);
  }
  wait_for_routine(&call);
  assert_int_equal(call.routine_error, 0);
  assert_int_equal(call.routine_bytes, 5);
  close_pair(pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_an_overlapped_the_call_is_synchronous),
      cmocka_unit_test(without_event_and_routine_the_client_can_poll),
      cmocka_unit_test(without_event_and_routine_a_port_gets_a_packet),
      cmocka_unit_test(an_event_is_reset_and_then_set),
      cmocka_unit_test(a_result_can_be_waited_for),
      cmocka_unit_test(a_routine_runs_on_the_thread_that_is_named),
      cmocka_unit_test(a_routine_without_a_named_thread_runs_on_the_calling_one),
      cmocka_unit_test(a_routine_posts_no_packet),
      cmocka_unit_test(an_operation_that_finishes_at_once_sets_its_event),
      cmocka_unit_test(an_operation_that_finishes_at_once_posts_one_packet),
      cmocka_unit_test(an_operation_that_finishes_at_once_queues_its_routine),
  };

  return run_through_chains(tests, sizeof tests / sizeof tests[0]);
}
