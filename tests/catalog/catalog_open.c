/* Ws2SpiOpenCatalog, the environment variable, and the system's catalog. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/fake_provider.h"
#include "support/on_wine.h"

static int open_catalog(DWORD store)
{
  int error = -1;

  return Ws2SpiOpenCatalog(store, &error) == 0 && error == 0 ? 0 : error;
}

/* The value of WS2SPI_CATALOG when the test was started. */
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

/* Whether the open catalog has the provider. An entry id does not tell: the system's catalog on Windows
 * may have another entry with the same id. */
static BOOL has_provider(unsigned number)
{
  struct catalog_view view = catalog_view_take();
  const GUID provider = numbered_guid(number);
  BOOL found = FALSE;

  for (int i = 0; i < view.count; i++)
    found = found || IsEqualGUID(&view.info[i].ProviderId, &provider);
  catalog_view_free(&view);
  return found;
}

static void memory_catalog_keeps_its_content(void **state)
{
  DWORD id;

  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  id = install_one(1, L"C:\\lsp.dll");
  assert_true(has(id) && has_provider(1));
  assert_int_equal(open_catalog(WS2SPI_CATALOG_SYSTEM), 0);
  assert_false(has_provider(1));
  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  assert_true(has(id) && has_provider(1));
  assert_int_equal(catalog_count(), 7);
  deinstall_one(1);
}

static void registered_entries_are_in_every_catalog(void **state)
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

static void started_provider_is_stopped_after_another_catalog_is_opened(void **state)
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

/* The entries that the system's WSCEnumProtocols returns. Wine has a fixed table without hidden
 * entries. */
static void system_catalog_has_the_systems_entries(void **state)
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
  assert_true(has(theirs[0].dwCatalogEntryId));
}

/* A forwarded call returns the system's result; other calls fail with their documented error. */
static void changes_of_the_system_catalog_are_forwarded_or_fail(void **state)
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

/* 64-bit Windows has functions for it, so the call only lacks room. Wine has none. */
static void other_width_of_the_system_catalog_is_read_if_the_system_can(void **state)
{
  const HMODULE winsock = LoadLibraryW(L"ws2_32.dll");
  const BOOL has_functions = GetProcAddress(winsock, "WSCEnumProtocols32") != NULL;
  DWORD bytes = 0;
  int error = -1;

  assert_int_equal(open_catalog(WS2SPI_CATALOG_SYSTEM), 0);
  assert_int_equal(
      Ws2SpiEnumCatalog(WS2SPI_WIDTH_BOTH & ~WS2SPI_WIDTH_NATIVE, NULL, &bytes, &error),
      SOCKET_ERROR);
  assert_int_equal(error, has_functions ? WSAENOBUFS : WSANO_RECOVERY);
}

static void open_by_word(const WCHAR *word)
{
  assert_true(SetEnvironmentVariableW(L"WS2SPI_CATALOG", word));
  assert_int_equal(open_catalog(WS2SPI_CATALOG_DEFAULT), 0);
}

/* In a Turkish locale the I of REGISTRY is not an i. Every locale ignores a soft hyphen, so that an
 * unknown word could pass for a known one. */
static void environment_word_is_compared_without_a_locale(void **state)
{
  const LCID before = GetThreadLocale();

  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  install_one(1, L"C:\\lsp.dll");
  assert_true(SetThreadLocale(MAKELCID(MAKELANGID(LANG_TURKISH, SUBLANG_DEFAULT), SORT_DEFAULT)));
  open_by_word(L"REGISTRY");
  assert_false(has_provider(1));
  open_by_word(L"sys\x00ADtem");
  assert_true(has_provider(1));
  assert_true(SetThreadLocale(before));
  deinstall_one(1);
}

/* A longer word that starts with a known one is unknown. */
static void long_environment_word_opens_the_memory_catalog(void **state)
{
  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  install_one(1, L"C:\\lsp.dll");
  assert_int_equal(open_catalog(WS2SPI_CATALOG_SYSTEM), 0);
  open_by_word(L"registry registry registry");
  assert_true(has_provider(1));
  deinstall_one(1);
}

static void default_catalog_is_wines_registry_or_windows_own(void **state)
{
  struct catalog_view named, unnamed;

  assert_int_equal(open_catalog(on_wine() ? WS2SPI_CATALOG_REGISTRY : WS2SPI_CATALOG_SYSTEM), 0);
  named = catalog_view_take();
  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  install_one(1, L"C:\\lsp.dll");
  open_by_word(NULL);
  unnamed = catalog_view_take();
  assert_true(unnamed.count > 0);
  assert_int_equal(unnamed.count, named.count);
  assert_memory_equal(unnamed.info, named.info, (size_t)unnamed.count * sizeof *unnamed.info);
  catalog_view_free(&named);
  catalog_view_free(&unnamed);
  assert_int_equal(open_catalog(WS2SPI_CATALOG_MEMORY), 0);
  deinstall_one(1);
}

/* The ids of another catalog, however high, have no influence. */
static void ids_follow_the_open_catalog(void **state)
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
      CASE(memory_catalog_keeps_its_content),
      CASE(registered_entries_are_in_every_catalog),
      CASE(started_provider_is_stopped_after_another_catalog_is_opened),
      CASE(unknown_constant_is_invalid),
      CASE(system_catalog_has_the_systems_entries),
      CASE(changes_of_the_system_catalog_are_forwarded_or_fail),
      CASE(other_width_of_the_system_catalog_is_read_if_the_system_can),
      CASE(environment_word_is_compared_without_a_locale),
      CASE(long_environment_word_opens_the_memory_catalog),
      CASE(default_catalog_is_wines_registry_or_windows_own),
      CASE(ids_follow_the_open_catalog),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, keep_the_word, NULL);
}
