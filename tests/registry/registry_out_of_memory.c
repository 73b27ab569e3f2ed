/* The first, second, third... allocation fails: the call reports it, the catalog is as before or as
 * after the call, and nothing leaks. */
#include "cmocka_and_store.h"

#include "catalog/catalog.h"
#include "catalog_fixture.h"
#include "platform/heap.h"
#include "registry_fixture.h"
#include "write_trap.h"
#include "ws2spi_shim.h"

enum { BASE = 3, MOST_ALLOCATIONS = 200 };

static LONG fail_at; /* the n-th allocation from now; 0: none */
static LONG live;

void *__real_heap_allocate(size_t size);
void __real_heap_free(void *memory);
void *__wrap_heap_allocate(size_t size);
void __wrap_heap_free(void *memory);

void *__wrap_heap_allocate(size_t size)
{
  void *memory = NULL;

  if (fail_at == 0 || --fail_at != 0)
    memory = __real_heap_allocate(size);
  live += memory != NULL;
  return memory;
}

void __wrap_heap_free(void *memory)
{
  live -= memory != NULL;
  __real_heap_free(memory);
}

/* --- the calls ---------------------------------------------------------------------------- */

static int read_catalog(void)
{
  struct store_image *image = NULL;
  const int error = store_registry.read(CATALOG_64, &image);

  assert_int_equal(image != NULL, error == 0);
  store_free_image(image);
  return error;
}

static int change_catalog(void)
{
  const struct catalog_item item = item_make(FIRST_ID + 10);

  return items_put(CATALOG_64, 1, &item, 1, FIRST_ID + 11);
}

static int read_serial(void)
{
  DWORD serial;

  return store_registry.serial(&serial);
}

static int categorise(void)
{
  return store_registry.set_application_categories(L"C:\\a.exe", L"-a", 1);
}

static int read_categories(void)
{
  DWORD categories;
  const int error = store_registry.get_application_categories(L"C:\\a.exe", L"", &categories);

  return error == WSASERVICE_NOT_FOUND ? 0 : error;
}

/* The call starts without any cached part of the catalog, and leaves none. */
static int without_cache(int (*call)(void))
{
  int error = -1;
  int outcome = Ws2SpiOpenCatalog(WS2SPI_CATALOG_REGISTRY, &error) == 0 ? call() : error;

  catalog_clear();
  return outcome;
}

static int repair(void)
{
  int error = -1;

  return Ws2SpiRepairCatalog(WS2SPI_WIDTH_BOTH, &error) == 0 ? 0 : error;
}

static int repair_catalog(void)
{
  return without_cache(repair);
}

/* The page lists WSAENOBUFS for a lack of memory. */
static int install_over_all(void)
{
  GUID guid = {0x1A7E, 1, 1, {1}};
  const int error = layer_install(&guid, NULL, 0);

  if (error == 0)
    return 0;
  return error == WSAENOBUFS ? WSA_NOT_ENOUGH_MEMORY : -1;
}

static int install_chains(void)
{
  return without_cache(install_over_all);
}

/* A catalog with everything that needs more memory: an unusable entry, a chain, and a journal that a
 * writer has left. */
static void prepare(bool with_journal)
{
  struct catalog_item items[BASE];
  HKEY key;

  root_begin();
  items_make(items, BASE, FIRST_ID);
  items[2].info.ProtocolChain = (WSAPROTOCOLCHAIN){2, {FIRST_ID, 4711}};
  assert_int_equal(items_put(CATALOG_32, 0, items, BASE, FIRST_ID + BASE), 0);
  assert_int_equal(items_put(CATALOG_64, 0, items, BASE, FIRST_ID + BASE), 0);
  key = root_open(L"Protocol_Catalog9\\Catalog_Entries64\\000000000002");
  RegSetValueExW(key, L"PackedCatalogItem", 0, REG_BINARY, (const BYTE *)"short", 5);
  RegCloseKey(key);
  root_raise_serial();
  assert_int_equal(categorise(), 0);
  if (with_journal) {
    writes_fail_from = writes_made + 4; /* after the journal */
    assert_int_equal(change_catalog(), 0);
    writes_fail_from = 0;
  }
}

/* --- the sweep ---------------------------------------------------------------------------- */

struct attempt {
  int error;
  bool ran_short;
};

static struct attempt run_short(int (*run)(void), LONG n)
{
  const LONG live_before = live;
  struct attempt attempt;

  fail_at = n;
  attempt.error = run();
  attempt.ran_short = fail_at == 0;
  fail_at = 0;
  assert_int_equal(live, live_before);
  return attempt;
}

/* The change of a present journal counts, even if replaying it fails. */
static struct snapshot expected_view(bool with_journal)
{
  prepare(with_journal);
  return snapshot_take();
}

/* Whether the call made an n-th allocation, which failed. */
static bool fails_and_changes_nothing(int (*run)(void), bool with_journal, LONG n)
{
  struct snapshot before = expected_view(with_journal);
  struct attempt attempt;

  prepare(with_journal);
  attempt = run_short(run, n);
  assert_true(attempt.error == 0 || (attempt.ran_short && attempt.error == WSA_NOT_ENOUGH_MEMORY));
  if (attempt.error != 0) {
    struct snapshot after = snapshot_take();

    assert_true(snapshot_is_equal(&before, &after));
    snapshot_free(&after);
    assert_int_equal(run(), 0);
  }
  snapshot_free(&before);
  return attempt.ran_short;
}

static LONG sweep(int (*run)(void), bool with_journal)
{
  LONG n = 1;

  while (n < MOST_ALLOCATIONS && fails_and_changes_nothing(run, with_journal, n))
    n++;
  assert_in_range(n, 1, MOST_ALLOCATIONS - 1);
  root_end();
  return n - 1;
}

static void reading_survives_each_shortage(void **state)
{
  assert_in_range(sweep(read_catalog, false), 4, MOST_ALLOCATIONS);
  assert_in_range(sweep(read_catalog, true), 4, MOST_ALLOCATIONS);
}

static void a_change_survives_each_shortage(void **state)
{
  assert_in_range(sweep(change_catalog, false), 5, MOST_ALLOCATIONS);
  assert_in_range(sweep(change_catalog, true), 5, MOST_ALLOCATIONS);
}

static void small_calls_survive_each_shortage(void **state)
{
  assert_int_equal(sweep(read_serial, false), 0); /* it allocates nothing */
  assert_in_range(sweep(read_serial, true), 1, MOST_ALLOCATIONS);
  assert_in_range(sweep(read_categories, false), 1, MOST_ALLOCATIONS);
  assert_in_range(sweep(categorise, false), 1, MOST_ALLOCATIONS);
}

static void whole_operations_survive_each_shortage(void **state)
{
  int error;

  assert_in_range(sweep(repair_catalog, false), 20, MOST_ALLOCATIONS);
  assert_in_range(sweep(install_chains, false), 20, MOST_ALLOCATIONS);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_MEMORY, &error), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reading_survives_each_shortage),
      cmocka_unit_test(a_change_survives_each_shortage),
      cmocka_unit_test(small_calls_survive_each_shortage),
      cmocka_unit_test(whole_operations_survive_each_shortage),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
