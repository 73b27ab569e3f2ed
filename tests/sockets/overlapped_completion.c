/* WPUCompleteOverlappedRequest: ws2spi/nf-ws2spi-wpucompleteoverlappedrequest. */
#include "support/cmocka_headers.h"

#include "sockets/nonifs_entry.h"
#include "support/bad_memory.h"

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
  DWORD error; /* GetLastError of a failure */
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

static void who_polls_sees_the_bytes_and_the_end(void **state)
{
  WSAOVERLAPPED overlapped = request_under_way(NULL);
  int error;

  overlapped.Offset = 11;
  overlapped.OffsetHigh = 12;
  assert_int_equal(complete(made, &overlapped, 0, 1234, &error), 0);
  assert_int_equal(error, 0);
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

static void an_event_and_a_port_are_both_told(void **state)
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

/* winbase/GetQueuedCompletionStatus: the low bit of hEvent keeps the packet away. */
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

static void a_packet_arrives_for_a_handle_closed_since(void **state)
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

/* --- failure of the operation ------------------------------------------------------- */

/* The code stands in Internal as NTSTATUS_FROM_WIN32 has it, and GetQueuedCompletionStatus
 * fails with it. From Wine 10.6 on it would be the code of a read beyond the end
 * instead: then this test fails, and the header's text is due for a look. */
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
    struct packet packet;

    assert_int_equal(complete(made, &overlapped, codes[i], 3, &error), 0);
    assert_int_equal(overlapped.Internal, 0xC0070000 | codes[i]);
    assert_int_equal(overlapped.InternalHigh, 3);
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    packet = next_packet(port);
    assert_false(packet.result);
    assert_int_equal(packet.error, codes[i]);
    assert_int_equal(packet.bytes, 0);
    assert_int_equal(packet.key, KEY);
    assert_ptr_equal(packet.overlapped, &overlapped);
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

static void what_is_no_made_handle_is_invalid(void **state)
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

static void what_is_finished_cannot_be_finished_again(void **state)
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

static void an_event_of_what_is_not_under_way_is_not_set(void **state)
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

/* Nobody can be told by it, and the request is finished all the same. */
static void an_event_that_is_closed_is_no_obstacle(void **state)
{
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  WSAOVERLAPPED overlapped = request_under_way(event);
  int error;

  CloseHandle(event);
  assert_int_equal(complete(made, &overlapped, 0, 3, &error), 0);
  assert_int_equal(overlapped.Internal, 0);
  assert_int_equal(overlapped.InternalHigh, 3);
}

/* A failed request's packet writes nothing, however many bytes there were before. */
static void a_failure_after_many_bytes_has_one_packet(void **state)
{
  const HANDLE port = port_of(made);
  WSAOVERLAPPED overlapped = request_under_way(NULL);
  struct packet packet;
  int error;

  assert_int_equal(complete(made, &overlapped, WSAECONNRESET, 1000000, &error), 0);
  packet = next_packet(port);
  assert_ptr_equal(packet.overlapped, &overlapped);
  assert_false(packet.result);
  assert_int_equal(packet.error, WSAECONNRESET);
  assert_int_equal(overlapped.InternalHigh, 1000000);
  assert_no_packet(port);
  CloseHandle(port);
}

static void what_was_never_started_is_invalid(void **state)
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
      ON_A_HANDLE(who_polls_sees_the_bytes_and_the_end),
      ON_A_HANDLE(an_event_is_set),
      ON_A_HANDLE(a_port_gets_one_packet_with_bytes_key_and_structure),
      ON_A_HANDLE(an_event_and_a_port_are_both_told),
      ON_A_HANDLE(an_event_with_its_low_bit_set_keeps_the_packet_away),
      ON_A_HANDLE(every_number_of_bytes_is_reported),
      ON_A_HANDLE(a_packet_arrives_for_a_handle_closed_since),
      ON_A_HANDLE(an_error_is_stored_and_its_packet_carries_it),
      ON_A_HANDLE(what_is_no_made_handle_is_invalid),
      ON_A_HANDLE(what_is_finished_cannot_be_finished_again),
      ON_A_HANDLE(an_event_of_what_is_not_under_way_is_not_set),
      ON_A_HANDLE(an_event_that_is_closed_is_no_obstacle),
      ON_A_HANDLE(a_failure_after_many_bytes_has_one_packet),
      ON_A_HANDLE(what_was_never_started_is_invalid),
      ON_A_HANDLE(more_bytes_than_can_be_mapped_are_refused),
      ON_A_HANDLE(a_bad_structure_is_a_fault),
      ON_A_HANDLE(a_bad_error_pointer_completes_nothing),
  };

  return cmocka_run_group_tests(tests, register_nonifs_entry, unregister_nonifs_entry);
}
