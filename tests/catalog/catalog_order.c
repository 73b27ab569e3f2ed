#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/bad_memory.h"
#include "support/fake_provider.h"

enum { STORED = 8, MOST = 16 };

static DWORD ids[MOST];

static int read_ids(void)
{
  struct catalog_view view = catalog_view_take();
  const int count = view.count;

  for (int i = 0; i < count && i < MOST; i++)
    ids[i] = view.info[i].dwCatalogEntryId;
  catalog_view_free(&view);
  return count;
}

static int prepare(void **state)
{
  install_one(1, L"C:\\one.dll");
  install_one(2, L"C:\\two.dll");
  return read_ids() == STORED ? 0 : -1;
}

static int clean_up(void **state)
{
  deinstall_one(1);
  deinstall_one(2);
  return read_ids() == 6 &&
                 WSCWriteProviderOrder((DWORD[]){1001, 1002, 1003, 1004, 1005, 1006}, 6) == 0
             ? 0
             : -1;
}

static void assert_order(const DWORD *expected, int count)
{
  struct catalog_view view = catalog_view_take();

  assert_int_equal(view.count, count);
  for (int i = 0; i < count; i++)
    assert_int_equal(view.info[i].dwCatalogEntryId, expected[i]);
  catalog_view_free(&view);
}

static void swap_ids(int one, int other)
{
  const DWORD id = ids[one];

  ids[one] = ids[other];
  ids[other] = id;
}

static void last_entry_can_become_first(void **state)
{
  WCHAR path[MAX_PATH];
  GUID guid = numbered_guid(2);
  int chars = MAX_PATH;
  int error = -1;

  swap_ids(0, STORED - 1);
  swap_ids(2, 3);
  assert_int_equal(WSCWriteProviderOrder(ids, STORED), 0);
  assert_order(ids, STORED);
  assert_int_equal(WSCGetProviderPath(&guid, path, &chars, &error), 0);
  assert_int_equal(wcscmp(path, L"C:\\two.dll"), 0);
}

static void same_order_is_no_change(void **state)
{
  assert_int_equal(WSCWriteProviderOrder(ids, STORED), 0);
  assert_order(ids, STORED);
}

static void list_must_name_each_entry_exactly_once(void **state)
{
  DWORD wrong[MOST];

  assert_int_equal(WSCWriteProviderOrder(ids, STORED - 1), WSAEINVAL);
  assert_int_equal(WSCWriteProviderOrder(ids, 0), WSAEINVAL);
  memcpy(wrong, ids, sizeof wrong);
  wrong[STORED] = 4711;
  assert_int_equal(WSCWriteProviderOrder(wrong, STORED + 1), WSAEINVAL);
  wrong[3] = wrong[4];
  assert_int_equal(WSCWriteProviderOrder(wrong, STORED), WSAEINVAL);
  wrong[3] = 4711;
  assert_int_equal(WSCWriteProviderOrder(wrong, STORED), WSAEINVAL);
  wrong[3] = 0;
  assert_int_equal(WSCWriteProviderOrder(wrong, STORED), WSAEINVAL);
  assert_order(ids, STORED);
}

static void unreadable_list_is_wsaefault(void **state)
{
  DWORD *short_list = end_of_page(4 * sizeof *short_list);

  memcpy(short_list, ids, 4 * sizeof *short_list);
  assert_int_equal(WSCWriteProviderOrder(NULL, STORED), WSAEFAULT);
  assert_int_equal(WSCWriteProviderOrder(short_list, STORED), WSAEFAULT);
  assert_int_equal(WSCWriteProviderOrder(short_list, 0x20000001), WSAEFAULT);
  assert_order(ids, STORED);
}

/* Process-local entries stay at the end of the catalog. */
static void registered_entries_may_be_left_out_of_the_list(void **state)
{
  const DWORD one = fake_provider_register();
  const DWORD two = fake_provider_register();
  int error = -1;

  swap_ids(0, 1);
  assert_int_equal(WSCWriteProviderOrder(ids, STORED), 0);
  ids[STORED] = one;
  ids[STORED + 1] = two;
  assert_order(ids, STORED + 2);
  assert_int_equal(WSCWriteProviderOrder(ids, STORED + 1), WSAEINVAL);
  memmove(ids + 1, ids, STORED * sizeof *ids);
  ids[0] = two;
  ids[STORED + 1] = one;
  assert_int_equal(WSCWriteProviderOrder(ids, STORED + 2), 0);
  memmove(ids, ids + 1, STORED * sizeof *ids);
  ids[STORED] = two;
  assert_order(ids, STORED + 2);
  ids[STORED + 1] = two; /* the other one is missing */
  assert_int_equal(WSCWriteProviderOrder(ids, STORED + 2), WSAEINVAL);
  ids[STORED + 1] = WS2SPI_LAST_REGISTERED_ID;
  assert_int_equal(WSCWriteProviderOrder(ids, STORED + 2), WSAEINVAL);
  ids[STORED + 1] = one;
  assert_order(ids, STORED + 2);
  assert_int_equal(Ws2SpiUnregisterProvider(one, &error), 0);
  assert_int_equal(Ws2SpiUnregisterProvider(two, &error), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(last_entry_can_become_first),
      CASE(same_order_is_no_change),
      CASE(list_must_name_each_entry_exactly_once),
      CASE(unreadable_list_is_wsaefault),
      CASE(registered_entries_may_be_left_out_of_the_list),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
