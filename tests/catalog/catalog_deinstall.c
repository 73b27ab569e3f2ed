#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/fake_provider.h"

static void all_entries_of_the_provider_are_removed(void **state)
{
  GUID guid = numbered_guid(1);
  WSAPROTOCOL_INFOW infos[3];
  DWORD kept;
  int error = -1;

  for (int i = 0; i < 3; i++)
    fake_provider_info(&infos[i]);
  assert_int_equal(WSCInstallProvider(&guid, L"C:\\lsp.dll", infos, 3, &error), 0);
  kept = install_one(2, L"C:\\other.dll");
  assert_int_equal(catalog_count(), 10);
  assert_int_equal(WSCDeinstallProvider(&guid, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(catalog_count(), 7);
  assert_true(catalog_find(kept, infos));
  deinstall_one(2);
}

static void unknown_provider_is_invalid(void **state)
{
  GUID guid = numbered_guid(1);
  int error = -1;

  assert_int_equal(WSCDeinstallProvider(&guid, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(catalog_count(), 6);
}

static void registered_provider_cannot_be_deinstalled(void **state)
{
  const DWORD id = fake_provider_register();
  WSAPROTOCOL_INFOW info;
  int error = -1;

  assert_true(catalog_find(id, &info));
  assert_int_equal(WSCDeinstallProvider(&info.ProviderId, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_true(catalog_find(id, &info));
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

static void id_of_a_removed_entry_is_unknown(void **state)
{
  const DWORD id = install_one(1, L"C:\\lsp.dll");
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error = -1;

  assert_int_equal(WPUQueryBlockingCallback(id, &callback, &context, &error), 0);
  deinstall_one(1);
  assert_int_equal(WPUQueryBlockingCallback(id, &callback, &context, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_entries_of_the_provider_are_removed),
      cmocka_unit_test(unknown_provider_is_invalid),
      cmocka_unit_test(registered_provider_cannot_be_deinstalled),
      cmocka_unit_test(id_of_a_removed_entry_is_unknown),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
