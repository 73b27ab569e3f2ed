/* WSPDuplicateSocket through a chain. The duplicate is a socket of the same chain. */
#include "chains/chains.h"

static SOCKET duplicate(SOCKET s, WSAPROTOCOL_INFOW *info)
{
  int error = UNTOUCHED;
  SOCKET made;

  memset(info, 0x5A, sizeof *info);
  assert_int_equal(base.lpWSPDuplicateSocket(s, GetCurrentProcessId(), info, &error), 0);
  assert_int_equal(error, 0);
  made = base.lpWSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, info, 0,
                          WSA_FLAG_OVERLAPPED, &error);
  assert_int_equal(error, 0);
  assert_true(made != INVALID_SOCKET);
  return made;
}

static void the_protocol_info_of_a_duplicate_names_the_chain(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  const WSAPROTOCOL_INFOW expected = entry_info(chain.tcp_entry);
  WSAPROTOCOL_INFOW info;
  const SOCKET other = duplicate(s, &info);

  assert_int_equal(info.dwCatalogEntryId, expected.dwCatalogEntryId);
  assert_memory_equal(&info.ProviderId, &expected.ProviderId, sizeof info.ProviderId);
  close_socket(other);
  close_socket(s);
}

static void both_descriptors_carry_the_same_stream(void **state)
{
  SOCKET pair[2];
  WSAPROTOCOL_INFOW info;
  SOCKET other;
  char buffer[8];
  int error;

  new_pair(pair);
  other = duplicate(pair[1], &info);
  assert_true(other != pair[1]);
  must_send(pair[0], "ab");
  assert_int_equal(receive(pair[1], buffer, 1, &error), 1);
  assert_int_equal(receive(other, buffer + 1, 1, &error), 1);
  assert_memory_equal(buffer, "ab", 2);
  close_socket(pair[1]);
  must_send(pair[0], "c");
  assert_int_equal(receive(other, buffer, sizeof buffer, &error), 1);
  close_socket(other);
  close_socket(pair[0]);
}

static void a_bad_process_is_refused(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  WSAPROTOCOL_INFOW info;
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPDuplicateSocket(s, 0xFFFFFFF0, &info, &error), SOCKET_ERROR);
  assert_int_not_equal(error, 0);
  assert_int_not_equal(error, UNTOUCHED);
  close_socket(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_protocol_info_of_a_duplicate_names_the_chain),
      cmocka_unit_test(both_descriptors_carry_the_same_stream),
      cmocka_unit_test(a_bad_process_is_refused),
  };

  return run_through_chains(tests, sizeof tests / sizeof tests[0]);
}
