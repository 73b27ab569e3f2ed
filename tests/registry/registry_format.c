/* The store writes what Windows writes, for both word sizes, and no more than a change needs. */
#include "cmocka_and_store.h"

#include "catalog_fixture.h"
#include "registry/item_key.h"
#include "registry_fixture.h"
#include "write_trap.h"

#include <stdio.h>
#include <wchar.h>

enum { BASE = 6, MANY = 1500 };

static int begin(void **state)
{
  root_begin();
  return 0;
}

static int end(void **state)
{
  writes_are_on_windows = FALSE;
  root_end();
  return 0;
}

static void put_base(enum catalog_width width)
{
  struct catalog_item items[BASE];

  items_make(items, BASE, FIRST_ID);
  assert_int_equal(items_put(width, 0, items, BASE, FIRST_ID + BASE), 0);
}

static DWORD dword_at(const WCHAR *key_path, const WCHAR *name)
{
  HKEY key = root_open(key_path);
  DWORD value = MAXDWORD;

  assert_int_equal(registry_read_dword(key, name, &value), 0);
  RegCloseKey(key);
  return value;
}

static void expect_text(const WCHAR *key_path, const WCHAR *name, const WCHAR *expected)
{
  HKEY key = root_open(key_path);
  WCHAR string[MAX_PATH];

  assert_int_equal(registry_read_string(key, name, string, MAX_PATH), 0);
  assert_true(wcscmp(string, expected) == 0);
  RegCloseKey(key);
}

static DWORD key_count(const WCHAR *key_path)
{
  HKEY key = root_open(key_path);
  DWORD keys;

  assert_int_equal(registry_count_keys(key, &keys), 0);
  RegCloseKey(key);
  return keys;
}

/* --- before the first write --------------------------------------------------------------- */

static void expect_fresh(void)
{
  struct snapshot snapshot = snapshot_take();
  DWORD serial = 1;

  for (int width = CATALOG_32; width <= CATALOG_64; width++) {
    assert_int_equal(snapshot.image[width]->count, 0);
    assert_int_equal(snapshot.image[width]->problem_count, 0);
    assert_int_equal(snapshot.image[width]->next_id, FIRST_ID);
  }
  assert_int_equal(store_registry.serial(&serial), 0);
  assert_int_equal(serial, snapshot.image[0]->serial);
  snapshot_free(&snapshot);
}

static void a_missing_catalog_is_fresh(void **state)
{
  HKEY key = NULL;

  expect_fresh();
  /* Reading has not made it. */
  assert_int_equal(catalog_key_open(&key), ERROR_FILE_NOT_FOUND);
}

/* As in a new Wine prefix. */
static void an_empty_catalog_is_fresh(void **state)
{
  RegCloseKey(root_open(L"Protocol_Catalog9\\Catalog_Entries"));
  expect_fresh();
}

/* --- the form ----------------------------------------------------------------------------- */

static void names_and_counters_are_those_of_windows(void **state)
{
  put_base(CATALOG_64);
  put_base(CATALOG_32);
  expect_text(NULL, L"WinSock_Registry_Version", L"2.0");
  expect_text(NULL, L"Current_Protocol_Catalog", L"Protocol_Catalog9");
  assert_int_equal(dword_at(L"Protocol_Catalog9", L"Num_Catalog_Entries"), BASE);
  assert_int_equal(dword_at(L"Protocol_Catalog9", L"Num_Catalog_Entries64"), BASE);
  assert_int_equal(dword_at(L"Protocol_Catalog9", L"Next_Catalog_Entry_ID"), FIRST_ID + BASE);
  assert_int_equal(dword_at(L"Protocol_Catalog9", L"Serial_Access_Num"), 2);
  assert_int_equal(key_count(L"Protocol_Catalog9\\Catalog_Entries"), BASE);
  assert_int_equal(key_count(L"Protocol_Catalog9\\Catalog_Entries64"), BASE);
}

static void an_item_has_its_packed_form_and_its_name(void **state)
{
  const WCHAR *const path = L"Protocol_Catalog9\\Catalog_Entries64\\000000000003";
  const struct catalog_item item = item_make(FIRST_ID + 2);
  unsigned char expected[PACKED_ITEM_SIZE];
  unsigned char bytes[PACKED_ITEM_SIZE + 1];
  DWORD size = sizeof bytes;
  DWORD type;
  HKEY key;

  put_base(CATALOG_64);
  packed_item_write(&item, expected);
  key = root_open(path);
  assert_int_equal(registry_read(key, L"PackedCatalogItem", &type, bytes, &size), 0);
  RegCloseKey(key);
  assert_int_equal(type, REG_BINARY);
  assert_int_equal(size, PACKED_ITEM_SIZE);
  assert_memory_equal(bytes, expected, PACKED_ITEM_SIZE);
  expect_text(path, L"ProtocolName", item.info.szProtocol);
}

static void current_protocol_catalog_names_the_key(void **state)
{
  HKEY root = root_open(NULL);

  registry_write_string(root, L"Current_Protocol_Catalog", L"Protocol_Catalog10");
  RegCloseKey(root);
  put_base(CATALOG_NATIVE);
  assert_int_equal(dword_at(L"Protocol_Catalog10", L"Next_Catalog_Entry_ID"), FIRST_ID + BASE);
}

static void the_widths_do_not_affect_each_other(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID + 50);
  struct snapshot snapshot;

  put_base(CATALOG_64);
  assert_int_equal(items_put(CATALOG_32, 0, &item, 1, FIRST_ID + 51), 0);
  snapshot = snapshot_take();
  assert_int_equal(snapshot.image[CATALOG_64]->count, BASE);
  assert_int_equal(snapshot.image[CATALOG_32]->count, 1);
  assert_true(item_is_equal(&snapshot.image[CATALOG_32]->items[0], &item));
  assert_int_equal(snapshot.image[CATALOG_64]->next_id, FIRST_ID + 51);
  snapshot_free(&snapshot);
}

static void each_change_has_a_serial_number(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID);
  DWORD before = 0;

  for (DWORD i = 0; i < 4; i++) {
    struct store_image *image = NULL;
    DWORD serial = 0;

    assert_int_equal(items_put(CATALOG_NATIVE, 0, &item, i % 2, FIRST_ID + 1), 0);
    assert_int_equal(store_registry.serial(&serial), 0);
    assert_int_equal(store_registry.read(CATALOG_NATIVE, &image), 0);
    assert_int_equal(image->serial, serial);
    assert_int_not_equal(serial, before);
    before = serial;
    store_free_image(image);
  }
}

/* This process has the old key open. */
static void a_catalog_that_is_deleted_and_made_again_is_noticed(void **state)
{
  DWORD serial = 0;

  put_base(CATALOG_64);
  assert_int_equal(store_registry.serial(&serial), 0);
  assert_int_equal(serial, 1);
  root_begin();
  assert_int_equal(store_registry.serial(&serial), 0);
  assert_int_equal(serial, 0);
  expect_fresh();
  put_base(CATALOG_64);
  put_base(CATALOG_64);
  assert_int_equal(store_registry.serial(&serial), 0);
  assert_int_equal(serial, 2);
}

/* --- paths -------------------------------------------------------------------------------- */

static void put_with_path(const WCHAR *path)
{
  struct catalog_item item = item_make(FIRST_ID);

  lstrcpyW(item.path, path);
  assert_int_equal(items_put(CATALOG_64, 0, &item, 1, FIRST_ID + 1), 0);
}

static void expect_path(const WCHAR *path)
{
  struct store_image *image = NULL;

  assert_int_equal(store_registry.read(CATALOG_64, &image), 0);
  assert_int_equal(image->count, 1);
  assert_true(wcscmp(image->items[0].path, path) == 0);
  store_free_image(image);
}

static bool has_unicode_path(void)
{
  HKEY key = root_open(L"Protocol_Catalog9\\Catalog_Entries64\\000000000001");
  DWORD size;
  const DWORD error = registry_read(key, L"Ws2Spi_ProviderPath", NULL, NULL, &size);

  RegCloseKey(key);
  return error == 0;
}

static void a_unicode_path_is_kept_and_its_value_is_deleted_with_it(void **state)
{
  put_with_path(L"C:\\\x0441\x043b\x043e\x0439\\\x4e2d.dll");
  expect_path(L"C:\\\x0441\x043b\x043e\x0439\\\x4e2d.dll");
  assert_true(has_unicode_path());
  put_with_path(L"C:\\plain.dll");
  expect_path(L"C:\\plain.dll");
  assert_false(has_unicode_path());
}

static void a_packed_path_that_was_changed_alone_counts(void **state)
{
  struct catalog_item item = item_make(FIRST_ID);
  unsigned char packed[PACKED_ITEM_SIZE];
  HKEY key;

  put_with_path(L"C:\\\x4e2d\\a.dll");
  lstrcpyW(item.path, L"C:\\other\\b.dll");
  packed_item_write(&item, packed);
  key = root_open(L"Protocol_Catalog9\\Catalog_Entries64\\000000000001");
  registry_write(key, L"PackedCatalogItem", REG_BINARY, packed, sizeof packed);
  RegCloseKey(key);
  expect_path(L"C:\\other\\b.dll");
}

/* --- the cost of an addition -------------------------------------------------------------- */

static LONG writes_of_an_addition(size_t count)
{
  const struct catalog_item item = item_make(FIRST_ID + (DWORD)count);
  const LONG before = writes_made;

  assert_int_equal(items_put(CATALOG_64, count, &item, 1, FIRST_ID + (DWORD)count + 1), 0);
  return writes_made - before;
}

static void an_addition_costs_the_same_for_any_number_of_entries(void **state)
{
  struct catalog_item *const items = calloc(MANY, sizeof *items);
  struct store_image *image = NULL;
  LONG few;

  assert_non_null(items);
  put_base(CATALOG_64);
  few = writes_of_an_addition(BASE);
  items_make(items, MANY, FIRST_ID);
  assert_int_equal(items_put(CATALOG_64, 0, items, MANY, FIRST_ID + MANY), 0);
  assert_int_equal(writes_of_an_addition(MANY), few);
  print_message("%ld writes\n", few);
  assert_int_equal(store_registry.read(CATALOG_64, &image), 0);
  assert_int_equal(image->count, MANY + 1);
  for (size_t i = 0; i < MANY; i++)
    assert_true(item_is_equal(&image->items[i], &items[i]));
  store_free_image(image);
  free(items);
}

/* --- refused changes ---------------------------------------------------------------------- */

static void a_splice_behind_the_end_is_refused_and_changes_nothing(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID);
  struct snapshot before;
  struct snapshot after;

  put_base(CATALOG_64);
  before = snapshot_take();
  assert_int_equal(items_put(CATALOG_64, BASE + 1, &item, 1, FIRST_ID + 9), WSANO_RECOVERY);
  after = snapshot_take();
  assert_true(snapshot_is_equal(&before, &after));
  assert_int_equal(before.image[0]->serial, after.image[0]->serial);
  snapshot_free(&before);
  snapshot_free(&after);
}

static void nothing_is_written_on_windows(void **state)
{
  const GUID provider = {1, 2, 3, {0}};
  const struct store_splice splice = {.width = CATALOG_64};
  const LONG before = writes_made;

  writes_are_on_windows = TRUE;
  assert_int_equal(store_registry.lock(), WSANO_RECOVERY);
  assert_int_equal(store_registry.commit(&splice, 1, FIRST_ID), WSANO_RECOVERY);
  assert_int_equal(store_registry.set_provider_categories(CATALOG_64, &provider, LSP_PROXY),
                   WSANO_RECOVERY);
  assert_int_equal(store_registry.set_application_categories(L"C:\\a.exe", L"", LSP_PROXY),
                   WSANO_RECOVERY);
  expect_fresh();
  assert_int_equal(writes_made, before);
}

/* As for a user who may not write. */
static void a_refused_write_changes_nothing(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID);
  struct snapshot before;
  struct snapshot after;

  put_base(CATALOG_64);
  before = snapshot_take();
  for (LONG allowed = 0; allowed < 2; allowed++) {
    writes_fail_from = writes_made + 1 + allowed;
    assert_int_equal(items_put(CATALOG_64, 0, &item, 1, FIRST_ID + 9), WSANO_RECOVERY);
    writes_fail_from = 0;
    after = snapshot_take();
    assert_true(snapshot_is_equal(&before, &after));
    snapshot_free(&after);
  }
  snapshot_free(&before);
}

/* The change takes effect with the journal, and is completed later. */
static void a_write_that_fails_after_the_journal_undoes_nothing(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID + 40);
  struct store_image *image = NULL;

  put_base(CATALOG_64);
  writes_fail_from = writes_made + 6; /* one of the writes to the keys */
  assert_int_equal(items_put(CATALOG_64, 0, &item, 1, FIRST_ID + 41), 0);
  assert_int_equal(store_registry.read(CATALOG_64, &image), 0);
  assert_int_equal(image->count, 1);
  assert_true(item_is_equal(&image->items[0], &item));
  store_free_image(image);
  writes_fail_from = 0;
  assert_int_equal(store_registry.lock(), 0);
  store_registry.unlock();
  assert_int_equal(dword_at(L"Protocol_Catalog9", L"Num_Catalog_Entries64"), 1);
  assert_int_equal(key_count(L"Protocol_Catalog9\\Catalog_Entries64"), 1);
}

#define FORMAT_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
  const struct CMUnitTest tests[] = {
      FORMAT_TEST(a_missing_catalog_is_fresh),
      FORMAT_TEST(an_empty_catalog_is_fresh),
      FORMAT_TEST(names_and_counters_are_those_of_windows),
      FORMAT_TEST(an_item_has_its_packed_form_and_its_name),
      FORMAT_TEST(current_protocol_catalog_names_the_key),
      FORMAT_TEST(the_widths_do_not_affect_each_other),
      FORMAT_TEST(each_change_has_a_serial_number),
      FORMAT_TEST(a_catalog_that_is_deleted_and_made_again_is_noticed),
      FORMAT_TEST(a_unicode_path_is_kept_and_its_value_is_deleted_with_it),
      FORMAT_TEST(a_packed_path_that_was_changed_alone_counts),
      FORMAT_TEST(an_addition_costs_the_same_for_any_number_of_entries),
      FORMAT_TEST(a_splice_behind_the_end_is_refused_and_changes_nothing),
      FORMAT_TEST(nothing_is_written_on_windows),
      FORMAT_TEST(a_refused_write_changes_nothing),
      FORMAT_TEST(a_write_that_fails_after_the_journal_undoes_nothing),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
