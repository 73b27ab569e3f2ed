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

static void an_ioctl_answered_at_once_sets_the_event(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  WSAOVERLAPPED overlapped = {.Internal = UNTOUCHED,
                              .hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  SOCKET handle = INVALID_SOCKET;
  DWORD returned = UNTOUCHED;
  DWORD flags = 0;
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPIoctl(s, SIO_BASE_HANDLE, NULL, 0, &handle, sizeof handle, &returned,
                                   &overlapped, NULL, NULL, &error),
                   0);
  assert_true(handle == s);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, 0), WAIT_OBJECT_0);
  assert_true(base.lpWSPGetOverlappedResult(s, &overlapped, &returned, FALSE, &flags, &error));
  assert_int_equal(returned, sizeof handle);
  assert_int_equal(base.lpWSPIoctl(s, SIO_BSP_HANDLE_POLL, NULL, 0, &handle, sizeof handle,
                                   &returned, &overlapped, NULL, NULL, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  CloseHandle(overlapped.hEvent);
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
      cmocka_unit_test(waiting_for_an_address_change_can_be_cancelled),
      cmocka_unit_test(a_null_byte_count_is_a_fault),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
