/* WSPIoctl. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

#include <mswsock.h>

static int ioctl(SOCKET s, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size,
                 DWORD *returned, int *error)
{
  *returned = UNTOUCHED;
  *error = UNTOUCHED;
  return base.lpWSPIoctl(s, code, in, in_size, out, out_size, returned, NULL, NULL, NULL, error);
}

static void the_mode_can_be_switched_both_ways(void **state)
{
  SOCKET pair[2];
  char byte;
  int error;

  new_pair(pair);
  assert_int_equal(set_nonblocking(pair[1], 1, &error), 0);
  assert_int_equal(receive(pair[1], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
  assert_int_equal(set_nonblocking(pair[1], 0, &error), 0);
  install_hook(2, send_text, &pair[0]);
  assert_int_equal(receive(pair[1], &byte, 1, &error), 1);
  assert_int_equal(remove_hook(), 2);
  close_pair(pair);
}

static void fionread_returns_the_number_of_bytes(void **state)
{
  SOCKET pair[2];
  u_long amount = 0;
  DWORD returned;
  int error;

  new_pair(pair);
  must_send(pair[0], "seven!!");
  assert_int_equal(
      ioctl(pair[1], (DWORD)FIONREAD, NULL, 0, &amount, sizeof amount, &returned, &error), 0);
  assert_int_equal(amount, 7);
  close_pair(pair);
}

static const DWORD handle_codes[] = {SIO_BASE_HANDLE, SIO_BSP_HANDLE, SIO_BSP_HANDLE_SELECT,
                                     SIO_BSP_HANDLE_POLL};

static void the_base_handle_is_the_socket_itself(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);

  for (size_t i = 0; i < sizeof handle_codes / sizeof handle_codes[0]; i++) {
    SOCKET handle = INVALID_SOCKET;
    DWORD returned;
    int error;

    assert_int_equal(ioctl(s, handle_codes[i], NULL, 0, &handle, sizeof handle, &returned, &error),
                     0);
    assert_int_equal(error, 0);
    assert_true(handle == s);
    assert_int_equal(returned, sizeof handle);
    assert_int_equal(ioctl(s, handle_codes[i], NULL, 0, &handle, 3, &returned, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(ioctl(s, handle_codes[i], NULL, 0, NULL, sizeof handle, &returned, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(returned, UNTOUCHED);
  }
  close_socket(s);
}

static void an_extension_function_is_found_by_its_guid(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  GUID accept_ex = WSAID_ACCEPTEX;
  GUID unknown = {1, 2, 3, {4}};
  void *function = NULL;
  DWORD returned;
  int error;

  assert_int_equal(ioctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &accept_ex, sizeof accept_ex,
                         &function, sizeof function, &returned, &error),
                   0);
  assert_non_null(function);
  assert_int_equal(returned, sizeof function);
  function = NULL;
  assert_int_equal(ioctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &unknown, sizeof unknown, &function,
                         sizeof function, &returned, &error),
                   SOCKET_ERROR);
  assert_true(error == WSAEINVAL || error == WSAEOPNOTSUPP);
  assert_null(function);
  assert_int_equal(ioctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &accept_ex, 15, &function,
                         sizeof function, &returned, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(ioctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &accept_ex, sizeof accept_ex,
                         &function, sizeof function - 1, &returned, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_null(function);
  close_socket(s);
}

/* --- overlapped calls that the provider answers itself -------------------------------- */

static u_long on = 1;
static GUID accept_ex_id = WSAID_ACCEPTEX;

/* With buffers that fit, and with an output or input buffer that is too small. */
static const struct answered {
  DWORD code;
  void *in;
  DWORD in_size;
  DWORD out_size;
  DWORD small_in_size;
  DWORD small_out_size;
} answered[] = {
    {(DWORD)FIONBIO, &on, sizeof on, 0, sizeof on - 1, 0},
    {SIO_GET_EXTENSION_FUNCTION_POINTER, &accept_ex_id, sizeof accept_ex_id, sizeof(void *),
     sizeof accept_ex_id, sizeof(void *) - 1},
    {SIO_BSP_HANDLE, NULL, 0, sizeof(SOCKET), 0, sizeof(SOCKET) - 1},
    {SIO_BSP_HANDLE_SELECT, NULL, 0, sizeof(SOCKET), 0, sizeof(SOCKET) - 1},
};
enum { ANSWERED = sizeof answered / sizeof answered[0] };

static char answer[sizeof(void *)];
static DWORD answer_size;

static int call_overlapped(SOCKET s, const struct answered *what, BOOL small,
                           WSAOVERLAPPED *overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  int error = UNTOUCHED;

  answer_size = UNTOUCHED;
  return base.lpWSPIoctl(s, what->code, what->in, small ? what->small_in_size : what->in_size,
                         answer, small ? what->small_out_size : what->out_size, &answer_size,
                         overlapped, routine, NULL, &error) == 0
             ? 0
             : error;
}

/* Like the system's own answers, they complete without a byte count. */
static void assert_completed(SOCKET s, WSAOVERLAPPED *overlapped)
{
  DWORD bytes = UNTOUCHED, flags = UNTOUCHED;
  int error = UNTOUCHED;

  assert_true(base.lpWSPGetOverlappedResult(s, overlapped, &bytes, FALSE, &flags, &error));
  assert_int_equal(bytes, 0);
}

static void an_ioctl_answered_at_once_sets_the_event(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};

  for (int i = 0; i < ANSWERED; i++) {
    overlapped.Internal = UNTOUCHED;
    ResetEvent(overlapped.hEvent);
    assert_int_equal(call_overlapped(s, &answered[i], FALSE, &overlapped, NULL), 0);
    assert_int_equal(answer_size, answered[i].out_size);
    assert_int_equal(WaitForSingleObject(overlapped.hEvent, 0), WAIT_OBJECT_0);
    assert_completed(s, &overlapped);
    ResetEvent(overlapped.hEvent);
    assert_int_equal(call_overlapped(s, &answered[i], TRUE, &overlapped, NULL), WSAEFAULT);
    assert_int_equal(WaitForSingleObject(overlapped.hEvent, 0), WAIT_TIMEOUT);
  }
  CloseHandle(overlapped.hEvent);
  close_socket(s);
}

static void an_ioctl_answered_at_once_posts_one_packet(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  const HANDLE port = CreateIoCompletionPort((HANDLE)s, NULL, 77, 0);
  WSAOVERLAPPED overlapped = {0};
  DWORD bytes;
  ULONG_PTR key;
  LPOVERLAPPED posted;

  assert_non_null(port);
  for (int i = 0; i < ANSWERED; i++) {
    assert_int_equal(call_overlapped(s, &answered[i], FALSE, &overlapped, NULL), 0);
    assert_int_equal(answer_size, answered[i].out_size);
    assert_true(GetQueuedCompletionStatus(port, &bytes, &key, &posted, 0));
    assert_ptr_equal(posted, &overlapped);
    assert_int_equal(key, 77);
    assert_int_equal(bytes, 0);
    assert_completed(s, &overlapped);
    assert_int_equal(call_overlapped(s, &answered[i], TRUE, &overlapped, NULL), WSAEFAULT);
    posted = NULL;
    assert_false(GetQueuedCompletionStatus(port, &bytes, &key, &posted, 0));
    assert_null(posted);
  }
  CloseHandle(port);
  close_socket(s);
}

static LONG routine_runs;
static DWORD routine_error, routine_bytes;

static void CALLBACK routine(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags)
{
  (void)overlapped, (void)flags;
  routine_runs++;
  routine_error = error;
  routine_bytes = bytes;
}

static void an_ioctl_answered_at_once_queues_its_routine(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  WSAOVERLAPPED overlapped = {0};

  for (int i = 0; i < ANSWERED; i++) {
    routine_runs = 0;
    routine_error = routine_bytes = UNTOUCHED;
    assert_int_equal(call_overlapped(s, &answered[i], FALSE, &overlapped, routine), 0);
    assert_int_equal(routine_runs, 0);
    SleepEx(0, TRUE);
    assert_int_equal(routine_runs, 1);
    assert_int_equal(routine_error, 0);
    assert_int_equal(routine_bytes, 0);
    assert_int_equal(call_overlapped(s, &answered[i], TRUE, &overlapped, routine), WSAEFAULT);
    SleepEx(0, TRUE);
    assert_int_equal(routine_runs, 1);
  }
  close_socket(s);
}

static void an_overlapped_fionbio_switches_the_mode(void **state)
{
  SOCKET pair[2];
  WSAOVERLAPPED overlapped = {0};
  char byte;
  int error;

  new_pair(pair);
  assert_int_equal(call_overlapped(pair[1], &answered[0], FALSE, &overlapped, NULL), 0);
  assert_int_equal(receive(pair[1], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
  close_pair(pair);
}

/* As on Windows, which Wine's tests show. */
static void an_overlapped_base_handle_is_not_supported(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  const HANDLE port = CreateIoCompletionPort((HANDLE)s, NULL, 77, 0);
  WSAOVERLAPPED overlapped = {0};
  SOCKET handle = INVALID_SOCKET;
  DWORD returned = UNTOUCHED, bytes = UNTOUCHED;
  ULONG_PTR key;
  LPOVERLAPPED posted = NULL;
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPIoctl(s, SIO_BASE_HANDLE, NULL, 0, &handle, sizeof handle, &returned,
                                   &overlapped, NULL, NULL, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSA_IO_PENDING);
  assert_int_equal(returned, UNTOUCHED);
  assert_false(GetQueuedCompletionStatus(port, &bytes, &key, &posted, LONG_TIME));
  assert_int_equal(GetLastError(), ERROR_NOT_SUPPORTED);
  assert_ptr_equal(posted, &overlapped);
  assert_int_equal(base.lpWSPIoctl(s, SIO_BSP_HANDLE_POLL, NULL, 0, &handle, sizeof handle,
                                   &returned, &overlapped, NULL, NULL, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  CloseHandle(port);
  close_socket(s);
}

static void waiting_for_an_address_change_can_be_cancelled(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_DGRAM);
  DWORD returned;
  int error;

  install_hook(2, cancel_here, NULL);
  assert_int_equal(ioctl(s, SIO_ADDRESS_LIST_CHANGE, NULL, 0, NULL, 0, &returned, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  assert_int_equal(remove_hook(), 2);
  assert_int_equal(returned, UNTOUCHED);
  close_socket(s);
}

static void a_null_byte_count_is_a_fault(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  u_long amount;
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPIoctl(s, (DWORD)FIONREAD, NULL, 0, &amount, sizeof amount, NULL, NULL,
                                   NULL, NULL, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  close_socket(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_mode_can_be_switched_both_ways),
      cmocka_unit_test(fionread_returns_the_number_of_bytes),
      cmocka_unit_test(the_base_handle_is_the_socket_itself),
      cmocka_unit_test(an_extension_function_is_found_by_its_guid),
      cmocka_unit_test(an_ioctl_answered_at_once_sets_the_event),
      cmocka_unit_test(an_ioctl_answered_at_once_posts_one_packet),
      cmocka_unit_test(an_ioctl_answered_at_once_queues_its_routine),
      cmocka_unit_test(an_overlapped_fionbio_switches_the_mode),
      cmocka_unit_test(an_overlapped_base_handle_is_not_supported),
      cmocka_unit_test(waiting_for_an_address_change_can_be_cancelled),
      cmocka_unit_test(a_null_byte_count_is_a_fault),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
