/* Overlapped calls: events, completion ports, completion routines. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

struct pending {
  WSAOVERLAPPED overlapped; /* first: the routine gets its address */
  char buffer[16];
  DWORD received;
  DWORD flags;
  int result;
  int error;
};

struct completion {
  LONG runs;
  DWORD thread;
  DWORD error;
  DWORD transferred;
  LPWSAOVERLAPPED overlapped;
};
static volatile struct completion completion;

static void CALLBACK routine(DWORD error, DWORD transferred, LPWSAOVERLAPPED overlapped,
                             DWORD flags)
{
  (void)flags;
  completion.thread = GetCurrentThreadId();
  completion.error = error;
  completion.transferred = transferred;
  completion.overlapped = overlapped;
  completion.runs++;
}

static void forget_completion(void)
{
  const struct completion none = {0};

  completion = none;
}

static void start_receive(SOCKET s, struct pending *call, HANDLE event,
                          LPWSAOVERLAPPED_COMPLETION_ROUTINE routine_or_null, LPWSATHREADID thread)
{
  WSABUF list = {sizeof call->buffer, call->buffer};

  memset(call, 0, sizeof *call);
  call->overlapped.hEvent = event;
  call->received = UNTOUCHED;
  call->error = UNTOUCHED;
  call->result = base.lpWSPRecv(s, &list, 1, &call->received, &call->flags, &call->overlapped,
                                routine_or_null, thread, &call->error);
}

static void completion_sets_the_event(void **state)
{
  SOCKET pair[2];
  struct pending call;
  const HANDLE event = CreateEventW(NULL, TRUE, TRUE, NULL);
  int error = UNTOUCHED;

  new_pair(pair);
  start_receive(pair[1], &call, event, NULL, NULL);
  assert_int_equal(call.result, SOCKET_ERROR);
  assert_int_equal(call.error, WSA_IO_PENDING);
  assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
  assert_false(base.lpWSPGetOverlappedResult(pair[1], &call.overlapped, &call.received, FALSE,
                                             &call.flags, &error));
  assert_int_equal(error, WSA_IO_INCOMPLETE);
  must_send(pair[0], "event");
  assert_int_equal(WaitForSingleObject(event, LONG_TIME), WAIT_OBJECT_0);
  assert_true(base.lpWSPGetOverlappedResult(pair[1], &call.overlapped, &call.received, FALSE,
                                            &call.flags, &error));
  assert_int_equal(error, 0);
  assert_int_equal(call.received, 5);
  assert_string_equal(call.buffer, "event");
  CloseHandle(event);
  close_pair(pair);
}

static void a_call_that_finishes_at_once_sets_the_event(void **state)
{
  SOCKET pair[2];
  struct pending call;
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

  new_pair(pair);
  must_send(pair[0], "there");
  start_receive(pair[1], &call, event, NULL, NULL);
  if (call.result == 0) {
    assert_int_equal(call.error, 0);
    assert_int_equal(call.received, 5);
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
  } else {
    assert_int_equal(call.error, WSA_IO_PENDING);
    assert_int_equal(WaitForSingleObject(event, LONG_TIME), WAIT_OBJECT_0);
  }
  assert_string_equal(call.buffer, "there");
  CloseHandle(event);
  close_pair(pair);
}

static void a_port_gets_the_clients_packets_only(void **state)
{
  SOCKET pair[2];
  struct pending call;
  HANDLE port;
  DWORD transferred = 0;
  ULONG_PTR key = 0;
  LPOVERLAPPED overlapped = NULL;
  char buffer[8];
  int error;

  new_pair(pair);
  port = CreateIoCompletionPort((HANDLE)pair[1], NULL, 77, 0);
  assert_non_null(port);
  must_send(pair[0], "sync");
  assert_int_equal(receive(pair[1], buffer, 4, &error), 4);
  set_timeout(pair[1], SO_RCVTIMEO, 50);
  assert_int_equal(receive(pair[1], buffer, 4, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAETIMEDOUT);
  assert_false(GetQueuedCompletionStatus(port, &transferred, &key, &overlapped, 0));
  assert_null(overlapped);
  start_receive(pair[1], &call, NULL, NULL, NULL);
  must_send(pair[0], "packet");
  assert_true(GetQueuedCompletionStatus(port, &transferred, &key, &overlapped, LONG_TIME));
  assert_int_equal(transferred, 6);
  assert_int_equal(key, 77);
  assert_ptr_equal(overlapped, &call.overlapped);
  CloseHandle(port);
  close_pair(pair);
}

static void a_routine_runs_on_the_calling_thread(void **state)
{
  SOCKET pair[2];
  struct pending call;
  WSATHREADID thread;
  int error = UNTOUCHED;

  new_pair(pair);
  forget_completion();
  assert_int_equal(WPUOpenCurrentThread(&thread, &error), 0);
  start_receive(pair[1], &call, NULL, routine, &thread);
  assert_int_equal(call.error, WSA_IO_PENDING);
  must_send(pair[0], "apc");
  for (int i = 0; i < LONG_TIME && completion.runs == 0; i++)
    SleepEx(1, TRUE);
  assert_int_equal(completion.runs, 1);
  assert_int_equal(completion.thread, GetCurrentThreadId());
  assert_int_equal(completion.error, 0);
  assert_int_equal(completion.transferred, 3);
  assert_ptr_equal(completion.overlapped, &call.overlapped);
  WPUCloseThread(&thread, &error);
  close_pair(pair);
}

static void a_routine_runs_inside_a_blocking_wait(void **state)
{
  SOCKET pair[2];
  SOCKET other[2];
  struct pending call;
  char buffer[8];
  int error;

  new_pair(pair);
  new_pair(other);
  forget_completion();
  set_timeout(other[1], SO_RCVTIMEO, 300);
  start_receive(pair[1], &call, NULL, routine, NULL);
  must_send(pair[0], "apc");
  assert_int_equal(receive(other[1], buffer, sizeof buffer, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAETIMEDOUT);
  assert_int_equal(completion.runs, 1);
  close_pair(other);
  close_pair(pair);
}

/* --- a datagram that is longer than the buffer ----------------------------------------- */

/* The receiver has the datagram before the call. */
static SOCKET receiver_with_long_datagram(void)
{
  static const char text[] = "longer than the sixteen bytes of the receiver";
  SOCKADDR_STORAGE address;
  int length;
  const SOCKET receiver = new_bound(AF_INET, SOCK_DGRAM, &address, &length);
  const SOCKET sender = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  fd_set set;
  int error = UNTOUCHED;

  sendto(sender, text, sizeof text, 0, (struct sockaddr *)&address, length);
  closesocket(sender);
  FD_ZERO(&set);
  FD_SET(receiver, &set);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, NULL, &error), 1);
  return receiver;
}

static void assert_received_in_part(SOCKET s, struct pending *call)
{
  DWORD bytes = UNTOUCHED, flags = UNTOUCHED;
  int error = UNTOUCHED;

  assert_int_equal(call->result, SOCKET_ERROR);
  assert_int_equal(call->error, WSA_IO_PENDING);
  assert_int_equal(call->received, UNTOUCHED);
  assert_false(base.lpWSPGetOverlappedResult(s, &call->overlapped, &bytes, FALSE, &flags, &error));
  assert_int_equal(error, WSAEMSGSIZE);
  assert_int_equal(call->overlapped.InternalHigh, sizeof call->buffer);
  assert_memory_equal(call->buffer, "longer than the ", sizeof call->buffer);
}

/* An error beside the indication would be a second one. */
static void a_datagram_that_is_too_long_is_indicated_by_the_event_alone(void **state)
{
  const SOCKET s = receiver_with_long_datagram();
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  struct pending call;

  start_receive(s, &call, event, NULL, NULL);
  assert_int_equal(WaitForSingleObject(event, LONG_TIME), WAIT_OBJECT_0);
  assert_received_in_part(s, &call);
  CloseHandle(event);
  close_socket(s);
}

static void a_datagram_that_is_too_long_is_indicated_by_one_packet(void **state)
{
  const SOCKET s = receiver_with_long_datagram();
  const HANDLE port = CreateIoCompletionPort((HANDLE)s, NULL, 77, 0);
  struct pending call;
  DWORD bytes = UNTOUCHED;
  ULONG_PTR key;
  LPOVERLAPPED overlapped = NULL;

  start_receive(s, &call, NULL, NULL, NULL);
  assert_false(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, LONG_TIME));
  assert_int_equal(GetLastError(), ERROR_MORE_DATA);
  assert_ptr_equal(overlapped, &call.overlapped);
  assert_int_equal(bytes, sizeof call.buffer);
  assert_received_in_part(s, &call);
  overlapped = NULL;
  assert_false(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
  assert_null(overlapped);
  CloseHandle(port);
  close_socket(s);
}

static void a_datagram_that_is_too_long_is_indicated_by_the_routine_alone(void **state)
{
  const SOCKET s = receiver_with_long_datagram();
  struct pending call;

  forget_completion();
  start_receive(s, &call, NULL, routine, NULL);
  for (int i = 0; i < LONG_TIME && completion.runs == 0; i++)
    SleepEx(1, TRUE);
  assert_int_equal(completion.runs, 1);
  assert_int_equal(completion.error, WSAEMSGSIZE);
  assert_int_equal(completion.transferred, sizeof call.buffer);
  assert_received_in_part(s, &call);
  close_socket(s);
}

static void an_overlapped_structure_is_ignored_on_a_socket_not_made_for_it(void **state)
{
  SOCKADDR_STORAGE address;
  int length;
  const SOCKET receiver = new_bound(AF_INET, SOCK_DGRAM, &address, &length);
  WSAOVERLAPPED overlapped = {.Internal = UNTOUCHED};
  char data[] = "plain";
  WSABUF list = {5, data};
  DWORD sent = UNTOUCHED;
  int error = UNTOUCHED;
  const SOCKET s = base.lpWSPSocket(AF_INET, SOCK_DGRAM, 0, NULL, 0, 0, &error);

  assert_true(s != INVALID_SOCKET);
  assert_int_equal(base.lpWSPSendTo(s, &list, 1, &sent, 0, (struct sockaddr *)&address, length,
                                    &overlapped, NULL, NULL, &error),
                   0);
  assert_int_equal(sent, 5);
  assert_int_equal(overlapped.Internal, UNTOUCHED);
  close_socket(s);
  close_socket(receiver);
}

static void a_result_cannot_be_waited_for_without_an_event(void **state)
{
  SOCKET pair[2];
  struct pending call;
  int error = UNTOUCHED;

  new_pair(pair);
  start_receive(pair[1], &call, NULL, NULL, NULL);
  assert_false(base.lpWSPGetOverlappedResult(pair[1], &call.overlapped, &call.received, TRUE,
                                             &call.flags, &error));
  assert_int_equal(error, WSA_INVALID_HANDLE);
  assert_int_equal(call.received, UNTOUCHED);
  close_pair(pair);
  /* The system may write to `call` until then. */
  for (int i = 0; i < LONG_TIME && !HasOverlappedIoCompleted(&call.overlapped); i++)
    Sleep(1);
  assert_true(HasOverlappedIoCompleted(&call.overlapped));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(completion_sets_the_event),
      cmocka_unit_test(a_call_that_finishes_at_once_sets_the_event),
      cmocka_unit_test(a_port_gets_the_clients_packets_only),
      cmocka_unit_test(a_routine_runs_on_the_calling_thread),
      cmocka_unit_test(a_routine_runs_inside_a_blocking_wait),
      cmocka_unit_test(a_datagram_that_is_too_long_is_indicated_by_the_event_alone),
      cmocka_unit_test(a_datagram_that_is_too_long_is_indicated_by_one_packet),
      cmocka_unit_test(a_datagram_that_is_too_long_is_indicated_by_the_routine_alone),
      cmocka_unit_test(an_overlapped_structure_is_ignored_on_a_socket_not_made_for_it),
      cmocka_unit_test(a_result_cannot_be_waited_for_without_an_event),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
