/* WSPSocket: which entry a socket belongs to. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

static DWORD entry_of(SOCKET s)
{
  WSAPROTOCOL_INFOW info;
  int size = sizeof info;
  int error = UNTOUCHED;

  memset(&info, 0x5A, sizeof info);
  assert_int_equal(
      base.lpWSPGetSockOpt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &size, &error), 0);
  assert_int_equal(size, sizeof info);
  assert_int_equal(info.ProtocolChain.ChainLen, BASE_PROTOCOL);
  return info.dwCatalogEntryId;
}

static DWORD entry_made_with(int family, int type, int protocol, WSAPROTOCOL_INFOW *info)
{
  int error = UNTOUCHED;
  const SOCKET s = base.lpWSPSocket(family, type, protocol, info, 0, WSA_FLAG_OVERLAPPED, &error);
  DWORD id;

  assert_int_equal(error, 0);
  assert_true(s != INVALID_SOCKET);
  id = entry_of(s);
  close_socket(s);
  return id;
}

static int refusal(int family, int type, int protocol, WSAPROTOCOL_INFOW *info, GROUP group,
                   DWORD flags)
{
  int error = UNTOUCHED;

  assert_true(base.lpWSPSocket(family, type, protocol, info, group, flags, &error) ==
              INVALID_SOCKET);
  return error;
}

static void family_and_type_choose_the_entry(void **state)
{
  assert_int_equal(entry_made_with(AF_INET, SOCK_STREAM, 0, NULL), 1001);
  assert_int_equal(entry_made_with(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL), 1002);
  assert_int_equal(entry_made_with(AF_INET6, SOCK_STREAM, IPPROTO_TCP, NULL), 1004);
  assert_int_equal(entry_made_with(AF_INET6, SOCK_DGRAM, 0, NULL), 1005);
}

static void zero_matches_any_value(void **state)
{
  assert_int_equal(entry_made_with(0, 0, 0, NULL), 1001);
  assert_int_equal(entry_made_with(0, 0, IPPROTO_UDP, NULL), 1002);
  assert_int_equal(entry_made_with(AF_INET6, 0, 0, NULL), 1004);
}

static void protocol_info_selects_the_entry(void **state)
{
  WSAPROTOCOL_INFOW info = {.dwCatalogEntryId = 1005};

  assert_int_equal(
      entry_made_with(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info), 1005);
  assert_int_equal(entry_made_with(0, 0, 0, &info), 1005);
}

static void protocol_info_of_a_chain_selects_its_last_entry(void **state)
{
  WSAPROTOCOL_INFOW info = {.dwCatalogEntryId = 4711,
                            .ProtocolChain = {.ChainLen = 3, .ChainEntries = {4710, 4709, 1002}}};

  assert_int_equal(
      entry_made_with(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info), 1002);
}

static void arguments_without_a_matching_entry_are_refused(void **state)
{
  WSAPROTOCOL_INFOW unknown = {.dwCatalogEntryId = 4711};

  assert_int_equal(refusal(99, SOCK_STREAM, 0, NULL, 0, 0), WSAEAFNOSUPPORT);
  assert_int_equal(refusal(AF_INET, 99, 0, NULL, 0, 0), WSAESOCKTNOSUPPORT);
  assert_int_equal(refusal(AF_INET, SOCK_STREAM, IPPROTO_UDP, NULL, 0, 0), WSAEPROTONOSUPPORT);
  assert_int_equal(refusal(AF_INET, SOCK_STREAM, 0, NULL, 1, 0), WSAEINVAL);
  assert_int_equal(refusal(AF_INET, SOCK_STREAM, 0, &unknown, 0, 0), WSAEINVAL);
  assert_int_equal(refusal(FROM_PROTOCOL_INFO, SOCK_STREAM, 0, NULL, 0, 0), WSAEINVAL);
  assert_int_equal(refusal(AF_INET, SOCK_DGRAM, 0, NULL, 0, WSA_FLAG_MULTIPOINT_C_LEAF), WSAEINVAL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(family_and_type_choose_the_entry),
      cmocka_unit_test(zero_matches_any_value),
      cmocka_unit_test(protocol_info_selects_the_entry),
      cmocka_unit_test(protocol_info_of_a_chain_selects_its_last_entry),
      cmocka_unit_test(arguments_without_a_matching_entry_are_refused),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
