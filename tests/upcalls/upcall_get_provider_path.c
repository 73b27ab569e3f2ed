/* WPUGetProviderPath: ws2spi/nf-ws2spi-wpugetproviderpath. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"

enum { UNTOUCHED = 0x5A5A };

static GUID tcp_provider = {
    0xE70F1AA0, 0xAB8B, 0x11CF, {0x8C, 0xA3, 0x00, 0x80, 0x5F, 0x48, 0xA1, 0x92}};
static GUID unknown_provider = {0x12345678, 0, 0, {0}};

static void a_base_provider_has_the_path_of_this_dll(void **state)
{
  WCHAR path[MAX_PATH];
  WCHAR expected[MAX_PATH];
  int length = MAX_PATH;
  int error = UNTOUCHED;

  GetModuleFileNameW(GetModuleHandleW(L"ws2spi.dll"), expected, MAX_PATH);
  assert_int_equal(WPUGetProviderPath(&tcp_provider, path, &length, &error), 0);
  assert_int_equal(error, UNTOUCHED);
  assert_int_equal(lstrcmpW(path, expected), 0);
  assert_int_equal(length, lstrlenW(expected));
}

static void it_returns_the_same_as_wscgetproviderpath(void **state)
{
  WCHAR by_upcall[MAX_PATH] = {0};
  WCHAR by_catalog[MAX_PATH] = {0};
  int length = 1;
  int catalog_length = 1;
  int error = UNTOUCHED;
  int catalog_error = UNTOUCHED;

  assert_int_equal(WPUGetProviderPath(&tcp_provider, by_upcall, &length, &error), SOCKET_ERROR);
  assert_int_equal(WSCGetProviderPath(&tcp_provider, by_catalog, &catalog_length, &catalog_error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(catalog_error, WSAEFAULT);
  assert_int_equal(length, catalog_length);
  assert_true(length > 1);
  assert_int_equal(WPUGetProviderPath(&tcp_provider, by_upcall, &length, &error), 0);
  assert_int_equal(WSCGetProviderPath(&tcp_provider, by_catalog, &catalog_length, &catalog_error),
                   0);
  assert_int_equal(lstrcmpW(by_upcall, by_catalog), 0);
}

static void an_unknown_provider_is_invalid(void **state)
{
  WCHAR path[MAX_PATH] = {UNTOUCHED};
  int length = MAX_PATH;
  int error = UNTOUCHED;

  assert_int_equal(WPUGetProviderPath(&unknown_provider, path, &length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(length, MAX_PATH);
  assert_int_equal(path[0], UNTOUCHED);
}

static void bad_pointers_are_faults(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    WCHAR path[MAX_PATH];
    int length = MAX_PATH;
    int error = UNTOUCHED;

    print_message("pointer: %s\n", bad->kind);
    assert_int_equal(WPUGetProviderPath(&tcp_provider, bad_address(bad), &length, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    error = UNTOUCHED;
    assert_int_equal(WPUGetProviderPath(&tcp_provider, path, bad_address(bad), &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    length = MAX_PATH;
    assert_int_equal(WPUGetProviderPath(&tcp_provider, path, &length, bad_address(bad)),
                     SOCKET_ERROR);
    if (!bad->readable) {
      error = UNTOUCHED;
      assert_int_equal(WPUGetProviderPath(bad_address(bad), path, &length, &error), SOCKET_ERROR);
      assert_int_equal(error, WSAEFAULT);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_base_provider_has_the_path_of_this_dll),
      cmocka_unit_test(it_returns_the_same_as_wscgetproviderpath),
      cmocka_unit_test(an_unknown_provider_is_invalid),
      cmocka_unit_test(bad_pointers_are_faults),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
