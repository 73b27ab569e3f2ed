/* WSCGetProviderInfo and WSCSetProviderInfo: the LSP categories of a provider. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/bad_memory.h"
#include "support/fake_provider.h"

enum { UNTOUCHED = 0x5A5A5A5A };

static GUID guid;

static int prepare(void **state)
{
  guid = numbered_guid(1);
  return install_one(1, L"C:\\lsp.dll") != 0 ? 0 : -1;
}

static int clean_up(void **state)
{
  deinstall_one(1);
  return 0;
}

static int set(GUID *id, DWORD categories)
{
  int error = -1;

  if (WSCSetProviderInfo(id, ProviderInfoLspCategories, (PBYTE)&categories, sizeof categories, 0,
                         &error) == 0)
    return error;
  return error != 0 ? error : -1;
}

static int get(GUID *id, DWORD *categories)
{
  size_t size = sizeof *categories;
  int error = -1;

  *categories = UNTOUCHED;
  if (WSCGetProviderInfo(id, ProviderInfoLspCategories, (PBYTE)categories, &size, 0, &error) != 0)
    return error != 0 ? error : -1;
  assert_int_equal(size, sizeof *categories);
  return error;
}

static void categories_that_were_set_are_returned(void **state)
{
  DWORD categories;

  assert_int_equal(set(&guid, LSP_SYSTEM | LSP_FIREWALL), 0);
  assert_int_equal(get(&guid, &categories), 0);
  assert_int_equal(categories, LSP_SYSTEM | LSP_FIREWALL);
  assert_int_equal(set(&guid, LSP_PROXY), 0);
  assert_int_equal(get(&guid, &categories), 0);
  assert_int_equal(categories, LSP_PROXY);
}

static void new_provider_has_no_categories(void **state)
{
  DWORD categories;

  assert_int_equal(get(&guid, &categories), 0);
  assert_int_equal(categories, 0);
}

static void zero_categories_can_be_set(void **state)
{
  DWORD categories;

  assert_int_equal(set(&guid, 0), 0);
  assert_int_equal(get(&guid, &categories), 0);
  assert_int_equal(categories, 0);
}

#ifdef _WIN64
static void a_provider_of_one_width_is_unknown_in_the_other(void **state)
{
  DWORD categories = UNTOUCHED;
  size_t size = sizeof categories;
  int error = -1;

  assert_int_equal(
      WSCGetProviderInfo32(&guid, ProviderInfoLspCategories, (PBYTE)&categories, &size, 0, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEINVALIDPROVIDER);
  assert_int_equal(categories, UNTOUCHED);
}
#endif

static void categories_are_removed_with_the_provider(void **state)
{
  DWORD categories;

  assert_int_equal(set(&guid, LSP_PROXY), 0);
  deinstall_one(1);
  assert_int_equal(get(&guid, &categories), WSAEINVALIDPROVIDER);
  assert_int_equal(categories, UNTOUCHED);
  install_one(1, L"C:\\lsp.dll");
  assert_int_equal(get(&guid, &categories), 0);
  assert_int_equal(categories, 0);
}

/* The categories of base providers are removed too, although the providers stay. */
static void categories_are_removed_by_a_reset(void **state)
{
  GUID base = {0xE70F1AA0, 0xAB8B, 0x11CF, {0x8C, 0xA3, 0x00, 0x80, 0x5F, 0x48, 0xA1, 0x92}};
  DWORD categories;
  int error = -1;

  assert_int_equal(set(&guid, LSP_PROXY), 0);
  assert_int_equal(set(&base, LSP_FIREWALL), 0);
  assert_int_equal(Ws2SpiResetCatalog(WS2SPI_WIDTH_NATIVE, &error), 0);
  assert_int_equal(get(&base, &categories), 0);
  assert_int_equal(categories, 0);
  install_one(1, L"C:\\lsp.dll");
  assert_int_equal(get(&guid, &categories), 0);
  assert_int_equal(categories, 0);
}

static void categories_are_kept_by_a_repair(void **state)
{
  DWORD categories;
  int error = -1;

  assert_int_equal(set(&guid, LSP_PROXY), 0);
  assert_int_equal(Ws2SpiRepairCatalog(WS2SPI_WIDTH_BOTH, &error), 0);
  assert_int_equal(get(&guid, &categories), 0);
  assert_int_equal(categories, LSP_PROXY);
}

static void unknown_provider_is_rejected(void **state)
{
  GUID unknown = numbered_guid(7);
  DWORD categories;

  assert_int_equal(get(&unknown, &categories), WSAEINVALIDPROVIDER);
  assert_int_equal(categories, UNTOUCHED);
  assert_int_equal(set(&unknown, 1), WSAEINVAL);
}

static void registered_provider_has_no_categories(void **state)
{
  const DWORD id = fake_provider_register();
  WSAPROTOCOL_INFOW info;
  DWORD categories;
  int error;

  assert_true(catalog_find(id, &info));
  assert_int_equal(get(&info.ProviderId, &categories), 0);
  assert_int_equal(categories, 0);
  assert_int_equal(set(&info.ProviderId, LSP_PROXY), WSAEINVAL);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

static void small_or_no_buffer_yields_the_size(void **state)
{
  const size_t offers[] = {0, 3};
  BYTE buffer[4] = {0x5A, 0x5A, 0x5A, 0x5A};
  int error = -1;
  size_t size = 99;

  assert_int_equal(WSCGetProviderInfo(&guid, ProviderInfoLspCategories, NULL, &size, 0, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(size, sizeof(DWORD));
  for (int i = 0; i < 2; i++) {
    size = offers[i];
    error = -1;
    assert_int_equal(WSCGetProviderInfo(&guid, ProviderInfoLspCategories, buffer, &size, 0, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(size, sizeof(DWORD));
    assert_int_equal(buffer[0], 0x5A);
  }
}

static void other_info_types_are_rejected(void **state)
{
  DWORD categories = UNTOUCHED;
  size_t size = sizeof categories;
  int error = -1;

  assert_int_equal(
      WSCGetProviderInfo(&guid, ProviderInfoAudit, (PBYTE)&categories, &size, 0, &error),
      SOCKET_ERROR);
  assert_int_equal(error, ERROR_CALL_NOT_IMPLEMENTED);
  assert_int_equal(
      WSCSetProviderInfo(&guid, ProviderInfoAudit, (PBYTE)&categories, size, 0, &error),
      SOCKET_ERROR);
  assert_int_equal(error, ERROR_CALL_NOT_IMPLEMENTED);
  assert_int_equal(
      WSCGetProviderInfo(&guid, (WSC_PROVIDER_INFO_TYPE)7, (PBYTE)&categories, &size, 0, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(categories, UNTOUCHED);
}

static void invalid_flags_and_sizes_are_rejected(void **state)
{
  DWORD categories = LSP_PROXY;
  size_t size = sizeof categories;
  int error = -1;

  assert_int_equal(
      WSCGetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories, &size, 1, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(
      WSCSetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories, 4, 1, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(
      WSCSetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories, 5, 0, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(get(&guid, &categories), 0);
  assert_int_equal(categories, 0);
}

static void bad_pointers_return_wsaefault(void **state)
{
  DWORD categories;
  size_t size = sizeof categories;
  int error;

  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    if (!bad->readable) {
      assert_int_equal(get(bad_address(bad), &categories), WSAEFAULT);
      assert_int_equal(set(bad_address(bad), 1), WSAEFAULT);
      error = -1;
      assert_int_equal(
          WSCSetProviderInfo(&guid, ProviderInfoLspCategories, bad_address(bad), 4, 0, &error),
          SOCKET_ERROR);
      assert_int_equal(error, WSAEFAULT);
    }
    size = sizeof categories;
    error = -1;
    assert_int_equal(
        WSCGetProviderInfo(&guid, ProviderInfoLspCategories, bad_address(bad), &size, 0, &error),
        SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(size, sizeof categories);
    error = -1;
    assert_int_equal(WSCGetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories,
                                        bad_address(bad), 0, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(WSCGetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories, &size,
                                        0, bad_address(bad)),
                     SOCKET_ERROR);
    assert_int_equal(WSCSetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories, 4, 0,
                                        bad_address(bad)),
                     SOCKET_ERROR);
  }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(categories_that_were_set_are_returned),
      CASE(new_provider_has_no_categories),
      CASE(zero_categories_can_be_set),
#ifdef _WIN64
      CASE(a_provider_of_one_width_is_unknown_in_the_other),
#endif
      CASE(categories_are_removed_with_the_provider),
      CASE(unknown_provider_is_rejected),
      CASE(categories_are_removed_by_a_reset),
      CASE(categories_are_kept_by_a_repair),
      CASE(registered_provider_has_no_categories),
      CASE(small_or_no_buffer_yields_the_size),
      CASE(other_info_types_are_rejected),
      CASE(invalid_flags_and_sizes_are_rejected),
      CASE(bad_pointers_return_wsaefault),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
