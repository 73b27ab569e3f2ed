/* Changes by others between two steps of a call, and the errors of calls when the registry
 * fails. */
#include "cmocka_and_store.h"

#include "catalog/load_policy.h"
#include "catalog/catalog.h"
#include "catalog_fixture.h"
#include "child_process.h"
#include "registry/categories.h"
#include "registry/commit.h"
#include "registry/registry_store.h"
#include "registry/write_lock.h"
#include "registry_fixture.h"
#include "stores/stores.h"
#include "write_trap.h"
#include "ws2spi_shim.h"

enum { MOST_WRITES = 200, DEINSTALLED = 0, UNTOUCHED = 0x5A5A5A5A };

static GUID guid = {0x11223344, 0x5566, 0x7788, {1, 2, 3, 4, 5, 6, 7, 8}};

/* Each is called once at its step. */
static struct {
  void (*before_lock)(void);
  void (*before_commit)(void);
  void (*after_categories)(void); /* of the application have been read */
} interruption;
static DWORD reading_fails_with;

static void call_once(void (**function)(void))
{
  void (*const call)(void) = *function;

  *function = NULL;
  if (call != NULL)
    call();
}

int __real_write_lock_acquire(DWORD timeout_ms, HANDLE *lock);
int __wrap_write_lock_acquire(DWORD timeout_ms, HANDLE *lock);
int __wrap_write_lock_acquire(DWORD timeout_ms, HANDLE *lock)
{
  call_once(&interruption.before_lock);
  return __real_write_lock_acquire(timeout_ms, lock);
}

int __real_commit_splices(const struct store_splice *splices, size_t count, DWORD next_id);
int __wrap_commit_splices(const struct store_splice *splices, size_t count, DWORD next_id);
int __wrap_commit_splices(const struct store_splice *splices, size_t count, DWORD next_id)
{
  call_once(&interruption.before_commit);
  return __real_commit_splices(splices, count, next_id);
}

int __real_registry_get_application_categories(const WCHAR *path, const WCHAR *extra,
                                               DWORD *categories);
int __wrap_registry_get_application_categories(const WCHAR *path, const WCHAR *extra,
                                               DWORD *categories);
int __wrap_registry_get_application_categories(const WCHAR *path, const WCHAR *extra,
                                               DWORD *categories)
{
  const int error = __real_registry_get_application_categories(path, extra, categories);

  if (error == 0)
    call_once(&interruption.after_categories);
  return error;
}

DWORD __real_registry_open(HKEY parent, const WCHAR *path, HKEY *key);
DWORD __wrap_registry_open(HKEY parent, const WCHAR *path, HKEY *key);
DWORD __wrap_registry_open(HKEY parent, const WCHAR *path, HKEY *key)
{
  if (reading_fails_with != 0)
    return reading_fails_with;
  return __real_registry_open(parent, path, key);
}

/* --- calls -------------------------------------------------------------------------------- */

static void open_catalog(DWORD store)
{
  int error = -1;

  assert_int_equal(Ws2SpiOpenCatalog(store, &error), 0);
}

static void open_memory(void)
{
  open_catalog(WS2SPI_CATALOG_MEMORY);
}

static WSAPROTOCOL_INFOW some_entry(int chain_length)
{
  WSAPROTOCOL_INFOW entry = {.iVersion = 2,
                             .iAddressFamily = AF_INET,
                             .iSocketType = SOCK_STREAM,
                             .iProtocol = 250,
                             .ProtocolChain.ChainLen = chain_length};

  lstrcpyW(entry.szProtocol, L"Test");
  return entry;
}

static int install(int chain_length)
{
  WSAPROTOCOL_INFOW entry = some_entry(chain_length);
  int error = -1;

  return WSCInstallProvider(&guid, L"C:\\lsp.dll", &entry, 1, &error) == 0 ? 0 : error;
}

static int install_with_chains(void)
{
  return layer_install(&guid, NULL, 0);
}

static int deinstall(void)
{
  int error = -1;

  return WSCDeinstallProvider(&guid, &error) == 0 ? 0 : error;
}

static int set_categories(DWORD categories)
{
  int error = -1;

  return WSCSetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories, sizeof categories,
                            0, &error) == 0
             ? 0
             : error;
}

static int get_categories(DWORD *categories)
{
  size_t size = sizeof *categories;
  int error = -1;

  *categories = UNTOUCHED;
  return WSCGetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)categories, &size, 0,
                            &error) == 0
             ? 0
             : error;
}

static void expect_none(void)
{
  DWORD categories;

  assert_int_equal(get_categories(&categories), 0);
  assert_int_equal(categories, 0);
}

/* --- categories --------------------------------------------------------------------------- */

static void deinstall_it(void)
{
  assert_int_equal(deinstall(), 0);
}

static void categories_of_a_provider_deinstalled_in_between_are_not_stored(void **state)
{
  DWORD categories = UNTOUCHED;

  assert_int_equal(install(BASE_PROTOCOL), 0);
  interruption.before_lock = deinstall_it;
  assert_int_equal(set_categories(LSP_PROXY), WSAEINVAL);
  assert_int_equal(store_registry.get_provider_categories(CATALOG_NATIVE, &guid, &categories),
                   WSASERVICE_NOT_FOUND);
  assert_int_equal(install(BASE_PROTOCOL), 0);
  expect_none();
}

static void leave_categories_behind(void)
{
  assert_int_equal(store_registry.lock(), 0);
  for (int width = CATALOG_32; width <= CATALOG_64; width++)
    assert_int_equal(
        store_registry.set_provider_categories((enum catalog_width)width, &guid, LSP_PROXY), 0);
  store_registry.unlock();
}

static void expect_left_behind(enum catalog_width width, int result)
{
  DWORD categories;

  assert_int_equal(store_registry.get_provider_categories(width, &guid, &categories), result);
}

static void a_new_provider_does_not_inherit_categories(void **state)
{
  leave_categories_behind();
  assert_int_equal(install(BASE_PROTOCOL), 0);
  expect_none();
  assert_int_equal(deinstall(), 0);
  leave_categories_behind();
  assert_int_equal(install_with_chains(), 0);
  expect_none();
}

/* Other values in the key stay. */
static void repair_removes_categories_without_a_provider(void **state)
{
  static const WCHAR note[] = L"not an id";
  static const WCHAR *const names[] = {L"a note", L"{11223344-5566-7788-0102-03040506070Z}",
                                       L"of a name that is longer than the text of an id can be"};
  GUID there = guid;
  DWORD values = 0;
  int error = -1;
  HKEY key;

  assert_int_equal(install(BASE_PROTOCOL), 0);
  assert_int_equal(set_categories(LSP_FIREWALL), 0);
  guid.Data1++;
  leave_categories_behind();
  key = root_open(sizeof(void *) == 8 ? L"Ws2Spi_LspCategories64" : L"Ws2Spi_LspCategories");
  for (int i = 0; i < 3; i++)
    RegSetValueExW(key, names[i], 0, REG_SZ, (const BYTE *)note, sizeof note);
  assert_int_equal(Ws2SpiRepairCatalog(WS2SPI_WIDTH_NATIVE, &error), 0);
  expect_left_behind(CATALOG_NATIVE, WSASERVICE_NOT_FOUND);
  expect_left_behind(1 - CATALOG_NATIVE, 0);
  guid = there;
  expect_left_behind(CATALOG_NATIVE, 0);
  assert_int_equal(
      RegQueryInfoKeyW(key, NULL, NULL, NULL, NULL, NULL, NULL, &values, NULL, NULL, NULL, NULL),
      0);
  assert_int_equal(values, 4);
  RegCloseKey(key);
}

static void repair_removes_categories_without_a_provider_in_memory(void **state)
{
  DWORD categories = UNTOUCHED;
  int error = -1;

  open_memory();
  assert_int_equal(install(BASE_PROTOCOL), 0);
  assert_int_equal(set_categories(LSP_FIREWALL), 0);
  guid.Data1++;
  assert_int_equal(store_memory.set_provider_categories(CATALOG_NATIVE, &guid, LSP_PROXY), 0);
  assert_int_equal(Ws2SpiRepairCatalog(WS2SPI_WIDTH_NATIVE, &error), 0);
  assert_int_equal(store_memory.get_provider_categories(CATALOG_NATIVE, &guid, &categories),
                   WSASERVICE_NOT_FOUND);
  guid.Data1--;
  assert_int_equal(store_memory.get_provider_categories(CATALOG_NATIVE, &guid, &categories), 0);
  assert_int_equal(categories, LSP_FIREWALL);
  assert_int_equal(deinstall(), 0);
}

static void a_new_provider_does_not_inherit_categories_in_memory(void **state)
{
  open_memory();
  assert_int_equal(store_memory.set_provider_categories(CATALOG_NATIVE, &guid, LSP_PROXY), 0);
  assert_int_equal(install(BASE_PROTOCOL), 0);
  expect_none();
  assert_int_equal(deinstall(), 0);
}

/* A child is killed before the n-th write of a deinstallation, for every n. */
static void a_killed_deinstallation_leaves_no_categories_to_inherit(void **state)
{
  long writes = 0;
  DWORD code = KILLED;
  int without = 0;

  while (code == KILLED && writes < MOST_WRITES) {
    DWORD categories;

    writes++;
    if (get_categories(&categories) == WSAEINVALIDPROVIDER) {
      without++;
      assert_int_equal(install(BASE_PROTOCOL), 0);
      expect_none();
    }
    assert_int_equal(set_categories(LSP_PROXY), 0);
    code = child_end(child_start("deinstall", &writes, 1));
  }
  assert_int_equal(code, DEINSTALLED);
  print_message("%ld kills, %d of them after the provider was removed\n", writes - 1, without - 1);
  assert_in_range(without, 2, writes - 1);
}

/* --- ids ---------------------------------------------------------------------------------- */

static int registration_error;

static int WSPAPI startup(WORD requested, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                          WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  (void)requested;
  (void)data;
  (void)info;
  (void)upcalls;
  (void)table;
  return WSAEPROVIDERFAILEDINIT;
}

static DWORD register_it(void)
{
  WSAPROTOCOL_INFOW entry = some_entry(BASE_PROTOCOL);
  DWORD id = 0;

  entry.ProviderId = guid;
  registration_error = 0;
  Ws2SpiRegisterProvider(&entry, startup, &id, &registration_error);
  return id;
}

/* Base entries of a fresh catalog are committed before the first change. */
static void make_base_entries(void)
{
  assert_int_equal(install(BASE_PROTOCOL), 0);
  assert_int_equal(deinstall(), 0);
}

static void try_to_register(void)
{
  register_it();
}

static void a_provider_id_being_installed_cannot_be_registered(void **state)
{
  DWORD id;
  int error;

  make_base_entries();
  interruption.before_commit = try_to_register;
  assert_int_equal(install(BASE_PROTOCOL), 0);
  assert_int_equal(registration_error, WSANO_RECOVERY);
  assert_int_equal(deinstall(), 0);
  interruption.before_commit = try_to_register;
  assert_int_equal(install_with_chains(), 0);
  assert_int_equal(registration_error, WSANO_RECOVERY);
  assert_int_equal(deinstall(), 0);
  id = register_it();
  assert_int_not_equal(id, 0);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

static void fail_from_now_on(void)
{
  writes_fail_from = writes_made + 1;
}

static void a_provider_id_can_be_registered_after_a_failed_installation(void **state)
{
  DWORD id;
  int error;

  make_base_entries();
  interruption.before_commit = fail_from_now_on;
  assert_int_equal(install(BASE_PROTOCOL), WSANO_RECOVERY);
  writes_fail_from = 0;
  id = register_it();
  assert_int_not_equal(id, 0);
  assert_int_equal(install(BASE_PROTOCOL), WSANO_RECOVERY);
  assert_int_equal(install_with_chains(), WSANO_RECOVERY);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

/* --- opening another catalog -------------------------------------------------------------- */

static BOOL may_load_a_layer(void)
{
  struct catalog_entry layer = {.kind = CATALOG_INSTALLED};

  layer.info.ProviderId = guid;
  return catalog_check_load(&layer) == 0;
}

static void categories_of_another_catalog_are_not_cached(void **state)
{
  WCHAR path[MAX_PATH];
  DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
  int error = -1;

  assert_int_equal(WSCSetApplicationCategory(path, length, NULL, 0, LSP_SYSTEM, NULL, &error), 0);
  load_policy_forget();
  assert_false(may_load_a_layer());
  load_policy_forget();
  interruption.after_categories = open_memory;
  assert_true(may_load_a_layer());
  assert_null(interruption.after_categories);
  assert_true(may_load_a_layer());
  open_catalog(WS2SPI_CATALOG_REGISTRY);
  assert_false(may_load_a_layer());
}

/* --- a registry that fails ---------------------------------------------------------------- */

static void expect_no_recovery(int result, int *error)
{
  assert_int_equal(result, SOCKET_ERROR);
  assert_int_equal(*error, WSANO_RECOVERY);
  *error = -1;
}

/* The pages of these functions do not list WSASYSCALLFAILURE. */
static void errors_that_a_page_does_not_list_become_WSANO_RECOVERY(void **state)
{
  WSAPROTOCOL_INFOW entry = some_entry(BASE_PROTOCOL);
  WCHAR path[] = L"C:\\a.exe";
  DWORD categories = LSP_PROXY, bytes = 0;
  size_t size = sizeof categories;
  int error = -1;

  assert_int_equal(install(BASE_PROTOCOL), 0);
  reading_fails_with = ERROR_BADDB;
  expect_no_recovery(
      WSCGetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories, &size, 0, &error),
      &error);
  expect_no_recovery(
      WSCSetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories, size, 0, &error),
      &error);
  expect_no_recovery(WSCGetApplicationCategory(path, 8, NULL, 0, &categories, &error), &error);
  expect_no_recovery(WSCSetApplicationCategory(path, 8, NULL, 0, 1, NULL, &error), &error);
  expect_no_recovery(WSCUpdateProvider(&guid, path, &entry, 1, &error), &error);
  expect_no_recovery(WSCDeinstallProvider(&guid, &error), &error);
  assert_int_equal(WSCWriteProviderOrder(&entry.dwCatalogEntryId, 1), WSANO_RECOVERY);
  reading_fails_with = 0;
  root_raise_serial();
  reading_fails_with = ERROR_BADDB;
  expect_no_recovery(WSCEnumProtocols(NULL, &entry, &bytes, &error), &error);
  assert_int_equal(install(BASE_PROTOCOL), WSASYSCALLFAILURE);
  reading_fails_with = 0;
  assert_int_equal(deinstall(), 0);
}

/* ------------------------------------------------------------------------------------------ */

static int run_child(char **argv)
{
  open_catalog(WS2SPI_CATALOG_REGISTRY);
  writes_die_at = writes_made + child_number(argv, 0);
  return deinstall() == 0 ? DEINSTALLED : 1;
}

static int begin(void **state)
{
  root_begin();
  open_catalog(WS2SPI_CATALOG_REGISTRY);
  return 0;
}

static int end(void **state)
{
  memset(&interruption, 0, sizeof interruption);
  reading_fails_with = 0;
  writes_fail_from = 0;
  root_end();
  return 0;
}

#define CONCURRENT_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      CONCURRENT_TEST(categories_of_a_provider_deinstalled_in_between_are_not_stored),
      CONCURRENT_TEST(a_new_provider_does_not_inherit_categories),
      CONCURRENT_TEST(repair_removes_categories_without_a_provider),
      CONCURRENT_TEST(repair_removes_categories_without_a_provider_in_memory),
      CONCURRENT_TEST(a_new_provider_does_not_inherit_categories_in_memory),
      CONCURRENT_TEST(a_killed_deinstallation_leaves_no_categories_to_inherit),
      CONCURRENT_TEST(a_provider_id_being_installed_cannot_be_registered),
      CONCURRENT_TEST(a_provider_id_can_be_registered_after_a_failed_installation),
      CONCURRENT_TEST(categories_of_another_catalog_are_not_cached),
      CONCURRENT_TEST(errors_that_a_page_does_not_list_become_WSANO_RECOVERY),
  };

  if (child_is_here(argc, argv))
    return run_child(argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
