/* WPUCompleteOverlappedRequest: ws2spi/nf-ws2spi-wpucompleteoverlappedrequest. */
#include "support/cmocka_headers.h"

#include "sockets/nonifs_entry.h"
#include "support/bad_memory.h"
#include "support/on_wine.h"

enum { KEY = 0x4B45 };

static SOCKET made;

static int make(void **state)
{
  made = new_handle(1);
  return 0;
}

static int unmake(void **state)
{
  int error;

  return WPUCloseSocketHandle(made, &error);
}

/* --- what a waiter sees ------------------------------------------------------------- */

struct packet {
  BOOL result;
  DWORD error; /* GetLastError after a failure */
  DWORD bytes;
  ULONG_PTR key;
  OVERLAPPED *overlapped;
};

static HANDLE port_of(SOCKET s)
{
  const HANDLE port = CreateIoCompletionPort((HANDLE)s, NULL, KEY, 0);

  assert_non_null(port);
  return port;
}

static struct packet next_packet(HANDLE port)
{
  struct packet packet = {.bytes = UNTOUCHED};

  packet.result =
      GetQueuedCompletionStatus(port, &packet.bytes, &packet.key, &packet.overlapped, 0);
  packet.error = packet.result ? 0 : GetLastError();
  return packet;
}

static void assert_no_packet(HANDLE port)
{
  const struct packet packet = next_packet(port);

  assert_false(packet.result);
  assert_null(packet.overlapped);
  assert_int_equal(packet.error, WAIT_TIMEOUT);
}

static void assert_packet(HANDLE port, const WSAOVERLAPPED *overlapped, DWORD bytes)
{
  const struct packet packet = next_packet(port);

  assert_true(packet.result);
  assert_int_equal(packet.key, KEY);
  assert_ptr_equal(packet.overlapped, overlapped);
  assert_int_equal(packet.bytes, bytes);
}

/* --- success ------------------------------------------------------------------------ */

static void a_polling_program_sees_bytes_and_completion(void **state)
{
  WSAOVERLAPPED overlapped = request_under_way(NULL);
  int error;

  overlapped.Offset = 11;
  overlapped.OffsetHigh = 12;
  assert_int_equal(complete(made, &overlapped, 0, 1234, &error), 0);
  assert_int_equal(error, UNTOUCHED);
  assert_int_equal(overlapped.InternalHigh, 1234);
  assert_int_equal(overlapped.Internal, 0);
  assert_int_equal(overlapped.Offset, 11);
  assert_int_equal(overlapped.OffsetHigh, 12);
}

static void an_event_is_set(void **state)
{
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  WSAOVERLAPPED overlapped = request_under_way(event);
  int error;

  assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
  assert_int_equal(complete(made, &overlapped, 0, 5, &error), 0);
  assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
  assert_int_equal(overlapped.InternalHigh, 5);
  CloseHandle(event);
}

static void a_port_gets_one_packet_with_bytes_key_and_structure(void **state)
{
  const HANDLE port = port_of(made);
  WSAOVERLAPPED overlapped = request_under_way(NULL);
  int error;

  assert_int_equal(complete(made, &overlapped, 0, 77, &error), 0);
  assert_packet(port, &overlapped, 77);
  assert_no_packet(port);
  CloseHandle(port);
}

static void an_event_is_set_and_a_packet_is_posted(void **state)
{
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  const HANDLE port = port_of(made);
  WSAOVERLAPPED overlapped = request_under_way(event);
  int error;

  assert_int_equal(complete(made, &overlapped, 0, 1, &error), 0);
  assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
  assert_packet(port, &overlapped, 1);
  CloseHandle(port);
  CloseHandle(event);
}

/* winbase/GetQueuedCompletionStatus: if the low bit of hEvent is set, no packet is posted. */
static void an_event_with_its_low_bit_set_keeps_the_packet_away(void **state)
{
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  const HANDLE port = port_of(made);
  WSAOVERLAPPED overlapped = request_under_way((HANDLE)((ULONG_PTR)event | 1));
  int error;

  assert_int_equal(complete(made, &overlapped, 0, 1, &error), 0);
  assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
  assert_no_packet(port);
  CloseHandle(port);
  CloseHandle(event);
}

static void every_number_of_bytes_is_reported(void **state)
{
  const DWORD counts[] = {0, 1, 4096, 65535, 65536, 65537, 1 << 20, 16 << 20};
  const HANDLE port = port_of(made);
  int error;

  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    WSAOVERLAPPED overlapped = request_under_way(NULL);

    assert_int_equal(complete(made, &overlapped, 0, counts[i], &error), 0);
    assert_int_equal(overlapped.InternalHigh, counts[i]);
    assert_packet(port, &overlapped, counts[i]);
  }
  CloseHandle(port);
}

static void a_packet_arrives_after_its_handle_was_closed(void **state)
{
  const SOCKET s = new_handle(2);
  const HANDLE port = port_of(s);
  WSAOVERLAPPED overlapped = request_under_way(NULL);
  int error;

  assert_int_equal(complete(s, &overlapped, 0, 9, &error), 0);
  close_handle(s);
  assert_packet(port, &overlapped, 9);
  CloseHandle(port);
}

/* Windows queues packets for successes only (src/sockets/iocp_post.c), so there the packet reports a
 * success, and the request has the error. */
static void assert_packet_of_failure(HANDLE port, const WSAOVERLAPPED *overlapped, DWORD code,
                                     DWORD bytes)
{
  const struct packet packet = next_packet(port);

  assert_ptr_equal(packet.overlapped, overlapped);
  assert_int_equal(packet.key, KEY);
  assert_int_equal(packet.result, !on_wine());
  assert_int_equal(packet.error, on_wine() ? code : 0);
  assert_int_equal(packet.bytes, on_wine() ? 0 : bytes);
}

/* --- failure of the operation ------------------------------------------------------- */

/* Internal has the code as an NTSTATUS_FROM_WIN32, and GetQueuedCompletionStatus fails with the
 * code. On Wine 10.6 and later it would be the code of a read at the end of a file: then this
 * test fails, and CONFORMANCE.md has to be updated. */
static void an_error_is_stored_and_its_packet_carries_it(void **state)
{
  const DWORD codes[] = {
      WSA_OPERATION_ABORTED, WSAECONNRESET,   WSAEMSGSIZE, WSAEINTR, WSAESHUTDOWN,
      ERROR_NETNAME_DELETED, ERROR_MORE_DATA, 1,           0xFFFF};
  const HANDLE port = port_of(made);
  int error;

  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    WSAOVERLAPPED overlapped = request_under_way(event);

    assert_int_equal(complete(made, &overlapped, codes[i], 3, &error), 0);
    assert_int_equal(overlapped.Internal, 0xC0070000 | codes[i]);
    assert_int_equal(overlapped.InternalHigh, 3);
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    assert_packet_of_failure(port, &overlapped, codes[i], 3);
    CloseHandle(event);
  }
  assert_no_packet(port);
  CloseHandle(port);
}

/* --- refusals ----------------------------------------------------------------------- */

static void assert_untouched(const WSAOVERLAPPED *overlapped, ULONG_PTR internal)
{
  assert_int_equal(overlapped->Internal, internal);
  assert_int_equal(overlapped->InternalHigh, UNTOUCHED);
}

static void completion_on_other_handles_is_invalid(void **state)
{
  const HANDLE other = CreateEventW(NULL, TRUE, FALSE, NULL);
  const SOCKET closed = new_handle(1);
  const SOCKET wrong[] = {0, INVALID_SOCKET, (SOCKET)other, closed};
  WSAOVERLAPPED overlapped = request_under_way(NULL);
  int error;

  close_handle(closed);
  assert_true(WPUModifyIFSHandle(IFS_ENTRY, (SOCKET)other, &error) == (SOCKET)other);
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    assert_int_equal(complete(wrong[i], &overlapped, 0, 1, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEINVAL);
    assert_untouched(&overlapped, WSS_OPERATION_IN_PROGRESS);
  }
  CloseHandle(other);
}

static void a_completed_request_cannot_be_completed_again(void **state)
{
  const HANDLE port = port_of(made);
  WSAOVERLAPPED overlapped = request_under_way(NULL);
  int error;

  assert_int_equal(complete(made, &overlapped, 0, 1, &error), 0);
  assert_int_equal(complete(made, &overlapped, WSAEINTR, 2, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(overlapped.InternalHigh, 1);
  assert_packet(port, &overlapped, 1);
  assert_no_packet(port);
  CloseHandle(port);
}

static void the_event_of_a_request_not_in_progress_is_not_set(void **state)
{
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  WSAOVERLAPPED overlapped = request_under_way(event);
  int error;

  overlapped.Internal = 0;
  assert_int_equal(complete(made, &overlapped, 0, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
  CloseHandle(event);
}

/* The event cannot be set, and the request is completed all the same. */
static void a_closed_event_does_not_prevent_completion(void **state)
{
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  WSAOVERLAPPED overlapped = request_under_way(event);
  int error;

  CloseHandle(event);
  assert_int_equal(complete(made, &overlapped, 0, 3, &error), 0);
  assert_int_equal(overlapped.Internal, 0);
  assert_int_equal(overlapped.InternalHigh, 3);
}

/* The packet of a failed request reads no bytes, no matter how many were transferred before. */
static void a_failure_after_many_bytes_has_one_packet(void **state)
{
  const HANDLE port = port_of(made);
  WSAOVERLAPPED overlapped = request_under_way(NULL);
  int error;

  assert_int_equal(complete(made, &overlapped, WSAECONNRESET, 1000000, &error), 0);
  assert_packet_of_failure(port, &overlapped, WSAECONNRESET, 1000000);
  assert_int_equal(overlapped.InternalHigh, 1000000);
  assert_no_packet(port);
  CloseHandle(port);
}

static void stop_without_a_start_is_invalid(void **state)
{
  WSAOVERLAPPED overlapped = {.InternalHigh = UNTOUCHED};
  int error;

  assert_int_equal(complete(made, &overlapped, 0, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_untouched(&overlapped, 0);
}

static void more_bytes_than_can_be_mapped_are_refused(void **state)
{
  const HANDLE port = port_of(made);
  WSAOVERLAPPED overlapped = request_under_way(NULL);
  int error;

  assert_int_equal(complete(made, &overlapped, 0, 0xFFFFFFFF, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOBUFS);
  assert_untouched(&overlapped, WSS_OPERATION_IN_PROGRESS);
  assert_no_packet(port);
  CloseHandle(port);
}

static void a_bad_structure_is_a_fault(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    int error;

    assert_int_equal(complete(made, bad_address(bad), 0, 1, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
  }
}

static void a_bad_error_pointer_completes_nothing(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    WSAOVERLAPPED overlapped = request_under_way(NULL);

    assert_int_equal(WPUCompleteOverlappedRequest(made, &overlapped, 0, 1, bad_address(bad)),
                     SOCKET_ERROR);
    assert_untouched(&overlapped, WSS_OPERATION_IN_PROGRESS);
  }
}

#define ON_A_HANDLE(test) cmocka_unit_test_setup_teardown(test, make, unmake)

int main(void)
{
  const struct CMUnitTest tests[] = {
      ON_A_HANDLE(a_polling_program_sees_bytes_and_completion),
      ON_A_HANDLE(an_event_is_set),
      ON_A_HANDLE(a_port_gets_one_packet_with_bytes_key_and_structure),
      ON_A_HANDLE(an_event_is_set_and_a_packet_is_posted),
      ON_A_HANDLE(an_event_with_its_low_bit_set_keeps_the_packet_away),
      ON_A_HANDLE(every_number_of_bytes_is_reported),
      ON_A_HANDLE(a_packet_arrives_after_its_handle_was_closed),
      ON_A_HANDLE(an_error_is_stored_and_its_packet_carries_it),
      ON_A_HANDLE(completion_on_other_handles_is_invalid),
      ON_A_HANDLE(a_completed_request_cannot_be_completed_again),
      ON_A_HANDLE(the_event_of_a_request_not_in_progress_is_not_set),
      ON_A_HANDLE(a_closed_event_does_not_prevent_completion),
      ON_A_HANDLE(a_failure_after_many_bytes_has_one_packet),
      ON_A_HANDLE(stop_without_a_start_is_invalid),
      ON_A_HANDLE(more_bytes_than_can_be_mapped_are_refused),
      ON_A_HANDLE(a_bad_structure_is_a_fault),
      ON_A_HANDLE(a_bad_error_pointer_completes_nothing),
  };

  return cmocka_run_group_tests(tests, register_nonifs_entry, unregister_nonifs_entry);
}
