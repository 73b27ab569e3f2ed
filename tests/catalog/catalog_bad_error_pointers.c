/* Every kind of bad pointer as lpErrno of the catalog functions that catalog_bad_pointers does not
 * call: the call fails and has no effect. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/bad_memory.h"
#include "support/fake_provider.h"

static WCHAR PATH[] = L"C:\\lsp.dll";
static GUID installed, fresh;
static WSAPROTOCOL_INFOW info, shown;
static DWORD id;
static DWORD categories;
static size_t size = sizeof categories;
static DWORD bytes;

static int check_catalog(int *bad)
{
  return Ws2SpiCheckCatalog(WS2SPI_WIDTH_NATIVE, NULL, NULL, bad);
}

static int repair_catalog(int *bad)
{
  return Ws2SpiRepairCatalog(WS2SPI_WIDTH_NATIVE, bad);
}

static int reset_catalog(int *bad)
{
  return Ws2SpiResetCatalog(WS2SPI_WIDTH_NATIVE, bad);
}

static int open_catalog(int *bad)
{
  return Ws2SpiOpenCatalog(WS2SPI_CATALOG_SYSTEM, bad);
}

static int enum_catalog(int *bad)
{
  return Ws2SpiEnumCatalog(WS2SPI_WIDTH_NATIVE, NULL, &bytes, bad);
}

static int install_in_width(int *bad)
{
  return Ws2SpiInstallProvider(WS2SPI_WIDTH_NATIVE, &fresh, PATH, &info, 1, NULL, bad);
}

static int deinstall_in_width(int *bad)
{
  return Ws2SpiDeinstallProvider(WS2SPI_WIDTH_NATIVE, &installed, bad);
}

static int order_in_width(int *bad)
{
  return Ws2SpiWriteProviderOrder(WS2SPI_WIDTH_NATIVE, &id, 1, bad);
}

static int select_protocol(int *bad)
{
  return Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, 0, &shown, bad);
}

static int update(int *bad)
{
  info.dwCatalogEntryId = id;
  return WSCUpdateProvider(&installed, L"C:\\other.dll", &info, 1, bad);
}

static int get_info(int *bad)
{
  return WSCGetProviderInfo(&installed, ProviderInfoLspCategories, (PBYTE)&categories, &size, 0,
                            bad);
}

static int set_info(int *bad)
{
  return WSCSetProviderInfo(&installed, ProviderInfoLspCategories, (PBYTE)&categories, size, 0,
                            bad);
}

static int get_category(int *bad)
{
  return WSCGetApplicationCategory(PATH, 10, NULL, 0, &categories, bad);
}

static int set_category(int *bad)
{
  return WSCSetApplicationCategory(PATH, 10, NULL, 0, LSP_PROXY, &categories, bad);
}

#ifdef _WIN64

static int enumerate_32(int *bad)
{
  return WSCEnumProtocols32(NULL, NULL, &bytes, bad);
}

static int path_32(int *bad)
{
  WCHAR path[MAX_PATH];
  int chars = MAX_PATH;

  return WSCGetProviderPath32(&installed, path, &chars, bad);
}

static int install_both(int *bad)
{
  return WSCInstallProvider64_32(&fresh, PATH, &info, 1, bad);
}

static int deinstall_32(int *bad)
{
  return WSCDeinstallProvider32(&installed, bad);
}

static int update_32(int *bad)
{
  info.dwCatalogEntryId = id;
  return WSCUpdateProvider32(&installed, L"C:\\other.dll", &info, 1, bad);
}

static int get_info_32(int *bad)
{
  return WSCGetProviderInfo32(&installed, ProviderInfoLspCategories, (PBYTE)&categories, &size, 0,
                              bad);
}

static int set_info_32(int *bad)
{
  return WSCSetProviderInfo32(&installed, ProviderInfoLspCategories, (PBYTE)&categories, size, 0,
                              bad);
}

#endif

static const struct {
  const char *name;
  int (*call)(int *bad);
} functions[] = {
    {"Ws2SpiCheckCatalog", check_catalog},
    {"Ws2SpiRepairCatalog", repair_catalog},
    {"Ws2SpiResetCatalog", reset_catalog},
    {"Ws2SpiOpenCatalog", open_catalog},
    {"Ws2SpiEnumCatalog", enum_catalog},
    {"Ws2SpiInstallProvider", install_in_width},
    {"Ws2SpiDeinstallProvider", deinstall_in_width},
    {"Ws2SpiWriteProviderOrder", order_in_width},
    {"Ws2SpiSelectProtocol", select_protocol},
    {"WSCUpdateProvider", update},
    {"WSCGetProviderInfo", get_info},
    {"WSCSetProviderInfo", set_info},
    {"WSCGetApplicationCategory", get_category},
    {"WSCSetApplicationCategory", set_category},
#ifdef _WIN64
    {"WSCEnumProtocols32", enumerate_32},
    {"WSCGetProviderPath32", path_32},
    {"WSCInstallProvider64_32", install_both},
    {"WSCDeinstallProvider32", deinstall_32},
    {"WSCUpdateProvider32", update_32},
    {"WSCGetProviderInfo32", get_info_32},
    {"WSCSetProviderInfo32", set_info_32},
#endif
};

static void assert_nothing_was_done(const char *name, const char *kind)
{
  struct catalog_view view = catalog_view_take();

  if (view.count != 7 || view.info[6].dwCatalogEntryId != id)
    fail_msg("%s with %s has changed the catalog", name, kind);
  catalog_view_free(&view);
}

static void assert_path_is_unchanged(void)
{
  WCHAR path[MAX_PATH];
  int chars = MAX_PATH, error;

  assert_int_equal(WSCGetProviderPath(&installed, path, &chars, &error), 0);
  assert_int_equal(wcscmp(path, PATH), 0);
}

static void a_bad_error_pointer_fails_the_call_without_effect(void **state)
{
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
    for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
      if (functions[i].call(bad->address) != SOCKET_ERROR)
        fail_msg("%s with %s succeeds", functions[i].name, bad->kind);
      assert_nothing_was_done(functions[i].name, bad->kind);
    }
  assert_path_is_unchanged();
}

/* The other pointers of Ws2SpiWriteProviderOrder and the like, and a list that is too long for any
 * address space. */
static void other_bad_pointers_return_wsaefault(void **state)
{
  static int data;
  LPWS2SPI_PROBLEM_ROUTINE routine;
  void *const address = &data;
  int error = 0;

  memcpy(&routine, &address, sizeof routine);
  assert_int_equal(Ws2SpiCheckCatalog(WS2SPI_WIDTH_NATIVE, routine, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    error = 0;
    assert_int_equal(WSCGetApplicationCategory(PATH, 10, NULL, 0, bad_address(bad), &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    error = 0;
    assert_int_equal(Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, 0,
                                          bad_address(bad), &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
  }
#ifndef _WIN64
  error = 0;
  assert_int_equal(WSCInstallProvider(&fresh, PATH, &info, 0xFFFFFFFF, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
#endif
}

static int prepare(void **state)
{
  installed = numbered_guid(1);
  fresh = numbered_guid(2);
  fake_provider_info(&info);
  id = install_one(1, PATH);
  categories = LSP_PROXY;
  return id != 0 && catalog_count() == 7 ? 0 : -1;
}

static int clean_up(void **state)
{
  deinstall_one(1);
  return 0;
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)
  const struct CMUnitTest tests[] = {
      CASE(a_bad_error_pointer_fails_the_call_without_effect),
      CASE(other_bad_pointers_return_wsaefault),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
