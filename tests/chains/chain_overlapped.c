/* Overlapped operations through a chain that fail or are aborted, and those of other procedures
 * than WSPRecv and WSPSend. */
#include "chains/pending.h"

#include <mswsock.h>

/* --- a close aborts pending operations ------------------------------------------------ */

static void a_close_aborts_and_sets_the_event(void **state)
{
  SOCKET pair[2];
  struct pending call;
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

  new_pair(pair);
  start_receive(&call, pair[1], event, NULL, NULL);
  assert_int_equal(call.error, WSA_IO_PENDING);
  close_socket(pair[1]);
  assert_int_equal(WaitForSingleObject(event, LONG_TIME), WAIT_OBJECT_0);
  wait_by_polling(&call);
  assert_int_equal(call.overlapped.InternalHigh, 0);
  if (chain.own_handles)
    assert_int_equal(call.overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
  CloseHandle(event);
  close_socket(pair[0]);
}

static void a_close_aborts_and_posts_a_packet(void **state)
{
  SOCKET pair[2];
  struct pending call;
  DWORD bytes = UNTOUCHED;
  ULONG_PTR key = 0;
  LPOVERLAPPED overlapped = NULL;
  HANDLE port;

  new_pair(pair);
  port = CreateIoCompletionPort((HANDLE)pair[1], NULL, 9, 0);
  start_receive(&call, pair[1], NULL, NULL, NULL);
  close_socket(pair[1]);
  GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, LONG_TIME);
  assert_ptr_equal(overlapped, &call.overlapped);
  assert_int_equal(bytes, 0);
  assert_int_equal(key, 9);
  overlapped = NULL;
  assert_false(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
  assert_null(overlapped);
  CloseHandle(port);
  close_socket(pair[0]);
}

/* Wine asks the system's socket for the result before it runs a routine, and the socket is closed
 * by then. */
static void assert_aborted(DWORD error)
{
  assert_true(error == WSA_OPERATION_ABORTED ||
              (!chain.own_handles && (error == WSAEINVAL || error == WSAENOTSOCK)));
}

static void a_close_aborts_and_runs_the_routine(void **state)
{
  SOCKET pair[2];
  struct pending call;

  new_pair(pair);
  start_receive(&call, pair[1], NULL, note_completion, NULL);
  close_socket(pair[1]);
  wait_for_routine(&call);
  assert_aborted(call.routine_error);
  assert_int_equal(call.routine_bytes, 0);
  close_socket(pair[0]);
}

/* --- errors --------------------------------------------------------------------------- */

static void an_operation_that_does_not_start_notifies_nobody(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  struct pending call;
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

  start_receive(&call, s, event, NULL, NULL);
  assert_int_equal(call.result, SOCKET_ERROR);
  assert_int_equal(call.error, WSAENOTCONN);
  assert_int_equal(call.bytes, UNTOUCHED);
  if (chain.own_handles) /* for the system's sockets, Wine leaves it marked as pending */
    assert_true(HasOverlappedIoCompleted(&call.overlapped));
  assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
  start_receive(&call, s, NULL, note_completion, NULL);
  assert_int_equal(call.error, WSAENOTCONN);
  assert_int_equal(SleepEx(0, TRUE), 0);
  assert_int_equal(call.runs, 0);
  CloseHandle(event);
  close_socket(s);
}

static void a_datagram_that_is_too_long_ends_with_its_error(void **state)
{
  struct sockaddr_in here, there;
  struct pending call;
  char text[] = "longer than the sixteen bytes of the receiver";
  WSABUF list = {sizeof text, text};
  DWORD sent, bytes, flags;
  SOCKET sender, receiver;
  int error;

  use_udp();
  sender = new_datagram(&here);
  receiver = new_datagram(&there);
  start_receive(&call, receiver, NULL, NULL, NULL);
  assert_int_equal(call.error, WSA_IO_PENDING);
  assert_int_equal(base.lpWSPSendTo(sender, &list, 1, &sent, 0, (struct sockaddr *)&there,
                                    sizeof there, NULL, NULL, NULL, &error),
                   0);
  wait_by_polling(&call);
  assert_int_equal(outcome(receiver, &call, &bytes, &flags), WSAEMSGSIZE);
  assert_int_equal(call.overlapped.InternalHigh, sizeof call.buffer);
  assert_memory_equal(call.buffer, text, sizeof call.buffer);
  close_socket(receiver);
  close_socket(sender);
}

/* It has arrived before the call, and is indicated once all the same. */
static void a_datagram_that_is_too_long_is_indicated_by_one_packet(void **state)
{
  struct sockaddr_in here, there;
  struct pending call;
  char text[] = "longer than the sixteen bytes of the receiver";
  WSABUF list = {sizeof text, text};
  DWORD sent, bytes = UNTOUCHED;
  ULONG_PTR key;
  LPOVERLAPPED overlapped = NULL;
  SOCKET sender, receiver;
  HANDLE port;
  fd_set set;
  int error;

  use_udp();
  sender = new_datagram(&here);
  receiver = new_datagram(&there);
  port = CreateIoCompletionPort((HANDLE)receiver, NULL, 9, 0);
  assert_int_equal(base.lpWSPSendTo(sender, &list, 1, &sent, 0, (struct sockaddr *)&there,
                                    sizeof there, NULL, NULL, NULL, &error),
                   0);
  FD_ZERO(&set);
  FD_SET(receiver, &set);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, NULL, &error), 1);
  start_receive(&call, receiver, NULL, NULL, NULL);
  assert_int_equal(call.result, SOCKET_ERROR);
  assert_int_equal(call.error, WSA_IO_PENDING);
  GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, LONG_TIME);
  assert_ptr_equal(overlapped, &call.overlapped);
  assert_int_equal(call.overlapped.InternalHigh, sizeof call.buffer);
  overlapped = NULL;
  assert_false(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
  assert_null(overlapped);
  CloseHandle(port);
  close_socket(receiver);
  close_socket(sender);
}

static void a_result_cannot_be_waited_for_without_an_event(void **state)
{
  SOCKET pair[2];
  struct pending call;
  DWORD bytes = UNTOUCHED, flags = UNTOUCHED;
  int error = UNTOUCHED;

  new_pair(pair);
  start_receive(&call, pair[1], NULL, NULL, NULL);
  assert_false(
      base.lpWSPGetOverlappedResult(pair[1], &call.overlapped, &bytes, TRUE, &flags, &error));
  assert_int_equal(error, WSA_INVALID_HANDLE);
  assert_int_equal(bytes, UNTOUCHED);
  close_pair(pair);
  wait_by_polling(&call);
}

static void an_overlapped_is_ignored_on_a_socket_not_made_for_it(void **state)
{
  struct sockaddr_in there;
  WSAOVERLAPPED overlapped = {.Internal = UNTOUCHED};
  char data[] = "plain";
  WSABUF list = {5, data};
  DWORD sent = UNTOUCHED;
  int error = UNTOUCHED;
  SOCKET s, receiver;

  use_udp();
  receiver = new_datagram(&there);
  s = base.lpWSPSocket(AF_INET, SOCK_DGRAM, 0, NULL, 0, 0, &error);
  assert_true(s != INVALID_SOCKET);
  assert_int_equal(base.lpWSPSendTo(s, &list, 1, &sent, 0, (struct sockaddr *)&there, sizeof there,
                                    &overlapped, NULL, NULL, &error),
                   0);
  assert_int_equal(sent, 5);
  assert_int_equal(overlapped.Internal, UNTOUCHED);
  close_socket(s);
  close_socket(receiver);
}

/* --- other procedures ----------------------------------------------------------------- */

/* The address is stored in the client's memory when the datagram arrives. */
static void a_datagrams_address_comes_with_its_completion(void **state)
{
  struct sockaddr_in here, there, from = {0};
  struct pending call = {.bytes = UNTOUCHED};
  WSABUF in = {sizeof call.buffer, call.buffer}, out = {4, (char[]){'u', 'd', 'p', '!'}};
  int length = sizeof from, error = UNTOUCHED;
  DWORD sent, bytes, flags;
  SOCKET sender, receiver;

  use_udp();
  sender = new_datagram(&here);
  receiver = new_datagram(&there);
  assert_int_equal(base.lpWSPRecvFrom(receiver, &in, 1, &call.bytes, &call.flags,
                                      (struct sockaddr *)&from, &length, &call.overlapped, NULL,
                                      NULL, &call.error),
                   SOCKET_ERROR);
  assert_int_equal(call.error, WSA_IO_PENDING);
  assert_int_equal(base.lpWSPSendTo(sender, &out, 1, &sent, 0, (struct sockaddr *)&there,
                                    sizeof there, NULL, NULL, NULL, &error),
                   0);
  wait_by_polling(&call);
  assert_int_equal(outcome(receiver, &call, &bytes, &flags), 0);
  assert_int_equal(bytes, 4);
  assert_int_equal(from.sin_port, here.sin_port);
  close_socket(receiver);
  close_socket(sender);
}

static void an_ioctl_answered_at_once_sets_the_event(void **state)
{
  SOCKET pair[2], handle = INVALID_SOCKET;
  struct pending call = {.overlapped.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  DWORD bytes, flags;

  new_pair(pair);
  assert_int_equal(base.lpWSPIoctl(pair[0], SIO_BSP_HANDLE, NULL, 0, &handle, sizeof handle,
                                   &call.bytes, &call.overlapped, NULL, NULL, &call.error),
                   0);
  assert_true(handle == pair[0]);
  assert_int_equal(WaitForSingleObject(call.overlapped.hEvent, 0), WAIT_OBJECT_0);
  assert_int_equal(outcome(pair[0], &call, &bytes, &flags), 0);
  /* The base provider's answers complete without a byte count, as the system's do. */
  assert_int_equal(bytes, chain.own_handles ? sizeof handle : 0);
  CloseHandle(call.overlapped.hEvent);
  close_pair(pair);
}

static void an_ioctl_that_waits_is_aborted_by_a_close(void **state)
{
  struct sockaddr_in here;
  struct pending call = {.bytes = UNTOUCHED};
  SOCKET s;

  use_udp();
  s = new_datagram(&here);
  assert_int_equal(base.lpWSPIoctl(s, SIO_ADDRESS_LIST_CHANGE, NULL, 0, NULL, 0, &call.bytes,
                                   &call.overlapped, note_completion, NULL, &call.error),
                   SOCKET_ERROR);
  assert_int_equal(call.error, WSA_IO_PENDING);
  close_socket(s);
  wait_for_routine(&call);
  assert_aborted(call.routine_error);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_close_aborts_and_sets_the_event),
      cmocka_unit_test(a_close_aborts_and_posts_a_packet),
      cmocka_unit_test(a_close_aborts_and_runs_the_routine),
      cmocka_unit_test(an_operation_that_does_not_start_notifies_nobody),
      cmocka_unit_test(a_datagram_that_is_too_long_ends_with_its_error),
      cmocka_unit_test(a_datagram_that_is_too_long_is_indicated_by_one_packet),
      cmocka_unit_test(a_result_cannot_be_waited_for_without_an_event),
      cmocka_unit_test(an_overlapped_is_ignored_on_a_socket_not_made_for_it),
      cmocka_unit_test(a_datagrams_address_comes_with_its_completion),
      cmocka_unit_test(an_ioctl_answered_at_once_sets_the_event),
      cmocka_unit_test(an_ioctl_that_waits_is_aborted_by_a_close),
  };

  return run_through_chains(tests, sizeof tests / sizeof tests[0]);
}
