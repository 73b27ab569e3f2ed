/* Reset and repair of a catalog that cannot be read, or that has keys which do not belong there. */
#include "cmocka_and_store.h"

#include "catalog_fixture.h"
#include "registry_fixture.h"
#include "ws2spi_shim.h"
#include "write_trap.h"

#include <stdio.h>
#include <wchar.h>

enum { BASE = 5, RESET = 6, APPENDED = 40 };

/* --- failing reads of the registry -------------------------------------------------------- */

enum { READ = 1, READ_DWORD = 2, READ_ALL = 4, COUNT_KEYS = 8, KEY_AT = 16, ALL = 31 };

static unsigned failing;
static long counts_until_failure; /* the n-th count of keys from now fails; 0: none */
static long keys_listed;

DWORD __real_registry_read(HKEY key, const WCHAR *name, DWORD *type, void *bytes, DWORD *size);
DWORD __real_registry_read_dword(HKEY key, const WCHAR *name, DWORD *value);
DWORD __real_registry_read_all(HKEY key, const WCHAR *name, DWORD *type, void **bytes, DWORD *size);
DWORD __real_registry_count_keys(HKEY key, DWORD *count);
DWORD __real_registry_key_at(HKEY key, DWORD index, WCHAR *name, DWORD chars);

DWORD __wrap_registry_read(HKEY key, const WCHAR *name, DWORD *type, void *bytes, DWORD *size);
DWORD __wrap_registry_read_dword(HKEY key, const WCHAR *name, DWORD *value);
DWORD __wrap_registry_read_all(HKEY key, const WCHAR *name, DWORD *type, void **bytes, DWORD *size);
DWORD __wrap_registry_count_keys(HKEY key, DWORD *count);
DWORD __wrap_registry_key_at(HKEY key, DWORD index, WCHAR *name, DWORD chars);

static BOOL fails(unsigned which)
{
  return (failing & which) != 0;
}

DWORD __wrap_registry_read(HKEY key, const WCHAR *name, DWORD *type, void *bytes, DWORD *size)
{
  return fails(READ) ? ERROR_REGISTRY_CORRUPT : __real_registry_read(key, name, type, bytes, size);
}

DWORD __wrap_registry_read_dword(HKEY key, const WCHAR *name, DWORD *value)
{
  return fails(READ_DWORD) ? ERROR_REGISTRY_CORRUPT : __real_registry_read_dword(key, name, value);
}

DWORD __wrap_registry_read_all(HKEY key, const WCHAR *name, DWORD *type, void **bytes, DWORD *size)
{
  *bytes = NULL;
  return fails(READ_ALL) ? ERROR_REGISTRY_CORRUPT
                         : __real_registry_read_all(key, name, type, bytes, size);
}

DWORD __wrap_registry_count_keys(HKEY key, DWORD *count)
{
  const bool is_the_one = counts_until_failure != 0 && --counts_until_failure == 0;

  return is_the_one || fails(COUNT_KEYS) ? ERROR_REGISTRY_CORRUPT
                                         : __real_registry_count_keys(key, count);
}

DWORD __wrap_registry_key_at(HKEY key, DWORD index, WCHAR *name, DWORD chars)
{
  keys_listed++;
  return fails(KEY_AT) ? ERROR_REGISTRY_CORRUPT : __real_registry_key_at(key, index, name, chars);
}

/* --- before and after ------------------------------------------------------------------------- */

static int begin(void **state)
{
  struct catalog_item items[BASE];
  int error;

  root_begin();
  items_make(items, BASE, FIRST_ID);
  items_put(CATALOG_32, 0, items, BASE, FIRST_ID + BASE);
  items_put(CATALOG_64, 0, items, BASE, FIRST_ID + 20);
  return Ws2SpiOpenCatalog(WS2SPI_CATALOG_REGISTRY, &error);
}

static int end(void **state)
{
  int error;

  failing = 0;
  counts_until_failure = 0;
  writes_fail_from = 0;
  Ws2SpiOpenCatalog(WS2SPI_CATALOG_MEMORY, &error);
  root_end();
  return 0;
}

static int count_problems(void)
{
  int error = -1;

  return Ws2SpiCheckCatalog(WS2SPI_WIDTH_32, NULL, NULL, &error) +
         Ws2SpiCheckCatalog(WS2SPI_WIDTH_64, NULL, NULL, &error);
}

/* The catalog has `count` entries with the ids from 1001, both in the DLL's tables and in the store. */
static void expect_entries(DWORD width, DWORD count)
{
  static WS2SPI_CATALOG_ENTRY entries[64];
  DWORD bytes = sizeof entries;
  struct store_image *image;
  int error;

  entries->dwSize = sizeof *entries;
  assert_int_equal(Ws2SpiEnumCatalog(width, entries, &bytes, &error), count);
  assert_int_equal(store_registry.read(width == WS2SPI_WIDTH_64 ? CATALOG_64 : CATALOG_32, &image),
                   0);
  assert_int_equal(image->count, count);
  for (DWORD i = 0; i < count; i++) {
    assert_int_equal(entries[i].ProtocolInfo.dwCatalogEntryId, FIRST_ID + i);
    assert_int_equal(image->items[i].info.dwCatalogEntryId, FIRST_ID + i);
  }
  store_free_image(image);
}

static DWORD stored_next_id(void)
{
  HKEY key = root_open(L"Protocol_Catalog9");
  DWORD next_id = 0;

  assert_int_equal(__real_registry_read_dword(key, NEXT_ID_VALUE, &next_id), 0);
  RegCloseKey(key);
  return next_id;
}

static int reset(DWORD width)
{
  int error = -1;

  return Ws2SpiResetCatalog(width, &error) == 0 ? 0 : error;
}

/* Empties the DLL's tables, as in a process that has not read the catalog yet. */
static void forget_tables(void)
{
  int error;

  root_raise_serial();
  Ws2SpiOpenCatalog(WS2SPI_CATALOG_MEMORY, &error);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_REGISTRY, &error), 0);
  root_raise_serial();
}

static const GUID PROVIDER = {0x11223344, 0x5566, 0x7788, {1, 2, 3, 4, 5, 6, 7, 8}};

/* --- a catalog that cannot be read ------------------------------------------------------------ */

static void set_categories(void)
{
  assert_int_equal(store_registry.lock(), 0);
  assert_int_equal(store_registry.set_provider_categories(CATALOG_64, &PROVIDER, LSP_PROXY), 0);
  store_registry.unlock();
}

static void expect_reset_despite(unsigned which)
{
  struct store_image *image = NULL;
  DWORD categories;

  begin(NULL);
  set_categories();
  forget_tables();
  failing = which;
  if (which == ALL)
    assert_int_not_equal(store_registry.read(CATALOG_64, &image), 0);
  assert_int_equal(reset(WS2SPI_WIDTH_BOTH), 0);
  failing = 0;
  expect_entries(WS2SPI_WIDTH_32, RESET);
  expect_entries(WS2SPI_WIDTH_64, RESET);
  assert_int_equal(count_problems(), 0);
  assert_int_equal(store_registry.get_provider_categories(CATALOG_64, &PROVIDER, &categories),
                   WSASERVICE_NOT_FOUND);
  /* A counter that can be read is kept. */
  assert_int_equal(stored_next_id(),
                   which == ALL || which == READ_DWORD ? FIRST_ID + RESET : FIRST_ID + 20);
}

static void a_reset_does_not_depend_on_the_present_catalog(void **state)
{
  static const unsigned failures[] = {0, READ, READ_DWORD, READ_ALL, COUNT_KEYS, KEY_AT, ALL};

  for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++)
    expect_reset_despite(failures[i]);
}

static void a_reset_of_one_width_leaves_the_other(void **state)
{
  forget_tables();
  failing = COUNT_KEYS; /* only the entries cannot be read */
  assert_int_equal(reset(WS2SPI_WIDTH_64), 0);
  failing = 0;
  expect_entries(WS2SPI_WIDTH_64, RESET);
  expect_entries(WS2SPI_WIDTH_32, BASE);
  assert_int_equal(stored_next_id(), FIRST_ID + 20);
}

/* Entry BASE - 1 of the 32-bit catalog has a high id, and there is no counter. */
static void damage_the_counter(void)
{
  const struct catalog_item high = item_make(FIRST_ID + 30);
  HKEY key = root_open(L"Protocol_Catalog9");

  assert_int_equal(items_put(CATALOG_32, BASE - 1, &high, 1, FIRST_ID + 31), 0);
  assert_int_equal(RegDeleteValueW(key, NEXT_ID_VALUE), 0);
  RegCloseKey(key);
  forget_tables();
}

static void a_reset_of_one_width_gives_ids_above_the_other(void **state)
{
  damage_the_counter();
  counts_until_failure = 1; /* that of this width */
  assert_int_equal(reset(WS2SPI_WIDTH_64), 0);
  assert_int_equal(counts_until_failure, 0);
  expect_entries(WS2SPI_WIDTH_64, RESET);
  assert_int_equal(stored_next_id(), FIRST_ID + 31);
}

/* Then only the counter tells which ids are in use. */
static void an_unreadable_width_does_not_block_the_other(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID + BASE);
  GUID guid = PROVIDER;
  DWORD id = 0;
  int error = -1;

  forget_tables();
  counts_until_failure = 2; /* that of the other width */
  assert_int_equal(
      Ws2SpiInstallProvider(WS2SPI_WIDTH_64, &guid, L"C:\\a.dll", &item.info, 1, &id, &error), 0);
  assert_int_equal(counts_until_failure, 0);
  assert_int_equal(id, FIRST_ID + 20);
}

/* A journal that cannot be read may change the other width too. */
static void a_reset_of_one_width_keeps_a_journal_of_both(void **state)
{
  struct catalog_item items[BASE + 1];
  struct store_splice splices[2];

  items_make(items, BASE + 1, FIRST_ID);
  for (int width = CATALOG_32; width <= CATALOG_64; width++)
    splices[width] = (struct store_splice){
        .width = (enum catalog_width)width, .count = BASE + 1, .items = items};
  writes_fail_from = writes_made + 5; /* after the journal */
  assert_int_equal(items_commit(splices, 2, FIRST_ID + 20), 0);
  writes_fail_from = 0;
  failing = READ_ALL;
  assert_int_equal(reset(WS2SPI_WIDTH_64), WSASYSCALLFAILURE);
  failing = 0;
  expect_entries(WS2SPI_WIDTH_32, BASE + 1);
  expect_entries(WS2SPI_WIDTH_64, BASE + 1);
}

static void a_reset_without_the_right_to_write_is_refused(void **state)
{
  writes_fail_from = 1;
  assert_int_equal(reset(WS2SPI_WIDTH_BOTH), WSANO_RECOVERY);
  failing = ALL;
  assert_int_equal(reset(WS2SPI_WIDTH_BOTH), WSANO_RECOVERY);
  failing = 0;
  writes_fail_from = 0;
  expect_entries(WS2SPI_WIDTH_64, BASE);
}

/* --- calls on an unreadable catalog ------------------------------------------------------------ */

static int get_categories(DWORD *categories)
{
  GUID id = item_make(FIRST_ID + BASE).info.ProviderId;
  size_t size = sizeof *categories;
  int error = -1;

  return WSCGetProviderInfo(&id, ProviderInfoLspCategories, (PBYTE)categories, &size, 0, &error) ==
                 0
             ? 0
             : error;
}

static int put_categories(DWORD categories)
{
  GUID id = item_make(FIRST_ID + BASE).info.ProviderId;
  int error = -1;

  return WSCSetProviderInfo(&id, ProviderInfoLspCategories, (PBYTE)&categories, sizeof categories,
                            0, &error) == 0
             ? 0
             : error;
}

static void expect_unreadable(void)
{
  DWORD categories = 77;

  failing = COUNT_KEYS; /* only the entries cannot be read */
  assert_int_equal(get_categories(&categories), WSANO_RECOVERY);
  assert_int_equal(categories, 77);
  assert_int_equal(put_categories(LSP_PROXY), WSANO_RECOVERY);
  failing = 0;
}

/* The error is not that there is no such provider, whether the tables have the provider or not. */
static void an_unreadable_catalog_is_reported_as_such(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID + BASE);
  DWORD categories;

  forget_tables();
  assert_int_equal(items_put(CATALOG_NATIVE, BASE, &item, 1, FIRST_ID + 20), 0);
  expect_unreadable();
  assert_int_equal(get_categories(&categories), 0);
  assert_int_equal(categories, 0);
  root_raise_serial();
  expect_unreadable();
  assert_int_equal(put_categories(LSP_PROXY), 0);
  assert_int_equal(get_categories(&categories), 0);
  assert_int_equal(categories, LSP_PROXY);
}

/* --- keys that do not belong there ------------------------------------------------------------ */

/* A copy of an entry with a subkey, and keys that sort before and after all positions. */
static void add_foreign_keys(void)
{
  RegCloseKey(root_open(L"Protocol_Catalog9\\Catalog_Entries64\\000000000001 before\\more"));
  RegCloseKey(root_open(L"Protocol_Catalog9\\Catalog_Entries64\\-"));
  RegCloseKey(root_open(L"Protocol_Catalog9\\Catalog_Entries64\\old"));
  root_raise_serial();
}

static DWORD count_keys(void)
{
  HKEY entries = root_open(L"Protocol_Catalog9\\Catalog_Entries64");
  DWORD count = 0;

  assert_int_equal(__real_registry_count_keys(entries, &count), 0);
  RegCloseKey(entries);
  return count;
}

static void repair_and_reset_remove_keys_that_are_not_positions(void **state)
{
  int error;

  add_foreign_keys();
  assert_int_equal(count_problems(), 1);
  assert_int_equal(Ws2SpiRepairCatalog(WS2SPI_WIDTH_64, &error), 0);
  assert_int_equal(count_problems(), 0);
  assert_int_equal(count_keys(), BASE);
  expect_entries(WS2SPI_WIDTH_64, BASE);
  add_foreign_keys();
  assert_int_equal(reset(WS2SPI_WIDTH_BOTH), 0);
  assert_int_equal(count_keys(), RESET);
  assert_int_equal(count_problems(), 0);
}

/* Listing all keys for each addition would make many additions quadratic. */
static void additions_beside_foreign_keys_do_not_list_all_keys(void **state)
{
  add_foreign_keys();
  keys_listed = 0;
  for (DWORD i = 0; i < APPENDED; i++) {
    const struct catalog_item item = item_make(FIRST_ID + BASE + i);
    const long before = keys_listed;

    assert_int_equal(items_put(CATALOG_64, BASE + i, &item, 1, FIRST_ID + 60), 0);
    /* The first addition has to list them. */
    if (i > 0)
      assert_in_range(keys_listed - before, 0, 4);
  }
  assert_int_equal(count_keys(), BASE + APPENDED + 3);
  expect_entries(WS2SPI_WIDTH_64, BASE + APPENDED);
}

static void removing_entries_deletes_their_keys_beside_foreign_ones(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID + 1);

  add_foreign_keys();
  assert_int_equal(items_put(CATALOG_64, 1, &item, 1, FIRST_ID + BASE), 0);
  assert_int_equal(count_keys(), 2 + 3);
  expect_entries(WS2SPI_WIDTH_64, 2);
}

/* Windows and Wine refuse to delete such a key in one call. */
static void a_numbered_key_with_subkeys_is_deleted_too(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID);

  RegCloseKey(root_open(L"Protocol_Catalog9\\Catalog_Entries64\\000000000004\\a\\b"));
  root_raise_serial();
  assert_int_equal(items_put(CATALOG_64, 0, &item, 1, FIRST_ID + BASE), 0);
  assert_int_equal(count_keys(), 1);
  assert_int_equal(count_problems(), 0);
  expect_entries(WS2SPI_WIDTH_64, 1);
}

#define RESCUE_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
  const struct CMUnitTest tests[] = {
      RESCUE_TEST(a_reset_does_not_depend_on_the_present_catalog),
      RESCUE_TEST(a_reset_of_one_width_leaves_the_other),
      RESCUE_TEST(a_reset_of_one_width_gives_ids_above_the_other),
      RESCUE_TEST(an_unreadable_width_does_not_block_the_other),
      RESCUE_TEST(a_reset_of_one_width_keeps_a_journal_of_both),
      RESCUE_TEST(an_unreadable_catalog_is_reported_as_such),
      RESCUE_TEST(a_reset_without_the_right_to_write_is_refused),
      RESCUE_TEST(repair_and_reset_remove_keys_that_are_not_positions),
      RESCUE_TEST(additions_beside_foreign_keys_do_not_list_all_keys),
      RESCUE_TEST(removing_entries_deletes_their_keys_beside_foreign_ones),
      RESCUE_TEST(a_numbered_key_with_subkeys_is_deleted_too),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
