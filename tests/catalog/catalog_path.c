#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/bad_memory.h"
#include "support/fake_provider.h"

#include <limits.h>

#define PATH L"%SystemRoot%\\lsp.dll"
enum { LENGTH = sizeof PATH / sizeof(WCHAR) - 1, UNTOUCHED = 0x5A5A };

static GUID guid;

static int install(void **state)
{
  guid = numbered_guid(1);
  return install_one(1, PATH) != 0 ? 0 : -1;
}

static int deinstall(void **state)
{
  deinstall_one(1);
  return 0;
}

static void path_is_returned_unexpanded_with_its_length(void **state)
{
  WCHAR path[MAX_PATH];
  int chars = MAX_PATH;
  int error = -1;

  assert_int_equal(WSCGetProviderPath(&guid, path, &chars, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(chars, LENGTH);
  assert_int_equal(wcscmp(path, PATH), 0);
}

static void room_for_path_and_nul_is_enough(void **state)
{
  WCHAR *path = end_of_page((LENGTH + 1) * sizeof(WCHAR));
  int chars = LENGTH + 1;
  int error = -1;

  assert_int_equal(WSCGetProviderPath(&guid, path, &chars, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(chars, LENGTH);
  assert_int_equal(wcscmp(path, PATH), 0);
}

static void claimed_room_is_not_written_to(void **state)
{
  WCHAR *path = end_of_page((LENGTH + 1) * sizeof(WCHAR));
  int chars = INT_MAX;
  int error = -1;

  assert_int_equal(WSCGetProviderPath(&guid, path, &chars, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(chars, LENGTH);
  assert_int_equal(wcscmp(path, PATH), 0);
}

static void too_little_room_yields_the_size_with_nul(void **state)
{
  const int rooms[] = {LENGTH, 1, 0, -1, INT_MIN};
  WCHAR path[MAX_PATH];

  path[0] = UNTOUCHED;
  for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
    int chars = rooms[i];
    int error = -1;

    assert_int_equal(WSCGetProviderPath(&guid, path, &chars, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(chars, LENGTH + 1);
    assert_int_equal(path[0], UNTOUCHED);
  }
}

static void unknown_provider_leaves_all_as_it_was(void **state)
{
  GUID unknown = numbered_guid(99);
  WCHAR path[MAX_PATH];
  int chars = 77;
  int error = -1;

  path[0] = UNTOUCHED;
  assert_int_equal(WSCGetProviderPath(&unknown, path, &chars, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(chars, 77);
  assert_int_equal(path[0], UNTOUCHED);
}

static void registered_entry_has_the_path_of_this_dll(void **state)
{
  const DWORD id = fake_provider_register();
  WCHAR own[MAX_PATH], path[MAX_PATH];
  WSAPROTOCOL_INFOW info;
  int chars = MAX_PATH;
  int error = -1;

  assert_true(catalog_find(id, &info));
  assert_int_equal(WSCGetProviderPath(&info.ProviderId, path, &chars, &error), 0);
  assert_int_equal(error, 0);
  assert_true(GetModuleFileNameW(GetModuleHandleW(L"ws2spi.dll"), own, MAX_PATH) != 0);
  assert_int_equal(wcscmp(path, own), 0);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

static void upcall_returns_the_same(void **state)
{
  WCHAR path[MAX_PATH];
  int chars = 1;
  int error = -1;

  path[0] = UNTOUCHED;
  assert_int_equal(WPUGetProviderPath(&guid, path, &chars, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(chars, LENGTH + 1);
  assert_int_equal(path[0], UNTOUCHED);
  error = UNTOUCHED;
  assert_int_equal(WPUGetProviderPath(&guid, path, &chars, &error), 0);
  assert_int_equal(error, UNTOUCHED);
  assert_int_equal(chars, LENGTH);
  assert_int_equal(wcscmp(path, PATH), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(path_is_returned_unexpanded_with_its_length),
      cmocka_unit_test(room_for_path_and_nul_is_enough),
      cmocka_unit_test(claimed_room_is_not_written_to),
      cmocka_unit_test(too_little_room_yields_the_size_with_nul),
      cmocka_unit_test(unknown_provider_leaves_all_as_it_was),
      cmocka_unit_test(registered_entry_has_the_path_of_this_dll),
      cmocka_unit_test(upcall_returns_the_same),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, install, deinstall);
}
