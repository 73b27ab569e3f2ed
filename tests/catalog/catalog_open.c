/* Which catalog is open: Ws2SpiOpenCatalog, and the system's. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/fake_provider.h"

static int open_catalog(DWORD store)
{
  int error = -1;

  return Ws2SpiOpenCatalog(store, &error) == 0 && error == 0 ? 0 : error;
}

/* Of WS2SPI_CATALOG, as the test was started with it. */
static WCHAR word_of_run[16];

static int keep_the_word(void **state)
{
  const DWORD length = GetEnvironmentVariableW(L"WS2SPI_CATALOG", word_of_run, 16);

  return length >= 1 && length < 16 ? 0 : -1;
}

static int back_to_the_default(void **state)
{
  return SetEnvironmentVariableW(L"WS2SPI_CATALOG", word_of_run)
             ? open_catalog(WS2SPI_CATALOG_DEFAULT)
             : -1;
}

static BOOL has(DWORD id)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error;

  return WPUQueryBlockingCallback(id, &callback, &context, &error) == 0;
}

static void memory_keeps_its_content(void **state)
{
  DWORD id;

  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  id = install_one(1, L"C:\\lsp.dll");
  assert_true(has(id));
  assert_int_equal(open_catalog(WS2SPI_CATALOG_SYSTEM), 0);
  assert_false(has(id));
  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  assert_true(has(id));
  assert_int_equal(catalog_count(), 7);
  deinstall_one(1);
}

static void registered_entries_lie_over_every_catalog(void **state)
{
  const DWORD id = fake_provider_register();
  WSAPROTOCOL_INFOW info;
  int error;

  for (DWORD store = WS2SPI_CATALOG_MEMORY; store <= WS2SPI_CATALOG_SYSTEM; store++) {
    assert_int_equal(open_catalog(store), 0);
    assert_true(has(id));
    assert_true(catalog_find(id, &info));
  }
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

static void a_started_provider_is_stopped_by_its_id(void **state)
{
  WSPPROC_TABLE table;
  int error = -1;

  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  assert_int_equal(Ws2SpiStartProvider(1001, &table, &error), 0);
  assert_int_equal(open_catalog(WS2SPI_CATALOG_SYSTEM), 0);
  assert_int_equal(Ws2SpiStopProvider(1001, &error), 0);
}

static void unknown_constant_is_invalid(void **state)
{
  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  install_one(1, L"C:\\lsp.dll");
  assert_int_equal(open_catalog(4), WSAEINVAL);
  assert_int_equal(open_catalog(0xFFFFFFFF), WSAEINVAL);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_SYSTEM, NULL), SOCKET_ERROR);
  assert_int_equal(catalog_count(), 7);
  deinstall_one(1);
}

/* As the system's own WSCEnumProtocols has it; under Wine a table of its own, without
 * hidden entries. */
static void system_catalog_is_the_systems(void **state)
{
  int(WSPAPI * enumerate)(LPINT, LPWSAPROTOCOL_INFOW, LPDWORD, LPINT);
  static WSAPROTOCOL_INFOW theirs[64], ours[64];
  const FARPROC found = GetProcAddress(LoadLibraryW(L"ws2_32.dll"), "WSCEnumProtocols");
  DWORD bytes = sizeof theirs;
  int error, count;

  assert_non_null(found);
  memcpy(&enumerate, &found, sizeof found);
  count = enumerate(NULL, theirs, &bytes, &error);
  assert_in_range(count, 1, 64);
  assert_int_equal(open_catalog(WS2SPI_CATALOG_SYSTEM), 0);
  bytes = sizeof ours;
  assert_int_equal(WSCEnumProtocols(NULL, ours, &bytes, &error), count);
  assert_memory_equal(ours, theirs, (size_t)count * sizeof *ours);
  assert_true(has(1001));
}

/* What hands on gets the system's answer, what does not its documented error. */
static void system_catalog_is_not_written(void **state)
{
  GUID guid = numbered_guid(1);
  WSAPROTOCOL_INFOW info;
  DWORD ids[] = {1001};
  int error = -1;

  assert_int_equal(open_catalog(WS2SPI_CATALOG_SYSTEM), 0);
  fake_provider_info(&info);
  assert_int_equal(Ws2SpiResetCatalog(WS2SPI_WIDTH_NATIVE, &error), SOCKET_ERROR);
  assert_int_equal(error, WSANO_RECOVERY);
  assert_int_equal(
      Ws2SpiInstallProvider(WS2SPI_WIDTH_NATIVE, &guid, L"C:\\lsp.dll", &info, 1, NULL, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSANO_RECOVERY);
  assert_int_equal(Ws2SpiDeinstallProvider(WS2SPI_WIDTH_NATIVE, &guid, &error), SOCKET_ERROR);
  assert_int_equal(error, WSANO_RECOVERY);
  assert_int_equal(Ws2SpiWriteProviderOrder(WS2SPI_WIDTH_NATIVE, ids, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSANO_RECOVERY);
}

static void no_path_to_the_system_catalogs_other_width(void **state)
{
  DWORD bytes = 0;
  int error = -1;

  assert_int_equal(open_catalog(WS2SPI_CATALOG_SYSTEM), 0);
  assert_int_equal(
      Ws2SpiEnumCatalog(WS2SPI_WIDTH_BOTH & ~WS2SPI_WIDTH_NATIVE, NULL, &bytes, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSANO_RECOVERY);
}

static void open_by_word(const WCHAR *word)
{
  assert_true(SetEnvironmentVariableW(L"WS2SPI_CATALOG", word));
  assert_int_equal(open_catalog(WS2SPI_CATALOG_DEFAULT), 0);
}

/* A Turkish locale holds that the I of REGISTRY is no i; all hold that a soft hyphen is
 * nothing, by which a word that means nothing would mean something. */
static void the_word_is_compared_by_no_locale(void **state)
{
  const LCID before = GetThreadLocale();
  DWORD id;

  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  id = install_one(1, L"C:\\lsp.dll");
  assert_true(SetThreadLocale(MAKELCID(MAKELANGID(LANG_TURKISH, SUBLANG_DEFAULT), SORT_DEFAULT)));
  open_by_word(L"REGISTRY");
  assert_false(has(id));
  open_by_word(L"sys\x00ADtem");
  assert_true(has(id));
  assert_true(SetThreadLocale(before));
  deinstall_one(1);
}

/* What begins like a word and goes on is none. */
static void a_long_word_means_memory(void **state)
{
  DWORD id;

  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  id = install_one(1, L"C:\\lsp.dll");
  assert_int_equal(open_catalog(WS2SPI_CATALOG_SYSTEM), 0);
  open_by_word(L"registry registry registry");
  assert_true(has(id));
  deinstall_one(1);
}

/* Of Windows the system's, see system_catalog_full_api.c. */
static void without_a_word_it_is_wines_registry(void **state)
{
  struct catalog_view registry, unnamed;

  assert_int_equal(open_catalog(WS2SPI_CATALOG_REGISTRY), 0);
  registry = catalog_view_take();
  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  install_one(1, L"C:\\lsp.dll");
  open_by_word(NULL);
  unnamed = catalog_view_take();
  assert_true(unnamed.count > 0);
  assert_int_equal(unnamed.count, registry.count);
  assert_memory_equal(unnamed.info, registry.info, (size_t)unnamed.count * sizeof *unnamed.info);
  catalog_view_free(&registry);
  catalog_view_free(&unnamed);
  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  deinstall_one(1);
}

/* However far the ids of another catalog have come. */
static void ids_are_of_the_catalog_that_is_open(void **state)
{
  DWORD id;

  if (!is_over_the_registry())
    skip();
  id = install_one(1, L"C:\\lsp.dll");
  deinstall_one(1);
  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  while (install_one(1, L"C:\\lsp.dll") <= id + 1)
    deinstall_one(1);
  assert_int_equal(open_catalog(WS2SPI_CATALOG_REGISTRY), 0);
  assert_int_equal(install_one(1, L"C:\\lsp.dll"), id + 1);
  deinstall_one(1);
  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  deinstall_one(1);
}

#define CASE(test) cmocka_unit_test_teardown(test, back_to_the_default)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(memory_keeps_its_content),
      CASE(registered_entries_lie_over_every_catalog),
      CASE(a_started_provider_is_stopped_by_its_id),
      CASE(unknown_constant_is_invalid),
      CASE(system_catalog_is_the_systems),
      CASE(system_catalog_is_not_written),
      CASE(no_path_to_the_system_catalogs_other_width),
      CASE(the_word_is_compared_by_no_locale),
      CASE(a_long_word_means_memory),
      CASE(without_a_word_it_is_wines_registry),
      CASE(ids_are_of_the_catalog_that_is_open),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, keep_the_word, NULL);
}
