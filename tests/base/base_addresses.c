/* WSPAddressToString and WSPStringToAddress. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

static WSAPROTOCOL_INFOW info;

static int to_string(const void *address, DWORD length, WCHAR *text, DWORD *chars, int *error)
{
  *error = UNTOUCHED;
  return base.lpWSPAddressToString((LPSOCKADDR)(ULONG_PTR)address, length, &info, text, chars,
                                   error);
}

static int to_address(const WCHAR *text, int family, void *address, int *length, int *error)
{
  *error = UNTOUCHED;
  return base.lpWSPStringToAddress((LPWSTR)(ULONG_PTR)text, family, &info, address, length, error);
}

static void an_ipv4_address_goes_both_ways(void **state)
{
  struct sockaddr_in address;
  WCHAR text[64];
  DWORD chars = 64;
  int length = sizeof address;
  int error;

  memset(&address, 0x5A, sizeof address);
  assert_int_equal(to_address(L"10.1.2.3:4567", AF_INET, &address, &length, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(length, sizeof address);
  assert_int_equal(address.sin_family, AF_INET);
  assert_int_equal(address.sin_port, htons(4567));
  assert_int_equal(address.sin_addr.s_addr, htonl(0x0A010203));
  assert_int_equal(to_string(&address, sizeof address, text, &chars, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(wcscmp(text, L"10.1.2.3:4567"), 0);
  assert_int_equal(chars, 14);
}

static void an_ipv6_address_goes_both_ways(void **state)
{
  struct sockaddr_in6 address;
  WCHAR text[64];
  DWORD chars = 64;
  int length = sizeof address;
  int error;

  memset(&address, 0x5A, sizeof address);
  assert_int_equal(to_address(L"::1", AF_INET6, &address, &length, &error), 0);
  assert_int_equal(length, sizeof address);
  assert_int_equal(address.sin6_port, 0);
  assert_int_equal(to_string(&address, sizeof address, text, &chars, &error), 0);
  assert_int_equal(wcscmp(text, L"::1"), 0);
}

static void a_short_buffer_is_a_fault_and_stores_the_needed_length(void **state)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  WCHAR text[64] = L"untouched";
  DWORD chars = 3;
  int length = 4;
  int error;

  assert_int_equal(to_string(&address, sizeof address, text, &chars, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(chars, sizeof "0.0.0.0");
  assert_int_equal(wcscmp(text, L"untouched"), 0);
  address.sin_port = 0x5A5A;
  assert_int_equal(to_address(L"1.2.3.4", AF_INET, &address, &length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(length, sizeof address);
  assert_int_equal(address.sin_port, 0x5A5A);
}

static void a_malformed_address_is_invalid(void **state)
{
  struct sockaddr_in address = {.sin_family = 99};
  WCHAR text[64];
  DWORD chars = 64;
  int length = sizeof address;
  int error;

  assert_int_equal(to_address(L"not an address", AF_INET, &address, &length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(to_address(L"1.2.3.4", 99, &address, &length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(to_string(&address, sizeof address, text, &chars, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(chars, 64);
}

static void a_null_protocol_info_is_a_fault(void **state)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  WCHAR text[64];
  DWORD chars = 64;
  int length = sizeof address;
  int error = UNTOUCHED;

  assert_int_equal(
      base.lpWSPAddressToString((LPSOCKADDR)&address, sizeof address, NULL, text, &chars, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  text[0] = 0;
  assert_int_equal(
      base.lpWSPStringToAddress(text, AF_INET, NULL, (LPSOCKADDR)&address, &length, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_ipv4_address_goes_both_ways),
      cmocka_unit_test(an_ipv6_address_goes_both_ways),
      cmocka_unit_test(a_short_buffer_is_a_fault_and_stores_the_needed_length),
      cmocka_unit_test(a_malformed_address_is_invalid),
      cmocka_unit_test(a_null_protocol_info_is_a_fault),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
