/* The ids of new entries when the counter or an entry is damaged, over both stores. */
#include "cmocka_and_store.h"

#include "catalog/id_allocator.h"
#include "catalog_fixture.h"
#include "platform/heap.h"
#include "registry/catalog_image.h"
#include "registry_fixture.h"
#include "stores/stores.h"
#include "ws2spi_shim.h"

enum { LAST_ID = WS2SPI_FIRST_REGISTERED_ID - 1, NEW_ID = FIRST_ID + 6 };

struct store_choice {
  const struct catalog_store *store;
  DWORD constant;
};
static const struct store_choice STORES[] = {{&store_memory, WS2SPI_CATALOG_MEMORY},
                                             {&store_registry, WS2SPI_CATALOG_REGISTRY}};
enum { STORE_COUNT = sizeof STORES / sizeof STORES[0] };

/* --- shortages ------------------------------------------------------------------------------- */

static DWORD ids_left; /* 0: no limit */
static BOOL other_width_is_unreadable;
static BOOL is_short; /* the search for ids gets no memory */
static BOOL is_searching;

bool __real_free_ids_find(struct free_ids *ids);
bool __wrap_free_ids_find(struct free_ids *ids);
bool __wrap_free_ids_find(struct free_ids *ids)
{
  bool found;

  is_searching = TRUE;
  found = __real_free_ids_find(ids);
  is_searching = FALSE;
  if (ids_left != 0)
    ids->end = ids->first + ids_left;
  return found;
}

void *__real_heap_allocate(size_t size);
void *__wrap_heap_allocate(size_t size);
void *__wrap_heap_allocate(size_t size)
{
  return is_searching && is_short ? NULL : __real_heap_allocate(size);
}

DWORD __real_catalog_image_read(const struct catalog_state *state, enum catalog_width width,
                                struct catalog_image *image);
DWORD __wrap_catalog_image_read(const struct catalog_state *state, enum catalog_width width,
                                struct catalog_image *image);
DWORD __wrap_catalog_image_read(const struct catalog_state *state, enum catalog_width width,
                                struct catalog_image *image)
{
  return other_width_is_unreadable && width != CATALOG_NATIVE
             ? ERROR_BADDB
             : __real_catalog_image_read(state, width, image);
}

static int end(void **state)
{
  int error;

  ids_left = 0;
  other_width_is_unreadable = is_short = FALSE;
  Ws2SpiOpenCatalog(WS2SPI_CATALOG_MEMORY, &error);
  root_end();
  return 0;
}

/* --- a damaged catalog ----------------------------------------------------------------------- */

/* Stores entries with these ids alone in both widths. */
static void store_entries(const struct store_choice *choice, const DWORD *ids, size_t count,
                          DWORD next_id)
{
  struct catalog_item items[8];
  struct store_splice splices[2];
  int error;

  root_begin();
  for (size_t i = 0; i < count; i++)
    items[i] = item_make(ids[i]);
  for (int width = CATALOG_32; width <= CATALOG_64; width++)
    splices[width] =
        (struct store_splice){.width = (enum catalog_width)width, .count = count, .items = items};
  assert_int_equal(choice->store->lock(), 0);
  assert_int_equal(choice->store->commit(splices, 2, next_id), 0);
  choice->store->unlock();
  assert_int_equal(Ws2SpiOpenCatalog(choice->constant, &error), 0);
}

static DWORD install(DWORD width, DWORD number)
{
  const struct catalog_item item = item_make(number);
  GUID guid = item.info.ProviderId;
  DWORD id = 0;
  int error = -1;

  guid.Data4[0] = (BYTE)width;
  assert_int_equal(Ws2SpiInstallProvider(width, &guid, L"C:\\a.dll", &item.info, 1, &id, &error),
                   0);
  return id;
}

static int count_problems(DWORD width)
{
  int error = -1;

  return Ws2SpiCheckCatalog(width, NULL, NULL, &error);
}

/* --- the tests -------------------------------------------------------------------------------- */

static void a_counter_near_the_end_of_the_range_wastes_no_ids(void **state)
{
  static const DWORD counters[] = {LAST_ID, LAST_ID + 1, LAST_ID - 1000};
  const DWORD ids[] = {FIRST_ID, FIRST_ID + 20};

  for (int store = 0; store < STORE_COUNT; store++) {
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
      store_entries(&STORES[store], ids, 2, counters[i]);
      assert_int_equal(install(WS2SPI_WIDTH_64, 1), FIRST_ID + 21);
      assert_int_equal(install(WS2SPI_WIDTH_32, 2), FIRST_ID + 22);
      assert_int_equal(install(WS2SPI_WIDTH_BOTH, 3), FIRST_ID + 23);
    }
  }
}

static void an_entry_near_the_end_of_the_range_wastes_no_ids(void **state)
{
  static const DWORD last[] = {LAST_ID, LAST_ID - 5, LAST_ID - (1 << 20), LAST_ID - (1 << 20) - 1};

  for (int store = 0; store < STORE_COUNT; store++) {
    for (size_t i = 0; i < sizeof last / sizeof last[0]; i++) {
      const DWORD ids[] = {FIRST_ID, last[i], FIRST_ID + 20};
      DWORD given[8];

      store_entries(&STORES[store], ids, 3, FIRST_ID + 21);
      for (DWORD n = 0; n < 8; n++) {
        given[n] = install(n % 2 == 0 ? WS2SPI_WIDTH_64 : WS2SPI_WIDTH_32, n + 1);
        assert_true(given[n] > FIRST_ID + 20 && given[n] <= LAST_ID);
        for (DWORD other = 0; other < 3; other++)
          assert_int_not_equal(given[n], ids[other]);
        for (DWORD other = 0; other < n; other++)
          assert_int_not_equal(given[n], given[other]);
      }
      assert_int_equal(count_problems(WS2SPI_WIDTH_32), 0);
      assert_int_equal(count_problems(WS2SPI_WIDTH_64), 0);
    }
  }
}

/* The counter goes on within the gap, also after an entry was removed. */
static void ids_given_in_a_gap_are_not_given_again(void **state)
{
  const DWORD ids[] = {FIRST_ID, LAST_ID};
  int error;

  for (int store = 0; store < STORE_COUNT; store++) {
    GUID guid = item_make(1).info.ProviderId;

    store_entries(&STORES[store], ids, 2, FIRST_ID + 1);
    guid.Data4[0] = WS2SPI_WIDTH_64;
    assert_int_equal(install(WS2SPI_WIDTH_64, 1), NEW_ID);
    assert_int_equal(Ws2SpiDeinstallProvider(WS2SPI_WIDTH_64, &guid, &error), 0);
    assert_int_equal(install(WS2SPI_WIDTH_64, 1), NEW_ID + 1);
  }
}

static void a_reset_corrects_the_counter_and_reuses_no_id(void **state)
{
  const DWORD ids[] = {FIRST_ID, FIRST_ID + 20, LAST_ID};
  int error;

  for (int store = 0; store < STORE_COUNT; store++) {
    store_entries(&STORES[store], ids, 3, LAST_ID);
    assert_int_equal(Ws2SpiResetCatalog(WS2SPI_WIDTH_BOTH, &error), 0);
    assert_int_equal(count_problems(WS2SPI_WIDTH_64), 0);
    assert_int_equal(install(WS2SPI_WIDTH_BOTH, 1), FIRST_ID + 21);
    assert_int_equal(install(WS2SPI_WIDTH_BOTH, 2), FIRST_ID + 22);
  }
}

static void a_repair_corrects_the_counter(void **state)
{
  const DWORD ids[] = {FIRST_ID, FIRST_ID + 20};
  static const DWORD counters[] = {LAST_ID, FIRST_ID + 20, 7};
  int error;

  for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
    struct store_image *image;

    store_entries(&STORES[1], ids, 2, counters[i]);
    assert_int_equal(count_problems(WS2SPI_WIDTH_64), 1);
    assert_int_equal(Ws2SpiRepairCatalog(WS2SPI_WIDTH_64, &error), 0);
    assert_int_equal(count_problems(WS2SPI_WIDTH_64), 0);
    assert_int_equal(store_registry.read(CATALOG_64, &image), 0);
    assert_int_equal(image->next_id, FIRST_ID + 21);
    assert_int_equal(image->count, 2);
    store_free_image(image);
  }
}

/* Both widths use the same counter. */
static void the_gap_is_free_in_both_widths(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID + 40);
  const DWORD ids[] = {FIRST_ID, LAST_ID};

  for (int store = 0; store < STORE_COUNT; store++) {
    const struct store_splice splice = {
        .width = 1 - CATALOG_NATIVE, .first = 2, .count = 1, .items = &item};

    store_entries(&STORES[store], ids, 2, FIRST_ID + 1);
    assert_int_equal(STORES[store].store->lock(), 0);
    assert_int_equal(STORES[store].store->commit(&splice, 1, FIRST_ID + 1), 0);
    STORES[store].store->unlock();
    assert_int_equal(install(WS2SPI_WIDTH_NATIVE, 1), FIRST_ID + 41);
  }
}

/* Both widths have the base entries, one has seven more, and the counter is `next_id`. */
static void store_with_counter(const struct store_choice *choice, enum catalog_width width,
                               DWORD next_id)
{
  struct catalog_item base[6];
  struct catalog_item more[7];
  const struct store_splice splices[] = {{.width = width, .first = 6, .count = 7, .items = more}};
  DWORD ids[6];

  items_make(base, 6, FIRST_ID);
  for (int i = 0; i < 6; i++)
    ids[i] = base[i].info.dwCatalogEntryId;
  items_make(more, 7, NEW_ID);
  store_entries(choice, ids, 6, NEW_ID);
  assert_int_equal(choice->store->lock(), 0);
  assert_int_equal(choice->store->commit(splices, 1, next_id), 0);
  choice->store->unlock();
}

static void delete_counter(void)
{
  HKEY key = root_open(L"Protocol_Catalog9");

  assert_int_equal(RegDeleteValueW(key, NEXT_ID_VALUE), 0);
  RegCloseKey(key);
  root_raise_serial();
}

/* The process has read one width only. */
static void a_low_counter_gives_no_id_of_the_other_width(void **state)
{
  for (int store = 0; store < STORE_COUNT; store++) {
    store_with_counter(&STORES[store], CATALOG_64, FIRST_ID + 2);
    assert_int_equal(install(WS2SPI_WIDTH_32, 1), NEW_ID + 7);
    store_with_counter(&STORES[store], CATALOG_32, FIRST_ID + 2);
    assert_int_equal(install(WS2SPI_WIDTH_64, 1), NEW_ID + 7);
    assert_int_equal(install(WS2SPI_WIDTH_32, 2), NEW_ID + 8);
  }
}

static void a_missing_counter_gives_no_id_of_the_other_width(void **state)
{
  store_with_counter(&STORES[1], CATALOG_64, NEW_ID + 7);
  delete_counter();
  assert_int_equal(install(WS2SPI_WIDTH_32, 1), NEW_ID + 7);
  store_with_counter(&STORES[1], CATALOG_32, NEW_ID + 7);
  delete_counter();
  assert_int_equal(install(WS2SPI_WIDTH_64, 1), NEW_ID + 7);
}

static void a_removal_raises_a_low_counter_above_the_other_width(void **state)
{
  struct store_image *image;
  GUID guid = item_make(FIRST_ID + 5).info.ProviderId;
  int error = -1;

  for (int store = 0; store < STORE_COUNT; store++) {
    store_with_counter(&STORES[store], CATALOG_64, FIRST_ID + 2);
    assert_int_equal(Ws2SpiDeinstallProvider(WS2SPI_WIDTH_32, &guid, &error), 0);
    assert_int_equal(STORES[store].store->read(CATALOG_32, &image), 0);
    assert_int_equal(image->count, 5);
    assert_int_equal(image->next_id, NEW_ID + 7);
    store_free_image(image);
  }
}

static void each_store_has_its_own_ids(void **state)
{
  const DWORD high[] = {FIRST_ID, FIRST_ID + 5000};
  const DWORD low[] = {FIRST_ID};
  int error;

  store_entries(&STORES[0], low, 1, FIRST_ID + 1);
  store_entries(&STORES[1], high, 2, FIRST_ID + 5001);
  assert_int_equal(install(WS2SPI_WIDTH_BOTH, 1), FIRST_ID + 5001);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_MEMORY, &error), 0);
  assert_int_equal(install(WS2SPI_WIDTH_BOTH, 1), NEW_ID);
}

/* --- no ids left ------------------------------------------------------------------------------ */

/* 0 or the error. */
static int try_to_install(DWORD count)
{
  struct catalog_item items[4];
  WSAPROTOCOL_INFOW infos[4];
  GUID guid = item_make(77).info.ProviderId;
  int error = -1;

  items_make(items, count, 77);
  for (DWORD i = 0; i < count; i++)
    infos[i] = items[i].info;
  return WSCInstallProvider(&guid, L"C:\\a.dll", infos, count, &error) == 0 ? 0 : error;
}

static int try_to_install_chain(WSAPROTOCOL_INFOW *over)
{
  GUID guid = item_make(78).info.ProviderId;

  return layer_install(&guid, over, 1);
}

static int count_entries(void)
{
  DWORD bytes = 0;
  int error;

  WSCEnumProtocols(NULL, NULL, &bytes, &error);
  return (int)(bytes / sizeof(WSAPROTOCOL_INFOW));
}

static void without_an_id_for_each_entry_none_is_installed(void **state)
{
  const DWORD ids[] = {FIRST_ID};
  struct catalog_item there = item_make(FIRST_ID);

  for (int store = 0; store < STORE_COUNT; store++) {
    store_entries(&STORES[store], ids, 1, FIRST_ID + 1);
    ids_left = 2;
    assert_int_equal(try_to_install(3), WSANO_RECOVERY);
    assert_int_equal(count_entries(), 1);
    ids_left = 1;
    assert_int_equal(try_to_install_chain(&there.info), WSANO_RECOVERY);
    assert_int_equal(count_entries(), 1);
    ids_left = 2;
    assert_int_equal(try_to_install_chain(&there.info), 0);
    assert_int_equal(try_to_install(2), 0);
    assert_int_equal(count_entries(), 5);
    ids_left = 0;
  }
}

static void without_memory_for_the_search_none_is_installed(void **state)
{
  const DWORD ids[] = {FIRST_ID, LAST_ID};

  for (int store = 0; store < STORE_COUNT; store++) {
    store_entries(&STORES[store], ids, 2, FIRST_ID + 1);
    is_short = TRUE;
    assert_int_equal(try_to_install(1), WSA_NOT_ENOUGH_MEMORY);
    assert_int_equal(count_entries(), 2);
    is_short = FALSE;
    assert_int_equal(try_to_install(1), 0);
  }
}

/* Then the ids of that width are not avoided. */
static void a_width_that_cannot_be_read_does_not_block_the_other(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID + 40);
  const DWORD ids[] = {FIRST_ID, LAST_ID};

  store_entries(&STORES[1], ids, 2, FIRST_ID + 1);
  assert_int_equal(items_put(1 - CATALOG_NATIVE, 2, &item, 1, FIRST_ID + 1), 0);
  other_width_is_unreadable = TRUE;
  assert_int_equal(install(WS2SPI_WIDTH_NATIVE, 1), NEW_ID);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(a_counter_near_the_end_of_the_range_wastes_no_ids, end),
      cmocka_unit_test_teardown(an_entry_near_the_end_of_the_range_wastes_no_ids, end),
      cmocka_unit_test_teardown(ids_given_in_a_gap_are_not_given_again, end),
      cmocka_unit_test_teardown(a_reset_corrects_the_counter_and_reuses_no_id, end),
      cmocka_unit_test_teardown(a_repair_corrects_the_counter, end),
      cmocka_unit_test_teardown(the_gap_is_free_in_both_widths, end),
      cmocka_unit_test_teardown(a_low_counter_gives_no_id_of_the_other_width, end),
      cmocka_unit_test_teardown(a_missing_counter_gives_no_id_of_the_other_width, end),
      cmocka_unit_test_teardown(a_removal_raises_a_low_counter_above_the_other_width, end),
      cmocka_unit_test_teardown(each_store_has_its_own_ids, end),
      cmocka_unit_test_teardown(without_an_id_for_each_entry_none_is_installed, end),
      cmocka_unit_test_teardown(without_memory_for_the_search_none_is_installed, end),
      cmocka_unit_test_teardown(a_width_that_cannot_be_read_does_not_block_the_other, end),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
