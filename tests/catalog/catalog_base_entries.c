#include "support/cmocka_headers.h"

#include "catalog_view.h"

static const GUID TCPIP = {
    0xE70F1AA0, 0xAB8B, 0x11CF, {0x8C, 0xA3, 0x00, 0x80, 0x5F, 0x48, 0xA1, 0x92}};
static const GUID TCPIP6 = {
    0xF9EAB0C0, 0x26D4, 0x11D0, {0xBB, 0xBF, 0x00, 0xAA, 0x00, 0x6C, 0x34, 0xE4}};

struct expected {
  const WCHAR *name;
  const GUID *provider;
  int family, type, protocol, offset, address_bytes;
  DWORD service_flags, provider_flags, message_size;
};

static const struct expected EXPECTED[] = {
    {L"MSAFD Tcpip [TCP/IP]", &TCPIP, 2, 1, 6, 0, 16, 0x20066, 8, 0},
    {L"MSAFD Tcpip [UDP/IP]", &TCPIP, 2, 2, 17, 0, 16, 0x20609, 8, 65467},
    {L"MSAFD Tcpip [RAW/IP]", &TCPIP, 2, 3, 0, 255, 16, 0x20609, 0xC, 32768},
    {L"MSAFD Tcpip [TCP/IPv6]", &TCPIP6, 23, 1, 6, 0, 28, 0x20066, 8, 0},
    {L"MSAFD Tcpip [UDP/IPv6]", &TCPIP6, 23, 2, 17, 0, 28, 0x20609, 8, 65467},
    {L"MSAFD Tcpip [RAW/IPv6]", &TCPIP6, 23, 3, 0, 255, 28, 0x20609, 0xC, 32768},
};

static void assert_is(const WSAPROTOCOL_INFOW *info, const struct expected *expected)
{
  assert_int_equal(wcscmp(info->szProtocol, expected->name), 0);
  assert_memory_equal(&info->ProviderId, expected->provider, sizeof(GUID));
  assert_int_equal(info->dwServiceFlags1, expected->service_flags);
  assert_int_equal(info->dwServiceFlags2 | info->dwServiceFlags3 | info->dwServiceFlags4, 0);
  assert_int_equal(info->dwProviderFlags, expected->provider_flags);
  assert_int_equal(info->ProtocolChain.ChainLen, 1);
  assert_int_equal(info->iVersion, 2);
  assert_int_equal(info->iAddressFamily, expected->family);
  assert_int_equal(info->iMaxSockAddr, expected->address_bytes);
  assert_int_equal(info->iMinSockAddr, expected->address_bytes);
  assert_int_equal(info->iSocketType, expected->type);
  assert_int_equal(info->iProtocol, expected->protocol);
  assert_int_equal(info->iProtocolMaxOffset, expected->offset);
  assert_int_equal(info->iNetworkByteOrder, BIGENDIAN);
  assert_int_equal(info->iSecurityScheme, SECURITY_PROTOCOL_NONE);
  assert_int_equal(info->dwMessageSize, expected->message_size);
  assert_int_equal(info->dwProviderReserved, 0);
}

static void base_entries_are_in_windows_order(void **state)
{
  struct catalog_view view = catalog_view_take();

  assert_int_equal(view.count, 6);
  for (int i = 0; i < 6; i++) {
    assert_int_equal(view.info[i].dwCatalogEntryId, 1001 + i);
    assert_is(&view.info[i], &EXPECTED[i]);
  }
  catalog_view_free(&view);
}

static void base_entries_have_the_path_of_this_dll(void **state)
{
  WCHAR own[MAX_PATH], path[MAX_PATH];

  assert_true(GetModuleFileNameW(GetModuleHandleW(L"ws2spi.dll"), own, MAX_PATH) != 0);
  for (int i = 0; i < 6; i++) {
    GUID guid = *EXPECTED[i].provider;
    int chars = MAX_PATH;
    int error = -1;

    assert_int_equal(WSCGetProviderPath(&guid, path, &chars, &error), 0);
    assert_int_equal(error, 0);
    assert_int_equal(chars, wcslen(own));
    assert_int_equal(wcscmp(path, own), 0);
  }
}

static void base_entries_can_be_deinstalled_for_good(void **state)
{
  GUID guid = TCPIP6;
  struct catalog_view view;
  int error = -1;

  assert_int_equal(WSCDeinstallProvider(&guid, &error), 0);
  assert_int_equal(error, 0);
  view = catalog_view_take();
  assert_int_equal(view.count, 3);
  for (int i = 0; i < 3; i++)
    assert_int_equal(view.info[i].dwCatalogEntryId, 1001 + i);
  catalog_view_free(&view);
  assert_int_equal(WSCDeinstallProvider(&guid, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
}

static void first_new_id_is_1007_without_base_entries_too(void **state)
{
  assert_int_equal(install_one(1, L"C:\\lsp.dll"), 1007);
  deinstall_one(1);
  assert_int_equal(install_one(1, L"C:\\lsp.dll"), 1008);
  deinstall_one(1);
}

/* On many Windows machines they have another order and other ids. */
static void base_entries_are_recognised_under_other_ids(void **state)
{
  WCHAR own[MAX_PATH], path[MAX_PATH];
  WSAPROTOCOL_INFOW infos[3], info;
  struct catalog_view view;
  WSPPROC_TABLE table;
  GUID guid = TCPIP;
  int chars = MAX_PATH;
  int length = sizeof info;
  int error;
  DWORD first;
  SOCKET s;

  assert_int_equal(Ws2SpiResetCatalog(WS2SPI_WIDTH_BOTH, &error), 0);
  view = catalog_view_take();
  for (int i = 0; i < 3; i++)
    infos[i] = view.info[2 - i];
  catalog_view_free(&view);
  assert_int_equal(WSCDeinstallProvider(&guid, &error), 0);
  assert_int_equal(
      WSCInstallProvider(&guid, L"%SystemRoot%\\system32\\mswsock.dll", infos, 3, &error), 0);
  first = newest_id_of(&guid) - 2;
  assert_true(first > 1006);

  assert_int_equal(WSCGetProviderPath(&guid, path, &chars, &error), 0);
  assert_true(GetModuleFileNameW(GetModuleHandleW(L"ws2spi.dll"), own, MAX_PATH) != 0);
  assert_int_equal(wcscmp(path, own), 0);

  assert_int_equal(Ws2SpiStartProvider(first + 2, &table, &error), 0);
  s = table.lpWSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0, &error);
  assert_int_not_equal(s, INVALID_SOCKET);
  assert_int_equal(
      table.lpWSPGetSockOpt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &length, &error), 0);
  assert_int_equal(info.dwCatalogEntryId, first + 2);
  assert_int_equal(table.lpWSPCloseSocket(s, &error), 0);
  assert_true(catalog_find(first + 1, &info));
  s = table.lpWSPSocket(0, 0, 0, &info, 0, 0, &error);
  assert_int_not_equal(s, INVALID_SOCKET);
  assert_int_equal(table.lpWSPCloseSocket(s, &error), 0);
  assert_int_equal(Ws2SpiStopProvider(first + 2, &error), 0);
  assert_int_equal(Ws2SpiResetCatalog(WS2SPI_WIDTH_BOTH, &error), 0);
}

/* The base ProviderId is not enough: a base entry must also have the family and type of one of the
 * six base protocols, and must not be a layer. Any other entry with this ProviderId belongs to the
 * DLL of its path. */
static void base_provider_id_alone_does_not_make_a_base_entry(void **state)
{
  static const struct {
    int family, type, chain_length;
    BOOL is_base;
  } cases[] = {{AF_INET, SOCK_RDM, BASE_PROTOCOL, FALSE},
               {AF_IPX, SOCK_STREAM, BASE_PROTOCOL, FALSE},
               {AF_INET, SOCK_STREAM, LAYERED_PROTOCOL, FALSE},
               {AF_INET6, SOCK_STREAM, BASE_PROTOCOL, FALSE},
               {AF_INET, SOCK_STREAM, BASE_PROTOCOL, TRUE}};
  WCHAR own[MAX_PATH], path[MAX_PATH];
  GUID guid = TCPIP;
  int error;

  assert_int_equal(Ws2SpiResetCatalog(WS2SPI_WIDTH_BOTH, &error), 0);
  assert_true(GetModuleFileNameW(GetModuleHandleW(L"ws2spi.dll"), own, MAX_PATH) != 0);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    WSAPROTOCOL_INFOW info = {.iAddressFamily = cases[i].family,
                              .iSocketType = cases[i].type,
                              .ProtocolChain.ChainLen = cases[i].chain_length,
                              .szProtocol = L"Test"};
    int chars = MAX_PATH;

    assert_int_equal(WSCDeinstallProvider(&guid, &error), 0);
    assert_int_equal(WSCInstallProvider(&guid, L"C:\\own.dll", &info, 1, &error), 0);
    assert_int_equal(WSCGetProviderPath(&guid, path, &chars, &error), 0);
    assert_int_equal(wcscmp(path, cases[i].is_base ? own : L"C:\\own.dll"), 0);
  }
  assert_int_equal(Ws2SpiResetCatalog(WS2SPI_WIDTH_BOTH, &error), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(base_entries_are_in_windows_order),
      cmocka_unit_test(base_entries_have_the_path_of_this_dll),
      cmocka_unit_test(base_entries_can_be_deinstalled_for_good),
      cmocka_unit_test(first_new_id_is_1007_without_base_entries_too),
      cmocka_unit_test(base_entries_are_recognised_under_other_ids),
      cmocka_unit_test(base_provider_id_alone_does_not_make_a_base_entry),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
