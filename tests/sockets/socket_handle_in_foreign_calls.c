/* Calls that a program makes directly with a made handle, not through its provider: they fail,
 * but never crash or reach another object, and the handle stays valid. */
#include "support/cmocka_headers.h"

#include "sockets/nonifs_entry.h"

static SOCKET made;

static int make(void **state)
{
  made = new_handle(0x77);
  return 0;
}

/* The handle must still be valid, and no other handle may have its value. */
static int unmake(void **state)
{
  DWORD_PTR context;
  int error;

  if (query_context(made, &context, &error) != 0 || context != 0x77)
    return -1;
  return WPUCloseSocketHandle(made, &error);
}

static void it_is_a_live_handle(void **state)
{
  DWORD flags = 0;

  assert_true(GetHandleInformation((HANDLE)made, &flags));
  assert_true(flags & HANDLE_FLAG_PROTECT_FROM_CLOSE);
}

static void reading_and_writing_are_refused(void **state)
{
  char buffer[4] = "abc";
  DWORD bytes = UNTOUCHED;
  OVERLAPPED overlapped = {0};

  assert_false(ReadFile((HANDLE)made, buffer, sizeof buffer, &bytes, &overlapped));
  assert_int_equal(GetLastError(), ERROR_ACCESS_DENIED);
  assert_string_equal(buffer, "abc");
  assert_false(WriteFile((HANDLE)made, buffer, sizeof buffer, &bytes, &overlapped));
  assert_int_equal(GetLastError(), ERROR_ACCESS_DENIED);
}

static void closing_it_directly_fails(void **state)
{
  assert_false(CloseHandle((HANDLE)made));
}

static void system_socket_functions_fail_with_wsaenotsock(void **state)
{
  HMODULE const system = LoadLibraryW(L"C:\\windows\\system32\\ws2_32.dll");
  WSADATA data;
  char byte;

  assert_non_null(system);
  assert_int_equal(WSAStartup(MAKEWORD(2, 2), &data), 0);
  assert_int_equal(recv(made, &byte, 1, 0), SOCKET_ERROR);
  assert_int_equal(WSAGetLastError(), WSAENOTSOCK);
  assert_int_equal(send(made, "x", 1, 0), SOCKET_ERROR);
  assert_int_equal(WSAGetLastError(), WSAENOTSOCK);
  assert_int_equal(closesocket(made), SOCKET_ERROR);
  assert_int_equal(WSAGetLastError(), WSAENOTSOCK);
  WSACleanup();
  FreeLibrary(system);
}

static void its_value_is_not_that_of_a_socket(void **state)
{
  SOCKET s[32];
  WSADATA data;

  assert_int_equal(WSAStartup(MAKEWORD(2, 2), &data), 0);
  for (int i = 0; i < 32; i++) {
    s[i] = socket(AF_INET, SOCK_DGRAM, 0);
    assert_true(s[i] != INVALID_SOCKET && s[i] != made);
  }
  for (int i = 0; i < 32; i++)
    closesocket(s[i]);
  WSACleanup();
}

static void a_duplicate_of_it_is_another_handle(void **state)
{
  DWORD_PTR context;
  HANDLE copy;
  int error;

  assert_true(DuplicateHandle(GetCurrentProcess(), (HANDLE)made, GetCurrentProcess(), &copy, 0,
                              FALSE, DUPLICATE_SAME_ACCESS));
  assert_int_equal(query_context((SOCKET)copy, &context, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
  assert_true(CloseHandle(copy));
}

static void it_can_be_associated_with_a_completion_port(void **state)
{
  const HANDLE port = CreateIoCompletionPort((HANDLE)made, NULL, 1, 0);

  assert_non_null(port);
  CloseHandle(port);
}

#define ON_A_HANDLE(test) cmocka_unit_test_setup_teardown(test, make, unmake)

int main(void)
{
  const struct CMUnitTest tests[] = {
      ON_A_HANDLE(it_is_a_live_handle),
      ON_A_HANDLE(reading_and_writing_are_refused),
      ON_A_HANDLE(closing_it_directly_fails),
      ON_A_HANDLE(system_socket_functions_fail_with_wsaenotsock),
      ON_A_HANDLE(its_value_is_not_that_of_a_socket),
      ON_A_HANDLE(a_duplicate_of_it_is_another_handle),
      ON_A_HANDLE(it_can_be_associated_with_a_completion_port),
  };

  return cmocka_run_group_tests(tests, register_nonifs_entry, unregister_nonifs_entry);
}
