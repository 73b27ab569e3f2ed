/* Ws2SpiSelectProtocol: the entry that socket() would use. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/bad_memory.h"
#include "support/fake_provider.h"

static WSAPROTOCOL_INFOW info;

static int prepare(void **state)
{
  memset(&info, 0x5A, sizeof info);
  return 0;
}

static int clean_up(void **state)
{
  for (unsigned i = 1; i < 4; i++)
    deinstall_one(i);
  return catalog_count() == 6 ? 0 : -1;
}

static DWORD selected(int family, int type, int protocol)
{
  int error = -1;

  if (Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, family, type, protocol, &info, &error) != 0)
    return (DWORD)error;
  assert_int_equal(error, 0);
  return info.dwCatalogEntryId;
}

static void assert_none(int family, int type, int protocol, int expected)
{
  WSAPROTOCOL_INFOW primed;

  prepare(NULL);
  primed = info;
  assert_int_equal(selected(family, type, protocol), expected);
  assert_memory_equal(&info, &primed, sizeof info);
}

static void base_entries_are_found(void **state)
{
  assert_int_equal(selected(AF_INET, SOCK_STREAM, IPPROTO_TCP), 1001);
  assert_int_equal(selected(AF_INET, SOCK_DGRAM, IPPROTO_UDP), 1002);
  assert_int_equal(selected(AF_INET6, SOCK_STREAM, IPPROTO_TCP), 1004);
  assert_int_equal(selected(AF_INET6, SOCK_DGRAM, IPPROTO_UDP), 1005);
}

/* RAW/IP has a range of protocols and is hidden from WSAEnumProtocols. */
static void raw_entries_are_found(void **state)
{
  assert_int_equal(selected(AF_INET, SOCK_RAW, IPPROTO_ICMP), 1003);
  assert_int_equal(selected(AF_INET, SOCK_RAW, 255), 1003);
  assert_int_equal(selected(AF_INET, SOCK_RAW, 0), 1003);
  assert_int_equal(selected(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6), 1006);
  assert_none(AF_INET, SOCK_RAW, 256, WSAEPROTONOSUPPORT);
  assert_none(AF_INET, SOCK_RAW, -1, WSAEPROTONOSUPPORT);
}

static void zeros_are_wildcards(void **state)
{
  assert_int_equal(selected(AF_INET, SOCK_STREAM, 0), 1001);
  assert_int_equal(selected(AF_INET6, SOCK_DGRAM, 0), 1005);
  assert_int_equal(selected(0, SOCK_DGRAM, IPPROTO_UDP), 1002);
  assert_int_equal(selected(AF_INET6, 0, IPPROTO_UDP), 1005);
  assert_int_equal(selected(0, 0, 0), 1001);
}

static void error_is_that_of_the_closest_entry(void **state)
{
  assert_none(AF_IPX, SOCK_STREAM, IPPROTO_TCP, WSAEAFNOSUPPORT);
  assert_none(AF_INET, SOCK_SEQPACKET, 0, WSAESOCKTNOSUPPORT);
  assert_none(AF_INET, SOCK_STREAM, IPPROTO_UDP, WSAEPROTONOSUPPORT);
}

/* The entry of the requested family decides, whichever entry is the last. */
static void error_does_not_depend_on_the_order(void **state)
{
  install_one(1, L"C:\\one.dll");
  assert_none(AF_INET6, SOCK_SEQPACKET, 0, WSAESOCKTNOSUPPORT);
  assert_none(AF_INET6, SOCK_STREAM, 4711, WSAEPROTONOSUPPORT);
}

static DWORD install(unsigned number, int chain_length, DWORD top, DWORD provider_flags)
{
  GUID guid = numbered_guid(number);
  WSAPROTOCOL_INFOW entry;
  int error;

  fake_provider_info(&entry);
  entry.iProtocol = IPPROTO_TCP;
  entry.dwProviderFlags = provider_flags;
  entry.ProtocolChain.ChainLen = chain_length;
  entry.ProtocolChain.ChainEntries[0] = top;
  entry.ProtocolChain.ChainEntries[1] = 1001;
  return WSCInstallProvider(&guid, L"C:\\lsp.dll", &entry, 1, &error) == 0 ? newest_id_of(&guid)
                                                                           : 0;
}

static void put_first(DWORD id)
{
  struct catalog_view view = catalog_view_take();
  DWORD ids[16];
  int count = 0;

  ids[count++] = id;
  for (int i = 0; i < view.count; i++) {
    if (view.info[i].dwCatalogEntryId != id)
      ids[count++] = view.info[i].dwCatalogEntryId;
  }
  catalog_view_free(&view);
  assert_int_equal(WSCWriteProviderOrder(ids, (DWORD)count), 0);
}

static void first_in_catalog_order_wins(void **state)
{
  const DWORD layer = install(1, LAYERED_PROTOCOL, 0, PFL_HIDDEN);
  const DWORD chain = install(2, 2, layer, PFL_MATCHES_PROTOCOL_ZERO);

  assert_int_equal(selected(AF_INET, SOCK_STREAM, IPPROTO_TCP), 1001);
  put_first(chain);
  assert_int_equal(selected(AF_INET, SOCK_STREAM, IPPROTO_TCP), chain);
  assert_int_equal(selected(AF_INET, SOCK_STREAM, 0), chain);
  assert_int_equal(info.ProtocolChain.ChainLen, 2);
  put_first(layer);
  assert_int_equal(selected(AF_INET, SOCK_STREAM, IPPROTO_TCP), chain);
}

static void protocol_zero_needs_matches_protocol_zero(void **state)
{
  const DWORD entry = install(1, BASE_PROTOCOL, 0, 0);

  put_first(entry);
  assert_int_equal(selected(AF_INET, SOCK_STREAM, IPPROTO_TCP), entry);
  assert_int_equal(selected(AF_INET, SOCK_STREAM, 0), 1001);
}

static void registered_entries_come_last(void **state)
{
  const DWORD id = fake_provider_register();
  int error = -1;

  assert_int_equal(selected(AF_INET, SOCK_STREAM, 250), id);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
  assert_none(AF_INET, SOCK_STREAM, 250, WSAEPROTONOSUPPORT);
}

static void width_and_pointers_are_checked(void **state)
{
  const DWORD widths[] = {0, WS2SPI_WIDTH_BOTH, 4, 64};
  int error = -1;

  for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
    error = -1;
    assert_int_equal(Ws2SpiSelectProtocol(widths[i], 0, 0, 0, &info, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEINVAL);
  }
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    error = -1;
    assert_int_equal(Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, 0, 0, 0, bad_address(bad), &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, 0, 0, 0, &info, bad_address(bad)),
                     SOCKET_ERROR);
  }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(base_entries_are_found),
      CASE(raw_entries_are_found),
      CASE(zeros_are_wildcards),
      CASE(error_is_that_of_the_closest_entry),
      CASE(error_does_not_depend_on_the_order),
      CASE(first_in_catalog_order_wins),
      CASE(protocol_zero_needs_matches_protocol_zero),
      CASE(registered_entries_come_last),
      CASE(width_and_pointers_are_checked),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
