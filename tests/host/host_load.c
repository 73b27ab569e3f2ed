/* Loading, starting, stopping and unloading the provider of an installed entry. */
#include "support/cmocka_headers.h"

#include "lsp_entries.h"

static WSPPROC_TABLE table;

static int prepare(void **state)
{
  prime_table(&table);
  return 0;
}

static int clean_up(void **state)
{
  deinstall_entries();
  return GetModuleHandleW(L"fake_lsp.dll") == NULL ? 0 : -1;
}

static void assert_fails(const WCHAR *path)
{
  const DWORD id = install_entries(path, 1);

  assert_int_not_equal(id, 0);
  assert_int_equal(start(id, &table), WSAEPROVIDERFAILEDINIT);
  assert_true(is_primed(&table));
  assert_int_equal(stop(id), WSAEINVAL);
  deinstall_entries();
}

static struct fake_provider *lsp_state(HMODULE module)
{
  const FARPROC found = GetProcAddress(module, "fake_lsp_state");
  fake_lsp_state_function function;

  assert_non_null(found);
  memcpy(&function, &found, sizeof function);
  return function();
}

static void provider_is_loaded_from_the_path_and_unloaded(void **state)
{
  const DWORD id = install_entries(beside(L"fake_lsp.dll"), 1);
  struct fake_provider *lsp;

  assert_null(GetModuleHandleW(L"fake_lsp.dll"));
  assert_int_equal(start(id, &table), 0);
  assert_non_null(GetModuleHandleW(L"fake_lsp.dll"));
  lsp = lsp_state(GetModuleHandleW(L"fake_lsp.dll"));
  assert_int_equal(lsp->startups, 1);
  assert_int_equal(lsp->info.dwCatalogEntryId, id);
  assert_int_equal(table.lpWSPListen(1, 2, NULL), 0);
  assert_int_equal(lsp->call[FAKE_Listen].count, 1);
  assert_int_equal(stop(id), 0);
  assert_null(GetModuleHandleW(L"fake_lsp.dll"));
}

static void environment_strings_are_expanded_at_the_start(void **state)
{
  WCHAR folder[MAX_PATH];
  DWORD id;

  wcscpy(folder, beside(L""));
  folder[wcslen(folder) - 1] = 0;
  id = install_entries(L"%WS2SPI_TEST_FOLDER%\\fake_lsp.dll", 1);
  assert_int_equal(start(id, &table), WSAEPROVIDERFAILEDINIT);
  assert_true(SetEnvironmentVariableW(L"WS2SPI_TEST_FOLDER", folder));
  assert_int_equal(start(id, &table), 0);
  assert_int_equal(stop(id), 0);
}

static void paths_with_slashes_are_loaded(void **state)
{
  WCHAR path[MAX_PATH];
  DWORD id;

  wcscpy(path, beside(L"fake_lsp.dll"));
  for (WCHAR *character = path; *character != 0; character++)
    if (*character == L'\\')
      *character = L'/';
  id = install_entries(path, 1);
  assert_int_equal(start(id, &table), 0);
  assert_int_equal(stop(id), 0);
}

/* Without a drive, but absolute, so it is searched there and nowhere else. */
static void missing_network_share_fails(void **state)
{
  assert_fails(L"\\\\localhost\\no such share\\fake_lsp.dll");
}

static void path_that_expands_beyond_any_path_fails(void **state)
{
  static WCHAR long_value[20000];

  wmemset(long_value, L'x', 19999);
  assert_true(SetEnvironmentVariableW(L"WS2SPI_TEST_LONG", long_value));
  assert_fails(L"C:\\%WS2SPI_TEST_LONG%%WS2SPI_TEST_LONG%\\fake_lsp.dll");
}

static void relative_path_is_refused_though_it_would_load(void **state)
{
  HMODULE module = LoadLibraryW(L"fake_lsp.dll");

  assert_non_null(module);
  assert_fails(L"fake_lsp.dll");
  assert_fails(L".\\fake_lsp.dll");
  assert_fails(L"\\fake_lsp.dll");
  assert_fails(L"C:fake_lsp.dll");
  assert_int_equal(lsp_state(module)->startups, 0);
  FreeLibrary(module);
}

static void missing_file_fails(void **state)
{
  assert_fails(beside(L"not_there.dll"));
  assert_fails(L"C:\\no such folder\\fake_lsp.dll");
}

static void missing_file_is_not_searched_elsewhere(void **state)
{
  /* The program's own folder has the file, this folder does not. */
  assert_fails(L"C:\\windows\\fake_lsp.dll");
}

static void a_file_that_is_not_a_dll_fails(void **state)
{
  const WCHAR *path = beside(L"host_load_no_dll.dll");
  DWORD written;
  HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);

  assert_true(file != INVALID_HANDLE_VALUE);
  assert_true(WriteFile(file, "no DLL", 6, &written, NULL));
  CloseHandle(file);
  assert_fails(path);
  DeleteFileW(path);
}

static void dll_without_startup_fails_and_is_unloaded(void **state)
{
  assert_fails(beside(L"no_startup.dll"));
  assert_null(GetModuleHandleW(L"no_startup.dll"));
}

static void failing_startup_leaves_the_dll_unloaded(void **state)
{
  HMODULE module = LoadLibraryW(beside(L"fake_lsp.dll"));

  lsp_state(module)->startup_result = WSASYSNOTREADY;
  assert_fails(beside(L"fake_lsp.dll"));
  FreeLibrary(module);
  assert_null(GetModuleHandleW(L"fake_lsp.dll"));
}

static void the_dlls_own_path_starts_its_own_wspstartup(void **state)
{
  const DWORD bottom = fake_provider_register();
  WCHAR own[MAX_PATH];
  DWORD chain;
  int error;

  fake_provider_reset();
  assert_true(GetModuleFileNameW(GetModuleHandleW(L"ws2spi.dll"), own, MAX_PATH) != 0);
  chain = install_chain(own, 1001, bottom);
  assert_int_equal(start(chain, &table), 0);
  assert_int_equal(fake_provider.startups, 1);
  assert_int_equal(fake_provider.info.dwCatalogEntryId, bottom);
  assert_int_equal(stop(chain), 0);
  assert_int_equal(fake_provider.call[FAKE_Cleanup].count, 1);
  deinstall_entries();
  assert_int_equal(Ws2SpiUnregisterProvider(bottom, &error), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(provider_is_loaded_from_the_path_and_unloaded),
      CASE(environment_strings_are_expanded_at_the_start),
      CASE(paths_with_slashes_are_loaded),
      CASE(missing_network_share_fails),
      CASE(path_that_expands_beyond_any_path_fails),
      CASE(relative_path_is_refused_though_it_would_load),
      CASE(missing_file_fails),
      CASE(missing_file_is_not_searched_elsewhere),
      CASE(a_file_that_is_not_a_dll_fails),
      CASE(dll_without_startup_fails_and_is_unloaded),
      CASE(failing_startup_leaves_the_dll_unloaded),
      CASE(the_dlls_own_path_starts_its_own_wspstartup),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
