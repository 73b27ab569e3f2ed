/* WSCInstallProviderAndChains, and WSCInstallProviderAndChains64_32 on 64-bit Windows. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "fake_uuid.h"
#include "support/bad_memory.h"
#include "support/fake_provider.h"

#include <wchar.h>

enum { UNTOUCHED = 0x5A5A };

static GUID guid;
static WCHAR path[] = L"C:\\lsp.dll";
static WCHAR lsp_name[] = L"Test LSP";
static DWORD layer;

#ifdef _WIN64
#define INSTALL(id, file, name, flags, list, n, out, error)                                        \
  WSCInstallProviderAndChains64_32(id, file, file, name, flags, list, n, out, error)
#else
#define INSTALL(id, file, name, flags, list, n, out, error)                                        \
  WSCInstallProviderAndChains(id, file, name, flags, list, n, out, error)
#endif

static int prepare(void **state)
{
  guid = numbered_guid(1);
  layer = UNTOUCHED;
  return 0;
}

static int clean_up(void **state)
{
  int error;

  Ws2SpiResetCatalog(WS2SPI_WIDTH_BOTH, &error);
  return catalog_count() == 6 ? 0 : -1;
}

static int install(DWORD flags, WSAPROTOCOL_INFOW *list, DWORD count)
{
  int error = -1;

  if (INSTALL(&guid, path, lsp_name, flags, list, count, &layer, &error) == 0)
    return error;
  assert_int_equal(layer, UNTOUCHED);
  return error != 0 ? error : -1;
}

static void assert_chain(const WSAPROTOCOL_INFOW *info, DWORD lower, const WCHAR *lower_name,
                         DWORD flags)
{
  WCHAR name[256];

  swprintf(name, 256, L"Test LSP over [%ls]", lower_name);
  assert_int_equal(wcscmp(info->szProtocol, name), 0);
  assert_int_equal(info->ProtocolChain.ChainLen, 2);
  assert_int_equal(info->ProtocolChain.ChainEntries[0], layer);
  assert_int_equal(info->ProtocolChain.ChainEntries[1], lower);
  assert_int_equal(info->dwServiceFlags1 & XP1_IFS_HANDLES, flags);
  assert_memory_not_equal(&info->ProviderId, &guid, sizeof guid);
}

static void null_list_covers_every_base_protocol(void **state)
{
  static const WCHAR *const names[] = {L"MSAFD Tcpip [TCP/IP]",   L"MSAFD Tcpip [UDP/IP]",
                                       L"MSAFD Tcpip [RAW/IP]",   L"MSAFD Tcpip [TCP/IPv6]",
                                       L"MSAFD Tcpip [UDP/IPv6]", L"MSAFD Tcpip [RAW/IPv6]"};
  struct catalog_view view;

  assert_int_equal(install(XP1_IFS_HANDLES, NULL, 0), 0);
  view = catalog_view_take();
  assert_int_equal(view.count, 13);
  for (int i = 0; i < 6; i++) {
    assert_chain(&view.info[i], 1001 + (DWORD)i, names[i], XP1_IFS_HANDLES);
    assert_int_equal(view.info[6 + i].dwCatalogEntryId, 1001 + i);
    for (int other = 0; other < i; other++)
      assert_memory_not_equal(&view.info[i].ProviderId, &view.info[other].ProviderId, sizeof(GUID));
  }
  assert_int_equal(view.info[12].dwCatalogEntryId, layer);
  catalog_view_free(&view);
}

static void layered_entry_is_made_as_in_microsofts_sample(void **state)
{
  WSAPROTOCOL_INFOW info;
  WCHAR back[MAX_PATH];
  int chars = MAX_PATH;
  int error;

  assert_int_equal(install(0, NULL, 0), 0);
  assert_true(catalog_find(layer, &info));
  assert_int_equal(info.ProtocolChain.ChainLen, LAYERED_PROTOCOL);
  assert_int_equal(info.iSocketType, 0);
  assert_int_equal(info.iProtocol, 0);
  assert_int_equal(info.dwServiceFlags1 & XP1_IFS_HANDLES, 0);
  assert_int_equal(info.dwProviderFlags, PFL_HIDDEN);
  assert_int_equal(wcscmp(info.szProtocol, lsp_name), 0);
  assert_memory_equal(&info.ProviderId, &guid, sizeof guid);
  assert_int_equal(WSCGetProviderPath(&guid, back, &chars, &error), 0);
  assert_int_equal(wcscmp(back, path), 0);
}

static void list_selects_the_covered_protocols(void **state)
{
  WSAPROTOCOL_INFOW list[3];
  struct catalog_view view = catalog_view_take();

  list[0] = view.info[4];
  list[1] = view.info[0];
  list[2] = view.info[4]; /* again: ignored */
  list[0].dwCatalogEntryId = 0;
  memset(list[0].szProtocol, 0x77, sizeof list[0].szProtocol);
  catalog_view_free(&view);
  assert_int_equal(install(0, list, 3), 0);
  view = catalog_view_take();
  assert_int_equal(view.count, 9);
  assert_chain(&view.info[0], 1005, L"MSAFD Tcpip [UDP/IPv6]", 0);
  assert_chain(&view.info[1], 1001, L"MSAFD Tcpip [TCP/IP]", 0);
  catalog_view_free(&view);
}

/* The second LSP is put over the chain of the first, which is the first match in the catalog. */
static void second_lsp_is_installed_over_the_first(void **state)
{
  struct catalog_view view = catalog_view_take();
  WSAPROTOCOL_INFOW list = view.info[0];
  DWORD first_layer, first_chain;

  catalog_view_free(&view);
  assert_int_equal(install(XP1_IFS_HANDLES, &list, 1), 0);
  first_layer = layer;
  view = catalog_view_take();
  first_chain = view.info[0].dwCatalogEntryId;
  catalog_view_free(&view);
  guid = numbered_guid(2);
  lsp_name[0] = L'B';
  assert_int_equal(install(XP1_IFS_HANDLES, &list, 1), 0);
  lsp_name[0] = L'T';
  view = catalog_view_take();
  assert_int_equal(view.info[0].ProtocolChain.ChainLen, 3);
  assert_int_equal(view.info[0].ProtocolChain.ChainEntries[0], layer);
  assert_int_equal(view.info[0].ProtocolChain.ChainEntries[1], first_chain);
  assert_int_equal(view.info[0].ProtocolChain.ChainEntries[2], 1001);
  assert_int_equal(view.info[view.count - 2].dwCatalogEntryId, first_layer);
  catalog_view_free(&view);
}

static void chain_longer_than_seven_is_rejected(void **state)
{
  struct catalog_view view = catalog_view_take();
  WSAPROTOCOL_INFOW list = view.info[0];

  catalog_view_free(&view);
  for (unsigned i = 1; i < MAX_PROTOCOL_CHAIN; i++) {
    guid = numbered_guid(i);
    lsp_name[0] = (WCHAR)(L'A' + i);
    assert_int_equal(install(0, &list, 1), 0);
  }
  layer = UNTOUCHED;
  guid = numbered_guid(100);
  lsp_name[0] = L'T';
  assert_int_equal(install(0, &list, 1), WSANO_RECOVERY);
}

/* The lower entry is valid, but a chain over it would not be. */
static void chain_nested_too_deeply_is_rejected(void **state)
{
  const DWORD tower = install_tower(10);
  WSAPROTOCOL_INFOW list;
  int count;

#ifdef _WIN64
  /* The other catalog has such an entry too, over which a chain is possible. */
  {
    WSAPROTOCOL_INFOW same;
    GUID other = numbered_guid(50);
    int error;

    fake_provider_info(&same);
    same.iProtocol = TOWER_PROTOCOL + TOWER_HEIGHT;
    assert_int_equal(Ws2SpiInstallProvider(WS2SPI_WIDTH_32, &other, path, &same, 1, NULL, &error),
                     0);
  }
#endif
  assert_int_not_equal(tower, 0);
  assert_true(catalog_find(tower + TOWER_HEIGHT, &list));
  count = catalog_count();
  assert_int_equal(install(0, &list, 1), WSANO_RECOVERY);
  assert_int_equal(catalog_count(), count);
}

enum { MANY = 300, DISTINCT = 150 };

static void each_of_many_protocols_gets_its_own_chain(void **state)
{
  static WSAPROTOCOL_INFOW infos[MANY];
  GUID base = numbered_guid(20);
  struct catalog_view view;
  DWORD first;
  int error;

  for (int i = 0; i < MANY; i++) {
    fake_provider_info(&infos[i]);
    infos[i].iAddressFamily = 40 + i % 3;
    infos[i].iSocketType = 1 + i % 2;
    infos[i].iProtocol = i % DISTINCT;
  }
  assert_int_equal(
      Ws2SpiInstallProvider(WS2SPI_WIDTH_BOTH, &base, path, infos, MANY, &first, &error), 0);
  assert_int_equal(install(0, NULL, 0), 0);
  view = catalog_view_take();
  assert_int_equal(view.count, 6 + DISTINCT + 6 + MANY + 1);
  for (int i = 0; i < 6 + DISTINCT; i++) {
    WSAPROTOCOL_INFOW lower;
    const DWORD lower_id = view.info[i].ProtocolChain.ChainEntries[1];

    assert_in_range(lower_id, 1001, first + DISTINCT - 1); /* the first of two equal ones */
    assert_true(catalog_find(lower_id, &lower));
    assert_chain(&view.info[i], lower_id, lower.szProtocol, 0);
    assert_int_equal(view.info[i].iAddressFamily, lower.iAddressFamily);
    assert_int_equal(view.info[i].iSocketType, lower.iSocketType);
    assert_int_equal(view.info[i].iProtocol, lower.iProtocol);
    for (int other = 0; other < i; other++)
      assert_false(view.info[other].iAddressFamily == lower.iAddressFamily &&
                   view.info[other].iSocketType == lower.iSocketType &&
                   view.info[other].iProtocol == lower.iProtocol);
  }
  catalog_view_free(&view);
}

static void both_catalogs_get_the_same_ids(void **state)
{
#ifdef _WIN64
  static WS2SPI_CATALOG_ENTRY entries[2][16];
  int error;

  assert_int_equal(install(0, NULL, 0), 0);
  for (int i = 0; i < 2; i++) {
    DWORD bytes = sizeof entries[i];

    entries[i]->dwSize = sizeof **entries;
    assert_int_equal(
        Ws2SpiEnumCatalog(i == 0 ? WS2SPI_WIDTH_32 : WS2SPI_WIDTH_64, entries[i], &bytes, &error),
        13);
  }
  assert_memory_equal(entries[0], entries[1], sizeof entries[0]);
#else
  WS2SPI_CATALOG_ENTRY entries[16];
  DWORD bytes = sizeof entries;
  int error;

  entries->dwSize = sizeof *entries;
  assert_int_equal(install(0, NULL, 0), 0);
  assert_int_equal(Ws2SpiEnumCatalog(WS2SPI_WIDTH_64, entries, &bytes, &error), 6);
#endif
}

static void installed_provider_is_rejected(void **state)
{
  assert_int_equal(install(0, NULL, 0), 0);
  layer = UNTOUCHED;
  assert_int_equal(install(0, NULL, 0), WSANO_RECOVERY);
  guid = numbered_guid(2);
  assert_int_equal(install(0, NULL, 0), WSAEINVAL); /* the name is in use */
  assert_int_equal(catalog_count(), 13);
}

static void catalog_without_base_entries_is_no_recovery(void **state)
{
  struct catalog_view view = catalog_view_take();
  int error;

  for (int i = 0; i < 6; i += 3)
    assert_int_equal(Ws2SpiDeinstallProvider(WS2SPI_WIDTH_BOTH, &view.info[i].ProviderId, &error),
                     0);
  assert_int_equal(install(0, NULL, 0), WSANO_RECOVERY);
  assert_int_equal(install(0, view.info, 1), WSAEINVAL);
  catalog_view_free(&view);
  assert_int_equal(catalog_count(), 0);
}

static void assert_rejected(LPGUID id, WCHAR *file, WCHAR *name, DWORD flags,
                            WSAPROTOCOL_INFOW *list, DWORD count, int expected)
{
  int error = -1;

  assert_int_equal(INSTALL(id, file, name, flags, list, count, &layer, &error), SOCKET_ERROR);
  assert_int_equal(error, expected);
  assert_int_equal(layer, UNTOUCHED);
  assert_int_equal(catalog_count(), 6);
}

static void invalid_arguments_are_rejected(void **state)
{
  WCHAR long_name[258], long_path[MAX_PATH + 1];
  WSAPROTOCOL_INFOW list;

  wmemset(long_name, L'n', 257);
  long_name[257] = 0;
  wmemset(long_path, L'p', MAX_PATH);
  long_path[MAX_PATH] = 0;
  fake_provider_info(&list);
  list.iProtocol = 4711;
  assert_rejected(NULL, path, lsp_name, 0, NULL, 0, WSAEINVAL);
  assert_rejected(&guid, long_path, lsp_name, 0, NULL, 0, WSAEINVAL);
  assert_rejected(&guid, L"", lsp_name, 0, NULL, 0, WSAEINVAL);
  assert_rejected(&guid, path, NULL, 0, NULL, 0, WSAEINVAL);
  assert_rejected(&guid, path, L"", 0, NULL, 0, WSAEINVAL);
  assert_rejected(&guid, path, long_name, 0, NULL, 0, WSAEINVAL);
  assert_rejected(&guid, path, lsp_name, XP1_CONNECTIONLESS, NULL, 0, WSAEINVAL);
  assert_rejected(&guid, path, lsp_name, 0, &list, 0, WSAEINVAL);
  assert_rejected(&guid, path, lsp_name, 0, &list, 1, WSAEINVAL);
}

static void longest_name_is_kept(void **state)
{
  WCHAR name[256];
  WSAPROTOCOL_INFOW info;
  int error = -1;

  wmemset(name, L'n', 255);
  name[255] = 0;
  assert_int_equal(INSTALL(&guid, path, name, 0, NULL, 0, &layer, &error), 0);
  assert_true(catalog_find(layer, &info));
  assert_int_equal(wcscmp(info.szProtocol, name), 0);
  assert_true(catalog_find(layer + 1, &info));
  assert_int_equal(wcslen(info.szProtocol), 255);
}

static void layer_id_is_optional(void **state)
{
  int error = -1;

  assert_int_equal(INSTALL(&guid, path, lsp_name, 0, NULL, 0, NULL, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(catalog_count(), 13);
}

static void bad_pointers_return_wsaefault(void **state)
{
  int error;

  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    if (bad->address != NULL && !bad->readable) {
      assert_rejected(bad_address(bad), path, lsp_name, 0, NULL, 0, WSAEFAULT);
      assert_rejected(&guid, bad_address(bad), lsp_name, 0, NULL, 0, WSAEFAULT);
      assert_rejected(&guid, path, bad_address(bad), 0, NULL, 0, WSAEFAULT);
      assert_rejected(&guid, path, lsp_name, 0, bad_address(bad), 1, WSAEFAULT);
    }
    if (bad->address != NULL) {
      error = -1;
      assert_int_equal(INSTALL(&guid, path, lsp_name, 0, NULL, 0, bad_address(bad), &error),
                       SOCKET_ERROR);
      assert_int_equal(error, WSAEFAULT);
    }
    assert_int_equal(INSTALL(&guid, path, lsp_name, 0, NULL, 0, &layer, bad_address(bad)),
                     SOCKET_ERROR);
    assert_int_equal(catalog_count(), 6);
  }
}

#ifndef _WIN64
/* No address space can hold so many. */
static void list_count_that_overflows_is_wsaefault(void **state)
{
  static WSAPROTOCOL_INFOW info;

  assert_rejected(&guid, path, lsp_name, 0, &info, MAXDWORD, WSAEFAULT);
}
#endif

/* A GUID that is unique only on this machine is sufficient for the chains. */
static void failure_to_create_a_guid_is_no_recovery(void **state)
{
  uuids_come_with(RPC_S_UUID_NO_ADDRESS);
  assert_rejected(&guid, path, lsp_name, 0, NULL, 0, WSANO_RECOVERY);
  uuids_come_with(RPC_S_UUID_LOCAL_ONLY);
  assert_int_equal(install(0, NULL, 0), 0);
}

static void shared_path_must_be_in_system32(void **state)
{
#ifdef _WIN64
  WCHAR *const wrong[] = {L"C:\\lsp.dll",
                          L"%windir%\\lsp.dll",
                          L"%windir%\\system32\\",
                          L"%windir%\\system32\\sub\\lsp.dll",
                          L"lsp.dll",
                          L"",
                          NULL};
  int error;

  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    error = -1;
    assert_int_equal(WSCInstallProviderAndChains64_32(&guid, wrong[i], NULL, lsp_name, 0, NULL, 0,
                                                      &layer, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEINVAL);
    assert_int_equal(catalog_count(), 6);
  }
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    if (bad->address == NULL || bad->readable)
      continue;
    assert_int_equal(WSCInstallProviderAndChains64_32(&guid, bad_address(bad), NULL, lsp_name, 0,
                                                      NULL, 0, &layer, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
  }
  assert_int_equal(WSCInstallProviderAndChains64_32(&guid, L"%SystemRoot%\\System32\\lsp.dll", NULL,
                                                    lsp_name, 0, NULL, 0, &layer, &error),
                   0);
#else
  assert_rejected(&guid, NULL, lsp_name, 0, NULL, 0, WSAEINVAL);
#endif
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(null_list_covers_every_base_protocol),
      CASE(layered_entry_is_made_as_in_microsofts_sample),
      CASE(list_selects_the_covered_protocols),
      CASE(second_lsp_is_installed_over_the_first),
      CASE(chain_nested_too_deeply_is_rejected),
      CASE(each_of_many_protocols_gets_its_own_chain),
      CASE(chain_longer_than_seven_is_rejected),
      CASE(both_catalogs_get_the_same_ids),
      CASE(installed_provider_is_rejected),
      CASE(catalog_without_base_entries_is_no_recovery),
      CASE(invalid_arguments_are_rejected),
      CASE(longest_name_is_kept),
      CASE(layer_id_is_optional),
      CASE(bad_pointers_return_wsaefault),
      CASE(shared_path_must_be_in_system32),
#ifndef _WIN64
      CASE(list_count_that_overflows_is_wsaefault),
#endif
      CASE(failure_to_create_a_guid_is_no_recovery),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
