/* The catalogs of the two widths: the functions that take a width, and on 64-bit Windows those
 * whose names end in 32. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/bad_memory.h"
#include "support/fake_provider.h"

#include <wchar.h>

#define OTHER_WIDTH (WS2SPI_WIDTH_BOTH & ~WS2SPI_WIDTH_NATIVE)

static WS2SPI_CATALOG_ENTRY entries[16];
static WSAPROTOCOL_INFOW info;
static GUID guid;

static int prepare(void **state)
{
  guid = numbered_guid(1);
  fake_provider_info(&info);
  return 0;
}

static int clean_up(void **state)
{
  int error;

  return Ws2SpiResetCatalog(WS2SPI_WIDTH_BOTH, &error);
}

static int count_of(DWORD width)
{
  DWORD bytes = sizeof entries;
  int error = -1;

  memset(entries, 0, sizeof entries);
  entries->dwSize = sizeof *entries;
  return Ws2SpiEnumCatalog(width, entries, &bytes, &error);
}

static int install(DWORD width, DWORD *id)
{
  int error = -1;

  return Ws2SpiInstallProvider(width, &guid, L"C:\\lsp.dll", &info, 1, id, &error) == 0 ? 0 : error;
}

static int remove_from(DWORD width)
{
  int error = -1;

  return Ws2SpiDeinstallProvider(width, &guid, &error) == 0 ? 0 : error;
}

static void each_width_has_its_own_catalog(void **state)
{
  DWORD id = 0;

  assert_int_equal(install(OTHER_WIDTH, &id), 0);
  assert_int_equal(count_of(WS2SPI_WIDTH_NATIVE), 6);
  assert_int_equal(count_of(OTHER_WIDTH), 7);
  assert_int_equal(entries[6].ProtocolInfo.dwCatalogEntryId, id);
  assert_int_equal(wcscmp(entries[6].szPath, L"C:\\lsp.dll"), 0);
  assert_int_equal(catalog_count(), 6);
  assert_int_equal(remove_from(WS2SPI_WIDTH_NATIVE), WSAEINVAL);
  assert_int_equal(remove_from(OTHER_WIDTH), 0);
  assert_int_equal(count_of(OTHER_WIDTH), 6);
}

static void both_widths_share_one_id_counter(void **state)
{
  DWORD first = 0, second = 0;

  assert_int_equal(install(OTHER_WIDTH, &first), 0);
  guid = numbered_guid(2);
  assert_int_equal(install(WS2SPI_WIDTH_NATIVE, &second), 0);
  assert_int_equal(second, first + 1);
}

static void install_in_both_gets_the_same_id(void **state)
{
  DWORD id = 0;

  assert_int_equal(install(WS2SPI_WIDTH_BOTH, &id), 0);
  assert_int_equal(count_of(WS2SPI_WIDTH_32), 7);
  assert_int_equal(entries[6].ProtocolInfo.dwCatalogEntryId, id);
  assert_int_equal(count_of(WS2SPI_WIDTH_64), 7);
  assert_int_equal(entries[6].ProtocolInfo.dwCatalogEntryId, id);
  assert_int_equal(remove_from(WS2SPI_WIDTH_BOTH), 0);
  assert_int_equal(count_of(WS2SPI_WIDTH_32), 6);
  assert_int_equal(count_of(WS2SPI_WIDTH_64), 6);
}

static void install_in_both_is_all_or_nothing(void **state)
{
  DWORD id = 0;

  assert_int_equal(install(OTHER_WIDTH, NULL), 0);
  assert_int_equal(install(WS2SPI_WIDTH_BOTH, &id), WSANO_RECOVERY);
  assert_int_equal(id, 0);
  assert_int_equal(count_of(WS2SPI_WIDTH_NATIVE), 6);
  assert_int_equal(remove_from(WS2SPI_WIDTH_BOTH), 0); /* from its present size */
  assert_int_equal(count_of(OTHER_WIDTH), 6);
}

static void enumcatalog_shows_the_stored_path_of_base_entries(void **state)
{
  assert_int_equal(count_of(WS2SPI_WIDTH_NATIVE), 6);
  for (int i = 0; i < 6; i++)
    assert_int_equal(wcscmp(entries[i].szPath, L"%SystemRoot%\\system32\\mswsock.dll"), 0);
}

static void registered_entries_are_not_stored(void **state)
{
  const DWORD id = fake_provider_register();
  int error = -1;

  assert_int_equal(count_of(WS2SPI_WIDTH_NATIVE), 6);
  assert_int_equal(catalog_count(), 7);
  info.ProtocolChain.ChainLen = 2;
  info.ProtocolChain.ChainEntries[0] = id;
  info.ProtocolChain.ChainEntries[1] = 1001;
  assert_int_equal(install(WS2SPI_WIDTH_BOTH, NULL), WSAEINVAL);
  assert_int_equal(install(WS2SPI_WIDTH_NATIVE, NULL), 0);
  assert_int_equal(count_of(WS2SPI_WIDTH_NATIVE), 6);
  assert_int_equal(catalog_count(), 8);
  assert_int_equal(remove_from(WS2SPI_WIDTH_NATIVE), 0);
  assert_int_equal(catalog_count(), 7);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

/* Process-local entries in the native catalog, and stored ones in the other. */
static void deinstall_removes_local_and_stored_entries(void **state)
{
  const DWORD id = fake_provider_register();
  int error = -1;

  assert_int_equal(install(OTHER_WIDTH, NULL), 0);
  info.ProtocolChain.ChainLen = 2;
  info.ProtocolChain.ChainEntries[0] = id;
  info.ProtocolChain.ChainEntries[1] = 1001;
  assert_int_equal(install(WS2SPI_WIDTH_NATIVE, NULL), 0);
  assert_int_equal(remove_from(WS2SPI_WIDTH_BOTH), 0);
  assert_int_equal(catalog_count(), 7);
  assert_int_equal(count_of(OTHER_WIDTH), 6);
  /* It does not fail either if nothing is stored. */
  assert_int_equal(install(WS2SPI_WIDTH_NATIVE, NULL), 0);
  assert_int_equal(remove_from(WS2SPI_WIDTH_BOTH), 0);
  assert_int_equal(catalog_count(), 7);
  assert_int_equal(remove_from(WS2SPI_WIDTH_BOTH), WSAEINVAL);
  /* A failed call changes neither catalog. */
  assert_int_equal(install(WS2SPI_WIDTH_NATIVE, NULL), 0);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_SYSTEM, &error), 0);
  assert_int_equal(remove_from(WS2SPI_WIDTH_BOTH), WSANO_RECOVERY);
  assert_int_equal(remove_from(WS2SPI_WIDTH_NATIVE), 0);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_DEFAULT, &error), 0);
  assert_int_equal(catalog_count(), 7);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

static void order_applies_to_one_width(void **state)
{
  DWORD ids[] = {1006, 1005, 1004, 1003, 1002, 1001};
  int error = -1;

  assert_int_equal(Ws2SpiWriteProviderOrder(OTHER_WIDTH, ids, 6, &error), 0);
  assert_int_equal(count_of(OTHER_WIDTH), 6);
  assert_int_equal(entries[0].ProtocolInfo.dwCatalogEntryId, 1006);
  assert_int_equal(count_of(WS2SPI_WIDTH_NATIVE), 6);
  assert_int_equal(entries[0].ProtocolInfo.dwCatalogEntryId, 1001);
  assert_int_equal(Ws2SpiWriteProviderOrder(OTHER_WIDTH, ids, 5, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
}

static void selection_applies_to_one_width(void **state)
{
  DWORD id = 0;
  int error = -1;

  assert_int_equal(install(OTHER_WIDTH, &id), 0);
  assert_int_equal(Ws2SpiSelectProtocol(OTHER_WIDTH, AF_INET, SOCK_STREAM, 250, &info, &error), 0);
  assert_int_equal(info.dwCatalogEntryId, id);
  assert_int_equal(
      Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, 250, &info, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEPROTONOSUPPORT);
}

/* --- check and reset ------------------------------------------------------------------------- */

static struct {
  int count;
  WS2SPI_CATALOG_PROBLEM last;
} reported;

static void CALLBACK note(const WS2SPI_CATALOG_PROBLEM *problem, LPVOID context)
{
  assert_ptr_equal(context, &reported);
  assert_int_equal(problem->dwSize, sizeof *problem);
  reported.count++;
  reported.last = *problem;
}

static int count_problems(DWORD width)
{
  int error = -1;

  memset(&reported, 0, sizeof reported);
  return Ws2SpiCheckCatalog(width, note, &reported, &error);
}

/* Removing the lower layer leaves a chain behind that names it. */
static void invalid_chain_is_reported_skipped_and_removable(void **state)
{
  GUID chain_guid = numbered_guid(2);
  DWORD layer = 0, chain = 0;
  int error = -1;

  assert_int_equal(count_problems(OTHER_WIDTH), 0);
  assert_int_equal(install(OTHER_WIDTH, &layer), 0);
  info.ProtocolChain.ChainLen = 2;
  info.ProtocolChain.ChainEntries[0] = layer;
  info.ProtocolChain.ChainEntries[1] = 1001;
  assert_int_equal(
      Ws2SpiInstallProvider(OTHER_WIDTH, &chain_guid, L"C:\\lsp.dll", &info, 1, &chain, &error), 0);
  assert_int_equal(count_problems(OTHER_WIDTH), 0);
  assert_int_equal(remove_from(OTHER_WIDTH), 0);
  assert_int_equal(count_of(OTHER_WIDTH), 6);
  assert_int_equal(count_problems(OTHER_WIDTH), 1);
  assert_int_equal(reported.count, 1);
  assert_int_equal(reported.last.dwCatalogEntryId, chain);
  assert_int_equal(reported.last.dwPosition, 7);
  assert_string_equal(reported.last.lpszReason, "its chain names an entry that does not exist");
  assert_int_equal(Ws2SpiDeinstallProvider(OTHER_WIDTH, &chain_guid, &error), 0);
  assert_int_equal(count_problems(OTHER_WIDTH), 0);
}

static void reset_leaves_the_base_entries(void **state)
{
  DWORD before = 0, after = 0;
  int error = -1;

  assert_int_equal(install(WS2SPI_WIDTH_BOTH, &before), 0);
  assert_int_equal(Ws2SpiResetCatalog(WS2SPI_WIDTH_32, &error), 0);
  assert_int_equal(count_of(WS2SPI_WIDTH_32), 6);
  assert_int_equal(count_of(WS2SPI_WIDTH_64), 7);
  assert_int_equal(Ws2SpiResetCatalog(WS2SPI_WIDTH_BOTH, &error), 0);
  assert_int_equal(count_of(WS2SPI_WIDTH_64), 6);
  for (DWORD i = 0; i < 6; i++)
    assert_int_equal(entries[i].ProtocolInfo.dwCatalogEntryId, 1001 + i);
  assert_int_equal(install(WS2SPI_WIDTH_BOTH, &after), 0);
  assert_true(after > before);
}

static void invalid_widths_are_rejected(void **state)
{
  const DWORD widths[] = {0, 4, 7, 32, 64, 0xFFFFFFFF};
  DWORD bytes = sizeof entries, ids[6] = {0};

  for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
    int error = -1;

    assert_int_equal(install(widths[i], NULL), WSAEINVAL);
    assert_int_equal(remove_from(widths[i]), WSAEINVAL);
    assert_int_equal(Ws2SpiEnumCatalog(widths[i], entries, &bytes, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEINVAL);
    error = -1;
    assert_int_equal(Ws2SpiCheckCatalog(widths[i], NULL, NULL, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEINVAL);
    error = -1;
    assert_int_equal(Ws2SpiResetCatalog(widths[i], &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEINVAL);
    error = -1;
    assert_int_equal(Ws2SpiWriteProviderOrder(widths[i], ids, 6, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEINVAL);
  }
}

static void enumcatalog_follows_the_buffer_rule(void **state)
{
  DWORD bytes = 6 * sizeof *entries - 1;
  int error = -1;

  assert_int_equal(Ws2SpiEnumCatalog(OTHER_WIDTH, entries, &bytes, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOBUFS);
  assert_int_equal(bytes, 6 * sizeof *entries);
  error = -1;
  assert_int_equal(Ws2SpiEnumCatalog(OTHER_WIDTH, NULL, &bytes, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOBUFS);
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    bytes = sizeof entries;
    error = -1;
    assert_int_equal(Ws2SpiEnumCatalog(OTHER_WIDTH, entries, bad_address(bad), &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    if (bad->address == NULL)
      continue;
    error = -1;
    assert_int_equal(Ws2SpiEnumCatalog(OTHER_WIDTH, bad_address(bad), &bytes, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(bytes, sizeof entries);
    error = -1;
    assert_int_equal(Ws2SpiInstallProvider(OTHER_WIDTH, &guid, L"C:\\lsp.dll", &info, 1,
                                           bad_address(bad), &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(count_of(OTHER_WIDTH), 6);
  }
}

/* A program that was compiled with another WS2SPI_CATALOG_ENTRY would step through the entries by
 * another size. */
static void a_size_of_another_entry_is_invalid(void **state)
{
  const DWORD sizes[] = {0, sizeof *entries - 4, sizeof *entries + 4, 0xFFFFFFFF};

  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    DWORD bytes = sizeof entries;
    int error = -1;

    memset(entries, 0x5A, sizeof entries);
    entries->dwSize = sizes[i];
    assert_int_equal(Ws2SpiEnumCatalog(OTHER_WIDTH, entries, &bytes, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEINVAL);
    assert_int_equal(bytes, sizeof entries);
    assert_int_equal(entries->ProtocolInfo.dwServiceFlags1, 0x5A5A5A5A);
  }
}

static void each_entry_has_its_size(void **state)
{
  assert_int_equal(count_of(OTHER_WIDTH), 6);
  for (int i = 0; i < 6; i++)
    assert_int_equal(entries[i].dwSize, sizeof *entries);
}

static void a_buffer_without_room_for_a_size_only_asks_for_the_length(void **state)
{
  for (DWORD offered = 0; offered < sizeof entries->dwSize; offered++) {
    DWORD bytes = offered;
    int error = -1;

    entries->dwSize = 0;
    assert_int_equal(Ws2SpiEnumCatalog(OTHER_WIDTH, entries, &bytes, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAENOBUFS);
    assert_int_equal(bytes, 6 * sizeof *entries);
  }
}

static void a_catalog_without_entries_needs_no_buffer(void **state)
{
  DWORD bytes = sizeof entries;
  int error = -1;

  assert_int_equal(count_of(OTHER_WIDTH), 6);
  for (int i = 0; i < 6; i += 3)
    assert_int_equal(
        Ws2SpiDeinstallProvider(OTHER_WIDTH, &entries[i].ProtocolInfo.ProviderId, &error), 0);
  assert_int_equal(Ws2SpiEnumCatalog(OTHER_WIDTH, NULL, &bytes, &error), 0);
  assert_int_equal(bytes, 0);
  assert_int_equal(count_of(WS2SPI_WIDTH_NATIVE), 6);
}

/* --- functions whose names end in 32 ------------------------------------------------------ */

#ifdef _WIN64
static void functions_ending_in_32_use_the_32_bit_catalog(void **state)
{
  WSAPROTOCOL_INFOW infos[16];
  DWORD bytes = sizeof infos;
  DWORD ids[7], categories = LSP_PROXY;
  WCHAR path[MAX_PATH];
  size_t size = sizeof categories;
  int chars = MAX_PATH;
  int error = -1;

  assert_int_equal(WSCInstallProvider64_32(&guid, L"C:\\lsp.dll", &info, 1, &error), 0);
  assert_int_equal(catalog_count(), 7);
  assert_int_equal(WSCEnumProtocols32(NULL, infos, &bytes, &error), 7);
  assert_int_equal(WSCUpdateProvider32(&guid, L"C:\\lsp32.dll", &infos[6], 1, &error), 0);
  assert_int_equal(WSCGetProviderPath32(&guid, path, &chars, &error), 0);
  assert_int_equal(wcscmp(path, L"C:\\lsp32.dll"), 0);
  chars = MAX_PATH;
  assert_int_equal(WSCGetProviderPath(&guid, path, &chars, &error), 0);
  assert_int_equal(wcscmp(path, L"C:\\lsp.dll"), 0);
  for (int i = 0; i < 7; i++)
    ids[i] = infos[6 - i].dwCatalogEntryId;
  assert_int_equal(WSCWriteProviderOrder32(ids, 7), 0);
  assert_int_equal(WSCEnumProtocols32(NULL, infos, &bytes, &error), 7);
  assert_int_equal(infos[0].dwCatalogEntryId, ids[0]);
  assert_int_equal(
      WSCSetProviderInfo32(&guid, ProviderInfoLspCategories, (PBYTE)&categories, size, 0, &error),
      0);
  assert_int_equal(
      WSCGetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories, &size, 0, &error),
      0);
  assert_int_equal(categories, 0);
  assert_int_equal(
      WSCGetProviderInfo32(&guid, ProviderInfoLspCategories, (PBYTE)&categories, &size, 0, &error),
      0);
  assert_int_equal(categories, LSP_PROXY);
  assert_int_equal(WSCDeinstallProvider32(&guid, &error), 0);
  assert_int_equal(WSCDeinstallProvider32(&guid, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(catalog_count(), 7);
  assert_int_equal(count_of(WS2SPI_WIDTH_32), 6);
}
#endif

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(each_width_has_its_own_catalog),
      CASE(both_widths_share_one_id_counter),
      CASE(install_in_both_gets_the_same_id),
      CASE(install_in_both_is_all_or_nothing),
      CASE(enumcatalog_shows_the_stored_path_of_base_entries),
      CASE(registered_entries_are_not_stored),
      CASE(deinstall_removes_local_and_stored_entries),
      CASE(order_applies_to_one_width),
      CASE(selection_applies_to_one_width),
      CASE(invalid_chain_is_reported_skipped_and_removable),
      CASE(reset_leaves_the_base_entries),
      CASE(invalid_widths_are_rejected),
      CASE(enumcatalog_follows_the_buffer_rule),
      CASE(a_size_of_another_entry_is_invalid),
      CASE(each_entry_has_its_size),
      CASE(a_buffer_without_room_for_a_size_only_asks_for_the_length),
      CASE(a_catalog_without_entries_needs_no_buffer),
#ifdef _WIN64
      CASE(functions_ending_in_32_use_the_32_bit_catalog),
#endif
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
