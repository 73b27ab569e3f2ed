#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/fake_provider.h"

#include <stdlib.h>

enum { MANY = 10000, GENEROUS_MS = 20000 };

/* Each call asks the registry whether the catalog has changed: more for one entry, but
 * the same for every one. */
static DWORD generous_ms(void)
{
  return is_over_the_registry() ? 10 * GENEROUS_MS : GENEROUS_MS;
}

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

static void many_registered_entries_come_and_go_quickly(void **state)
{
  const DWORD begun = GetTickCount();
  struct catalog_view view;

  (void)state;
  register_many();
  view = catalog_view_take();
  assert_int_equal(view.count, 6 + MANY);
  for (int i = 0; i < MANY; i++)
    assert_int_equal(view.info[6 + i].dwCatalogEntryId, ids[i]);
  catalog_view_free(&view);
  unregister_many();
  assert_int_equal(catalog_count(), 6);
  assert_true(GetTickCount() - begun < generous_ms());
}

static void every_other_one_may_go(void **state)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error;

  (void)state;
  register_many();
  for (unsigned i = 0; i < MANY; i += 2)
    Ws2SpiUnregisterProvider(ids[i], &error);
  assert_int_equal(catalog_count(), 6 + MANY / 2);
  for (unsigned i = 0; i < MANY; i++) {
    const int expected = i % 2 == 0 ? SOCKET_ERROR : 0;

    assert_int_equal(WPUQueryBlockingCallback(ids[i], &callback, &context, &error), expected);
    assert_int_equal(error, i % 2 == 0 ? WSAEINVAL : 0);
  }
  for (unsigned i = 1; i < MANY; i += 2)
    Ws2SpiUnregisterProvider(ids[i], &error);
  assert_int_equal(catalog_count(), 6);
}

static void one_install_may_bring_many(void **state)
{
  WSAPROTOCOL_INFOW *infos = malloc(MANY * sizeof *infos);
  const DWORD begun = GetTickCount();
  GUID guid = numbered_guid(1);
  int error = -1;

  (void)state;
  assert_non_null(infos);
  for (int i = 0; i < MANY; i++)
    fake_provider_info(&infos[i]);
  assert_int_equal(WSCInstallProvider(&guid, L"C:\\lsp.dll", infos, MANY, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(catalog_count(), 6 + MANY);
  assert_int_equal(WSCDeinstallProvider(&guid, &error), 0);
  assert_int_equal(catalog_count(), 6);
  assert_true(GetTickCount() - begun < generous_ms());
  free(infos);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(many_registered_entries_come_and_go_quickly),
      cmocka_unit_test(every_other_one_may_go),
      cmocka_unit_test(one_install_may_bring_many),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
