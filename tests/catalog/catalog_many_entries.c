#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/fake_provider.h"

#include <stdlib.h>

enum { MANY = 10000 };

enum { UNTOUCHED = -1 };

static DWORD ids[MANY];

static void register_many(void)
{
  WSAPROTOCOL_INFOW info;
  int error;

  fake_provider_info(&info);
  for (unsigned i = 0; i < MANY; i++) {
    info.ProviderId = numbered_guid(i + 1);
    if (Ws2SpiRegisterProvider(&info, fake_provider_startup, &ids[i], &error) != 0)
      fail_msg("entry %u: error %d", i, error);
  }
}

static void unregister_many(void)
{
  int error;

  for (unsigned i = 0; i < MANY; i++) {
    if (Ws2SpiUnregisterProvider(ids[i], &error) != 0)
      fail_msg("entry %u: error %d", i, error);
  }
}

static void many_registered_entries_are_added_and_removed_quickly(void **state)
{
  struct catalog_view view;

  register_many();
  view = catalog_view_take();
  assert_int_equal(view.count, 6 + MANY);
  for (int i = 0; i < MANY; i++)
    assert_int_equal(view.info[6 + i].dwCatalogEntryId, ids[i]);
  catalog_view_free(&view);
  unregister_many();
  assert_int_equal(catalog_count(), 6);
}

static void every_other_entry_can_be_removed(void **state)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error;

  register_many();
  for (unsigned i = 0; i < MANY; i += 2)
    Ws2SpiUnregisterProvider(ids[i], &error);
  assert_int_equal(catalog_count(), 6 + MANY / 2);
  for (unsigned i = 0; i < MANY; i++) {
    const int expected = i % 2 == 0 ? SOCKET_ERROR : 0;

    error = UNTOUCHED;
    assert_int_equal(WPUQueryBlockingCallback(ids[i], &callback, &context, &error), expected);
    assert_int_equal(error, i % 2 == 0 ? WSAEINVAL : UNTOUCHED);
  }
  for (unsigned i = 1; i < MANY; i += 2)
    Ws2SpiUnregisterProvider(ids[i], &error);
  assert_int_equal(catalog_count(), 6);
}

static void one_install_can_add_many_entries(void **state)
{
  WSAPROTOCOL_INFOW *infos = malloc(MANY * sizeof *infos);
  GUID guid = numbered_guid(1);
  int error = -1;

  assert_non_null(infos);
  for (int i = 0; i < MANY; i++)
    fake_provider_info(&infos[i]);
  assert_int_equal(WSCInstallProvider(&guid, L"C:\\lsp.dll", infos, MANY, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(catalog_count(), 6 + MANY);
  assert_int_equal(WSCDeinstallProvider(&guid, &error), 0);
  assert_int_equal(catalog_count(), 6);
  free(infos);
}

/* Fewer in the registry, because each entry is a dozen keys and values written to disk. */
static void many_installs_can_follow_each_other(void **state)
{
  const unsigned many = is_over_the_registry() ? MANY / 20 : MANY;
  GUID guid = numbered_guid(many / 2);
  WSAPROTOCOL_INFOW info;
  WCHAR path[MAX_PATH];
  int chars = MAX_PATH;
  int error = -1;

  fake_provider_info(&info);
  for (unsigned i = 1; i <= many; i++) {
    GUID id = numbered_guid(i);

    assert_int_equal(WSCInstallProvider(&id, L"C:\\lsp.dll", &info, 1, &error), 0);
  }
  assert_int_equal(catalog_count(), 6 + many);
  assert_int_equal(WSCGetProviderPath(&guid, path, &chars, &error), 0);
  for (unsigned i = many; i > 0; i--)
    deinstall_one(i);
  assert_int_equal(catalog_count(), 6);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(many_registered_entries_are_added_and_removed_quickly),
      cmocka_unit_test(every_other_entry_can_be_removed),
      cmocka_unit_test(one_install_can_add_many_entries),
      cmocka_unit_test(many_installs_can_follow_each_other),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
