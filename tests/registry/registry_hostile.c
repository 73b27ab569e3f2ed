/* A damaged catalog: unusable entries have a reason and a position, the others stay usable, and later
 * changes lose nothing that they were not asked to remove. */
#include "cmocka_and_store.h"

#include "catalog/image_validate.h"
#include "catalog_fixture.h"
#include "registry/item_key.h"
#include "registry_fixture.h"

#include <stdio.h>
#include <wchar.h>

enum { BASE = 5 };

static const WCHAR CATALOG[] = L"Protocol_Catalog9";
static const WCHAR ENTRIES[] = L"Protocol_Catalog9\\Catalog_Entries64";

static int begin(void **state)
{
  struct catalog_item items[BASE];

  root_begin();
  items_make(items, BASE, FIRST_ID);
  return items_put(CATALOG_64, 0, items, BASE, FIRST_ID + BASE);
}

static int end(void **state)
{
  root_end();
  return 0;
}

/* --- damaging the catalog ----------------------------------------------------------------- */

static HKEY open_position(DWORD position)
{
  WCHAR path[CATALOG_PATH_CHARS];

  swprintf(path, CATALOG_PATH_CHARS, L"%ls\\%012lu", ENTRIES, position);
  return root_open(path);
}

static void write_packed(DWORD position, DWORD type, const void *bytes, DWORD size)
{
  HKEY key = open_position(position);

  assert_int_equal(RegSetValueExW(key, L"PackedCatalogItem", 0, type, bytes, size), 0);
  RegCloseKey(key);
  root_raise_serial();
}

static void write_item(DWORD position, const struct catalog_item *item)
{
  unsigned char packed[PACKED_ITEM_SIZE];

  packed_item_write(item, packed);
  write_packed(position, REG_BINARY, packed, sizeof packed);
}

static void write_number(const WCHAR *name, DWORD type, DWORD value)
{
  HKEY key = root_open(CATALOG);

  assert_int_equal(RegSetValueExW(key, name, 0, type, (const BYTE *)&value, sizeof value), 0);
  RegCloseKey(key);
  root_raise_serial();
}

static void delete_key(DWORD position)
{
  WCHAR name[POSITION_CHARS];
  HKEY entries = root_open(ENTRIES);

  position_name(position, name);
  assert_int_equal(RegDeleteKeyW(entries, name), 0);
  RegCloseKey(entries);
  root_raise_serial();
}

/* --- reading it --------------------------------------------------------------------------- */

static struct store_image *image;

static void read_image(void)
{
  store_free_image(image);
  image = NULL;
  assert_int_equal(store_registry.read(CATALOG_64, &image), 0);
}

/* The image has items with these ids, in this order. */
static void expect_ids(const DWORD *ids, size_t count)
{
  assert_int_equal(image->count, count);
  for (size_t i = 0; i < count; i++)
    assert_int_equal(image->items[i].info.dwCatalogEntryId, ids[i]);
}

static void expect_problem(size_t place, DWORD position, DWORD id, const char *reason)
{
  assert_in_range(place, 0, image->problem_count - 1);
  assert_string_equal(image->problems[place].reason, reason);
  assert_int_equal(image->problems[place].position, position);
  assert_int_equal(image->problems[place].catalog_entry_id, id);
}

static void expect_only_problem(DWORD position, DWORD id, const char *reason)
{
  read_image();
  assert_int_equal(image->problem_count, 1);
  expect_problem(0, position, id, reason);
}

/* The store has no problem, and the rules reject the item at this place; NULL: they accept it. */
static void expect_validation(size_t place, const char *reason)
{
  const struct catalog_item *items[BASE];
  const char *reasons[BASE];

  read_image();
  assert_int_equal(image->problem_count, 0);
  assert_int_equal(image->count, BASE);
  for (size_t i = 0; i < BASE; i++)
    items[i] = &image->items[i];
  assert_true(image_validate(items, BASE, reasons));
  if (reason == NULL)
    assert_null(reasons[place]);
  else
    assert_string_equal(reasons[place], reason);
}

#define EXPECT_IDS(...)                                                                            \
  do {                                                                                             \
    const DWORD ids_[] = {__VA_ARGS__};                                                            \
    expect_ids(ids_, sizeof ids_ / sizeof ids_[0]);                                                \
  } while (0)

/* --- single entries ----------------------------------------------------------------------- */

static void an_item_of_a_wrong_length_is_skipped(void **state)
{
  static const unsigned char bytes[100000] = {1};

  write_packed(2, REG_BINARY, bytes, PACKED_ITEM_SIZE - 1);
  expect_only_problem(2, 0, "the packed item is too short");
  EXPECT_IDS(1001, 1003, 1004, 1005);
  write_packed(2, REG_BINARY, bytes, 0);
  expect_only_problem(2, 0, "the packed item is too short");
  write_packed(2, REG_BINARY, bytes, sizeof bytes);
  expect_only_problem(2, 0, "the packed item is too long");
  EXPECT_IDS(1001, 1003, 1004, 1005);
}

static void an_item_of_a_wrong_type_is_skipped(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID + 1);
  unsigned char packed[PACKED_ITEM_SIZE];

  packed_item_write(&item, packed);
  write_packed(2, REG_SZ, packed, sizeof packed);
  expect_only_problem(2, 0, "PackedCatalogItem is not binary");
  EXPECT_IDS(1001, 1003, 1004, 1005);
}

static void a_key_without_an_item_is_skipped(void **state)
{
  HKEY key = open_position(4);

  RegDeleteValueW(key, L"PackedCatalogItem");
  RegCloseKey(key);
  expect_only_problem(4, 0, "PackedCatalogItem is missing");
  EXPECT_IDS(1001, 1002, 1003, 1005);
}

static void a_repeated_id_is_rejected_by_the_rules(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID);

  write_item(3, &item);
  expect_validation(2, "an earlier entry has the same catalog id");
  EXPECT_IDS(1001, 1002, 1001, 1004, 1005);
}

static void ids_out_of_range_are_skipped_and_do_not_raise_the_next_id(void **state)
{
  struct catalog_item item = item_make(FIRST_ID);

  item.info.dwCatalogEntryId = MAXDWORD;
  write_item(3, &item);
  expect_only_problem(3, MAXDWORD, "the catalog entry id is out of range");
  assert_int_equal(image->next_id, FIRST_ID + BASE);
  item.info.dwCatalogEntryId = 0x40000001; /* the first of a registered provider */
  write_item(3, &item);
  expect_only_problem(3, 0x40000001, "the catalog entry id is out of range");
  assert_int_equal(image->next_id, FIRST_ID + BASE);
  item.info.dwCatalogEntryId = 0;
  write_item(3, &item);
  expect_only_problem(3, 0, "the catalog entry id is out of range");
  EXPECT_IDS(1001, 1002, 1004, 1005);
}

static void environment_strings_are_not_expanded(void **state)
{
  struct catalog_item item = item_make(FIRST_ID);

  lstrcpyW(item.path, L"%NoSuchVariable%\\%%x%\\a.dll");
  write_item(1, &item);
  read_image();
  assert_int_equal(image->problem_count, 0);
  assert_true(wcscmp(image->items[0].path, item.path) == 0);
}

/* --- chains ------------------------------------------------------------------------------- */

static void write_chain(DWORD position, DWORD id, int length, DWORD first, DWORD second)
{
  struct catalog_item item = item_make(id);

  item.info.ProtocolChain = (WSAPROTOCOLCHAIN){length, {first, second}};
  write_item(position, &item);
}

static void invalid_chains_are_rejected_by_the_rules(void **state)
{
  write_chain(5, 1005, 2, 1004, 4711);
  expect_validation(4, "its chain names an entry that does not exist");
  write_chain(5, 1005, 2, 1004, 1005);
  expect_validation(4, "its chain refers to itself or is nested too deeply");
  write_chain(4, 1004, 2, 1001, 1005);
  expect_validation(3, "its chain refers to itself or is nested too deeply");
  EXPECT_IDS(1001, 1002, 1003, 1004, 1005);
}

static void valid_chains_are_accepted(void **state)
{
  write_chain(3, 1003, 2, 1002, 1001);
  write_chain(4, 1004, 2, 1002, 1003);
  for (size_t place = 0; place < BASE; place++)
    expect_validation(place, NULL);
}

/* --- the whole catalog -------------------------------------------------------------------- */

static void a_wrong_number_of_entries_is_reported_and_hides_nothing(void **state)
{
  static const DWORD counts[] = {0, 1, BASE - 1, BASE + 1, MAXDWORD};

  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    write_number(L"Num_Catalog_Entries64", REG_DWORD, counts[i]);
    expect_only_problem(0, 0, "the number of entries differs from the number of keys");
    EXPECT_IDS(1001, 1002, 1003, 1004, 1005);
  }
  write_number(L"Num_Catalog_Entries64", REG_BINARY, BASE);
  expect_only_problem(0, 0, "the number of entries is missing");
  EXPECT_IDS(1001, 1002, 1003, 1004, 1005);
}

static void a_missing_key_is_reported(void **state)
{
  delete_key(2);
  read_image();
  assert_int_equal(image->problem_count, 2);
  expect_problem(0, 0, 0, "the number of entries differs from the number of keys");
  expect_problem(1, 0, 0, "the positions of the keys have gaps");
  EXPECT_IDS(1001, 1003, 1004, 1005);
}

static void keys_that_are_not_positions_are_reported(void **state)
{
  const struct catalog_item far_away = item_make(FIRST_ID + 20);
  HKEY key = root_open(L"Protocol_Catalog9\\Catalog_Entries64\\backup of 1 by somebody");

  RegCloseKey(key);
  write_item(MAXDWORD, &far_away);
  read_image();
  assert_int_equal(image->problem_count, 3);
  expect_problem(0, 0, 0, "the number of entries differs from the number of keys");
  expect_problem(1, 0, 0, "the name of a key is not a position");
  expect_problem(2, 0, 0, "the positions of the keys have gaps");
  EXPECT_IDS(1001, 1002, 1003, 1004, 1005, 1021);
  assert_int_equal(image->next_id, FIRST_ID + 21);
}

static void a_bad_next_id_is_replaced_by_one_above_the_entries(void **state)
{
  static const DWORD values[] = {0, 1, FIRST_ID, MAXDWORD};

  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    write_number(L"Next_Catalog_Entry_ID", REG_DWORD, values[i]);
    expect_only_problem(0, 0,
                        values[i] == FIRST_ID ? "the next catalog id belongs to an entry"
                                              : "the next catalog id is out of range");
    assert_int_equal(image->next_id, FIRST_ID + BASE);
  }
  write_number(L"Next_Catalog_Entry_ID", REG_SZ, 0x00390039);
  expect_only_problem(0, 0, "the next catalog id is missing");
  assert_int_equal(image->next_id, FIRST_ID + BASE);
}

/* A lock key of another program, and a journal that is not one. */
static void leftovers_of_other_programs_do_not_block(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID + BASE);
  HKEY key = root_open(CATALOG);
  WCHAR lock_key[CATALOG_PATH_CHARS];
  DWORD serial = 0;
  DWORD size;

  RegSetValueExW(key, JOURNAL_VALUE, 0, REG_BINARY, (const BYTE *)"nonsense", 8);
  assert_int_equal(registry_read_dword(key, SERIAL_VALUE, &serial), 0);
  swprintf(lock_key, CATALOG_PATH_CHARS, L"%ls\\%08lX", CATALOG, serial);
  RegCloseKey(root_open(lock_key));
  read_image();
  EXPECT_IDS(1001, 1002, 1003, 1004, 1005);
  assert_int_equal(items_put(CATALOG_64, BASE, &item, 1, FIRST_ID + BASE + 1), 0);
  assert_int_equal(registry_read(key, JOURNAL_VALUE, NULL, NULL, &size), ERROR_FILE_NOT_FOUND);
  RegCloseKey(key);
  read_image();
  EXPECT_IDS(1001, 1002, 1003, 1004, 1005, 1006);
}

/* --- later changes ------------------------------------------------------------------------ */

static void expect_kept(DWORD position, const char *bytes)
{
  HKEY key = open_position(position);
  char found[32];
  DWORD size = sizeof found;
  DWORD type;

  assert_int_equal(registry_read(key, L"PackedCatalogItem", &type, found, &size), 0);
  RegCloseKey(key);
  assert_int_equal(type, REG_BINARY);
  assert_int_equal(size, strlen(bytes));
  assert_memory_equal(found, bytes, size);
}

static void an_addition_leaves_an_unusable_key_in_place(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID + BASE);

  write_packed(2, REG_BINARY, "broken", 6);
  assert_int_equal(items_put(CATALOG_64, BASE - 1, &item, 1, FIRST_ID + BASE + 1), 0);
  expect_only_problem(2, 0, "the packed item is too short");
  EXPECT_IDS(1001, 1003, 1004, 1005, 1006);
  expect_kept(2, "broken");
}

static void a_change_before_an_unusable_key_moves_it_to_the_end(void **state)
{
  struct catalog_item items[2];

  write_packed(3, REG_BINARY, "broken", 6);
  items_make(items, 2, FIRST_ID + 3);
  assert_int_equal(items_put(CATALOG_64, 0, items, 2, FIRST_ID + BASE), 0);
  expect_only_problem(3, 0, "the packed item is too short");
  EXPECT_IDS(1004, 1005);
  expect_kept(3, "broken");
}

static void a_reset_removes_unusable_keys(void **state)
{
  struct catalog_item items[2];
  struct store_splice splice = {
      .width = CATALOG_64, .count = 2, .items = items, .discard_invalid = true};

  write_packed(1, REG_BINARY, "broken", 6);
  write_packed(4, REG_BINARY, "broken", 6);
  items_make(items, 2, FIRST_ID + 1);
  assert_int_equal(items_commit(&splice, 1, FIRST_ID + BASE), 0);
  read_image();
  assert_int_equal(image->problem_count, 0);
  EXPECT_IDS(1002, 1003);
}

static void a_change_closes_gaps_and_corrects_the_count(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID + BASE);

  delete_key(2);
  write_number(L"Num_Catalog_Entries64", REG_DWORD, 77);
  assert_int_equal(items_put(CATALOG_64, BASE - 1, &item, 1, FIRST_ID + BASE + 1), 0);
  read_image();
  assert_int_equal(image->problem_count, 0);
  EXPECT_IDS(1001, 1003, 1004, 1005, 1006);
}

static int end_and_free(void **state)
{
  store_free_image(image);
  image = NULL;
  return end(state);
}

#define HOSTILE_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end_and_free)

int main(void)
{
  const struct CMUnitTest tests[] = {
      HOSTILE_TEST(an_item_of_a_wrong_length_is_skipped),
      HOSTILE_TEST(an_item_of_a_wrong_type_is_skipped),
      HOSTILE_TEST(a_key_without_an_item_is_skipped),
      HOSTILE_TEST(a_repeated_id_is_rejected_by_the_rules),
      HOSTILE_TEST(ids_out_of_range_are_skipped_and_do_not_raise_the_next_id),
      HOSTILE_TEST(environment_strings_are_not_expanded),
      HOSTILE_TEST(invalid_chains_are_rejected_by_the_rules),
      HOSTILE_TEST(valid_chains_are_accepted),
      HOSTILE_TEST(a_wrong_number_of_entries_is_reported_and_hides_nothing),
      HOSTILE_TEST(a_missing_key_is_reported),
      HOSTILE_TEST(keys_that_are_not_positions_are_reported),
      HOSTILE_TEST(a_bad_next_id_is_replaced_by_one_above_the_entries),
      HOSTILE_TEST(leftovers_of_other_programs_do_not_block),
      HOSTILE_TEST(an_addition_leaves_an_unusable_key_in_place),
      HOSTILE_TEST(a_change_before_an_unusable_key_moves_it_to_the_end),
      HOSTILE_TEST(a_reset_removes_unusable_keys),
      HOSTILE_TEST(a_change_closes_gaps_and_corrects_the_count),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
