/* Appending an entry to a catalog with unusable entries costs the same number of registry reads and
 * validations for every size of the catalog, and loses nothing. */
#include "cmocka_and_store.h"

#include "catalog/image_validate.h"
#include "child_process.h"
#include "catalog_fixture.h"
#include "registry_fixture.h"
#include "ws2spi_shim.h"

#include <stdio.h>

enum { FEW = 8, MANY = 40, DAMAGED = 3 /* the position */ };

/* --- counting ------------------------------------------------------------------------------ */

static long reads; /* keys opened or counted, values and names read */
static long validations;

DWORD __real_registry_open(HKEY parent, const WCHAR *path, HKEY *key);
DWORD __real_registry_read(HKEY key, const WCHAR *name, DWORD *type, void *bytes, DWORD *size);
DWORD __real_registry_read_dword(HKEY key, const WCHAR *name, DWORD *value);
DWORD __real_registry_read_all(HKEY key, const WCHAR *name, DWORD *type, void **bytes, DWORD *size);
DWORD __real_registry_count_keys(HKEY key, DWORD *count);
DWORD __real_registry_key_at(HKEY key, DWORD index, WCHAR *name, DWORD chars);
bool __real_image_validate(const struct catalog_item *const *items, size_t count,
                           const char **reasons);

DWORD __wrap_registry_open(HKEY parent, const WCHAR *path, HKEY *key);
DWORD __wrap_registry_read(HKEY key, const WCHAR *name, DWORD *type, void *bytes, DWORD *size);
DWORD __wrap_registry_read_dword(HKEY key, const WCHAR *name, DWORD *value);
DWORD __wrap_registry_read_all(HKEY key, const WCHAR *name, DWORD *type, void **bytes, DWORD *size);
DWORD __wrap_registry_count_keys(HKEY key, DWORD *count);
DWORD __wrap_registry_key_at(HKEY key, DWORD index, WCHAR *name, DWORD chars);
bool __wrap_image_validate(const struct catalog_item *const *items, size_t count,
                           const char **reasons);

DWORD __wrap_registry_open(HKEY parent, const WCHAR *path, HKEY *key)
{
  reads++;
  return __real_registry_open(parent, path, key);
}

DWORD __wrap_registry_read(HKEY key, const WCHAR *name, DWORD *type, void *bytes, DWORD *size)
{
  reads++;
  return __real_registry_read(key, name, type, bytes, size);
}

DWORD __wrap_registry_read_dword(HKEY key, const WCHAR *name, DWORD *value)
{
  reads++;
  return __real_registry_read_dword(key, name, value);
}

DWORD __wrap_registry_read_all(HKEY key, const WCHAR *name, DWORD *type, void **bytes, DWORD *size)
{
  reads++;
  return __real_registry_read_all(key, name, type, bytes, size);
}

DWORD __wrap_registry_count_keys(HKEY key, DWORD *count)
{
  reads++;
  return __real_registry_count_keys(key, count);
}

DWORD __wrap_registry_key_at(HKEY key, DWORD index, WCHAR *name, DWORD chars)
{
  reads++;
  return __real_registry_key_at(key, index, name, chars);
}

bool __wrap_image_validate(const struct catalog_item *const *items, size_t count,
                           const char **reasons)
{
  validations++;
  return __real_image_validate(items, count, reasons);
}

/* --- a catalog with an unusable entry ------------------------------------------------------ */

/* Stores entries with the ids from FIRST_ID; the last is a chain that begins with `part`. */
static void store_entries(DWORD count, DWORD part)
{
  static struct catalog_item items[MANY];
  int error = -1;

  root_begin();
  items_make(items, count, FIRST_ID);
  items[count - 1].info.ProtocolChain = (WSAPROTOCOLCHAIN){2, {part, FIRST_ID}};
  assert_int_equal(items_put(CATALOG_64, 0, items, count, FIRST_ID + count), 0);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_REGISTRY, &error), 0);
}

static HKEY open_damaged(DWORD position)
{
  WCHAR path[CATALOG_PATH_CHARS];

  swprintf(path, CATALOG_PATH_CHARS, L"Protocol_Catalog9\\Catalog_Entries64\\%012lu", position);
  return root_open(path);
}

static void damage(void)
{
  HKEY key = open_damaged(DAMAGED);

  assert_int_equal(
      RegSetValueExW(key, L"PackedCatalogItem", 0, REG_BINARY, (const BYTE *)"short", 5), 0);
  RegCloseKey(key);
  root_raise_serial();
}

static void expect_damaged(DWORD position)
{
  HKEY key = open_damaged(position);
  char bytes[16];
  DWORD size = sizeof bytes;
  DWORD type;

  assert_int_equal(__real_registry_read(key, L"PackedCatalogItem", &type, bytes, &size), 0);
  assert_int_equal(size, 5);
  assert_memory_equal(bytes, "short", 5);
  RegCloseKey(key);
}

static DWORD install(DWORD number)
{
  const struct catalog_item item = item_make(number);
  GUID guid = item.info.ProviderId;
  DWORD id = 0;
  int error = -1;

  assert_int_equal(
      Ws2SpiInstallProvider(WS2SPI_WIDTH_64, &guid, L"C:\\a.dll", &item.info, 1, &id, &error), 0);
  return id;
}

static void expect_ids(const DWORD *ids, size_t count)
{
  struct store_image *image;

  assert_int_equal(store_registry.read(CATALOG_64, &image), 0);
  assert_int_equal(image->problem_count, 1);
  assert_int_equal(image->count, count);
  for (size_t i = 0; i < count; i++)
    assert_int_equal(image->items[i].info.dwCatalogEntryId, ids[i]);
  store_free_image(image);
}

static int end(void **state)
{
  int error;

  Ws2SpiOpenCatalog(WS2SPI_CATALOG_MEMORY, &error);
  root_end();
  return 0;
}

/* --- the tests -------------------------------------------------------------------------------- */

/* Counts for the second addition: the first has to read the whole catalog. */
static long count_reads(DWORD entries, bool is_damaged)
{
  store_entries(entries, FIRST_ID + 1);
  if (is_damaged)
    damage();
  install(1);
  reads = 0;
  install(2);
  return reads;
}

static void additions_beside_an_unusable_key_do_not_read_all_keys(void **state)
{
  const long plain = count_reads(FEW, false);

  assert_in_range(plain, 1, 30);
  assert_int_equal(count_reads(MANY, false), plain);
  assert_int_equal(count_reads(FEW, true), plain);
  assert_int_equal(count_reads(MANY, true), plain);
  print_message("%ld registry reads for an addition\n", plain);
}

static void additions_beside_an_unusable_entry_do_not_validate_all(void **state)
{
  store_entries(MANY, FIRST_ID - 1);
  install(1);
  validations = 0;
  install(2);
  assert_int_equal(validations, 0);
}

static int count_usable(void)
{
  static WS2SPI_CATALOG_ENTRY entries[MANY];
  DWORD bytes = sizeof entries;
  int error;

  entries->dwSize = sizeof *entries;
  return Ws2SpiEnumCatalog(WS2SPI_WIDTH_64, entries, &bytes, &error);
}

/* The chain is invalid until an addition gets the id to which it refers. */
static void a_chain_becomes_valid_when_its_element_is_installed(void **state)
{
  store_entries(FEW, FIRST_ID + FEW + 1);
  assert_int_equal(install(1), FIRST_ID + FEW);
  assert_int_equal(count_usable(), FEW - 1 + 1);
  assert_int_equal(install(2), FIRST_ID + FEW + 1);
  assert_int_equal(count_usable(), FEW + 2);
}

static void put(size_t first, DWORD id)
{
  const struct catalog_item item = item_make(id);

  assert_int_equal(items_put(CATALOG_64, first, &item, 1, id + 1), 0);
}

/* A process may trust what it cached about the keys until another process writes. */
static void additions_of_two_processes_follow_each_other(void **state)
{
  static const DWORD ids[] = {1001, 1002, 1004, 2001, 2002, 2003, 2004};
  static const long by_child[] = {5, 2003};

  store_entries(4, FIRST_ID + 1);
  damage();
  put(3, 2001);
  put(4, 2002);
  assert_int_equal(child_end(child_start("put", by_child, 2)), 0);
  put(6, 2004);
  expect_ids(ids, 7);
  expect_damaged(DAMAGED);
}

/* A change before the unusable key moves it behind the items. Later additions come after it. */
static void additions_after_a_move_leave_the_unusable_key_in_place(void **state)
{
  static const DWORD ids[] = {2001, 2002, 2003, 2004};

  store_entries(4, FIRST_ID + 1);
  damage();
  put(3, 1005);
  put(0, 2001);
  expect_damaged(2);
  put(1, 2002);
  put(2, 2003);
  put(3, 2004);
  expect_ids(ids, 4);
  expect_damaged(2);
}

static void a_splice_behind_the_end_is_refused(void **state)
{
  static const DWORD ids[] = {1001, 1002, 1004, 2001};
  const struct catalog_item item = item_make(2002);

  store_entries(4, FIRST_ID + 1);
  damage();
  put(3, 2001);
  assert_int_equal(items_put(CATALOG_64, 5, &item, 1, 2003), WSANO_RECOVERY);
  expect_ids(ids, 4);
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(additions_beside_an_unusable_key_do_not_read_all_keys, end),
      cmocka_unit_test_teardown(additions_beside_an_unusable_entry_do_not_validate_all, end),
      cmocka_unit_test_teardown(a_chain_becomes_valid_when_its_element_is_installed, end),
      cmocka_unit_test_teardown(additions_of_two_processes_follow_each_other, end),
      cmocka_unit_test_teardown(additions_after_a_move_leave_the_unusable_key_in_place, end),
      cmocka_unit_test_teardown(a_splice_behind_the_end_is_refused, end),
  };

  if (child_is_here(argc, argv)) {
    const struct catalog_item item = item_make((DWORD)child_number(argv, 1));

    return items_put(CATALOG_64, (size_t)child_number(argv, 0), &item, 1,
                     item.info.dwCatalogEntryId + 1);
  }
  return cmocka_run_group_tests(tests, NULL, NULL);
}
