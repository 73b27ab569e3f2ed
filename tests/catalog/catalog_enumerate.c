#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/bad_memory.h"
#include "support/fake_provider.h"

#include <limits.h>
#include <stdlib.h>

enum { ENTRY = sizeof(WSAPROTOCOL_INFOW), ALL = 6, UNTOUCHED = 0x5A };

static WSAPROTOCOL_INFOW buffer[16];

static int prepare(void **state)
{
  memset(buffer, UNTOUCHED, sizeof buffer);
  return 0;
}

static void assert_untouched_from(size_t entry)
{
  const unsigned char *bytes = (const unsigned char *)&buffer[entry];

  for (size_t i = 0; i < sizeof buffer - entry * ENTRY; i++)
    assert_int_equal(bytes[i], UNTOUCHED);
}

static void null_buffer_yields_the_size(void **state)
{
  const DWORD offers[] = {0, 1, ALL * ENTRY, 0xFFFFFFFF};

  for (size_t i = 0; i < sizeof offers / sizeof offers[0]; i++) {
    DWORD bytes = offers[i];
    int error = -1;

    assert_int_equal(WSCEnumProtocols(NULL, NULL, &bytes, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAENOBUFS);
    assert_int_equal(bytes, ALL * ENTRY);
  }
}

static void one_byte_too_few_writes_nothing(void **state)
{
  DWORD bytes = ALL * ENTRY - 1;
  int error = -1;

  assert_int_equal(WSCEnumProtocols(NULL, buffer, &bytes, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOBUFS);
  assert_int_equal(bytes, ALL * ENTRY);
  assert_untouched_from(0);
}

static void exact_size_is_enough(void **state)
{
  WSAPROTOCOL_INFOW *exact = end_of_page(0);
  DWORD bytes = ALL * ENTRY;
  int error = -1;

  exact -= ALL; /* the next byte is not mapped */
  assert_int_equal(WSCEnumProtocols(NULL, exact, &bytes, &error), ALL);
  assert_int_equal(error, 0);
  assert_int_equal(bytes, ALL * ENTRY);
  assert_int_equal(exact[0].dwCatalogEntryId, 1001);
  assert_int_equal(exact[5].dwCatalogEntryId, 1006);
}

static void larger_buffer_reports_the_size_used(void **state)
{
  DWORD bytes = 0xFFFFFFFF;
  int error = -1;

  assert_int_equal(WSCEnumProtocols(NULL, buffer, &bytes, &error), ALL);
  assert_int_equal(error, 0);
  assert_int_equal(bytes, ALL * ENTRY);
  assert_untouched_from(ALL);
}

static void assert_filtered(int *protocols, const DWORD *ids, int count)
{
  DWORD bytes = sizeof buffer;
  int error = -1;

  prepare(NULL);
  assert_int_equal(WSCEnumProtocols(protocols, buffer, &bytes, &error), count);
  assert_int_equal(error, 0);
  assert_int_equal(bytes, (DWORD)count * ENTRY);
  for (int i = 0; i < count; i++)
    assert_int_equal(buffer[i].dwCatalogEntryId, ids[i]);
  assert_untouched_from((size_t)count);
}

static void filter_keeps_catalog_order(void **state)
{
  assert_filtered((int[]){IPPROTO_TCP, 0}, (DWORD[]){1001, 1004}, 2);
  assert_filtered((int[]){IPPROTO_UDP, IPPROTO_TCP, IPPROTO_TCP, 0},
                  (DWORD[]){1001, 1002, 1004, 1005}, 4);
}

static void protocol_zero_entries_match_no_filter(void **state)
{
  /* RAW has protocol 0 and a range up to 255, which would match everything. */
  assert_filtered((int[]){IPPROTO_ICMP, 0}, NULL, 0);
  assert_filtered((int[]){255, 0}, NULL, 0);
}

static void empty_filter_matches_nothing(void **state)
{
  DWORD bytes = 0;
  int error = -1;

  assert_filtered((int[]){0}, NULL, 0);
  assert_int_equal(WSCEnumProtocols((int[]){0}, NULL, &bytes, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(bytes, 0);
}

static void filter_size_counts_matches_only(void **state)
{
  int protocols[] = {IPPROTO_UDP, 0};
  DWORD bytes = 0;
  int error = -1;

  assert_int_equal(WSCEnumProtocols(protocols, NULL, &bytes, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOBUFS);
  assert_int_equal(bytes, 2 * ENTRY);
}

static void filter_reaches_to_the_end_of_the_range(void **state)
{
  WSAPROTOCOL_INFOW info;
  DWORD id = 0;
  int error;

  fake_provider_info(&info);
  info.iProtocol = 300;
  info.iProtocolMaxOffset = 2;
  assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &id, &error), 0);
  assert_filtered((int[]){299, 0}, NULL, 0);
  assert_filtered((int[]){300, 0}, &id, 1);
  assert_filtered((int[]){302, 0}, &id, 1);
  assert_filtered((int[]){303, 0}, NULL, 0);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

static void range_beyond_the_largest_int_does_not_wrap(void **state)
{
  WSAPROTOCOL_INFOW info;
  DWORD id = 0;
  int error;

  fake_provider_info(&info);
  info.iProtocol = INT_MAX - 1;
  info.iProtocolMaxOffset = INT_MAX;
  assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &id, &error), 0);
  assert_filtered((int[]){INT_MAX, 0}, &id, 1);
  assert_filtered((int[]){INT_MIN, 0}, NULL, 0);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

static void filter_may_end_where_memory_ends(void **state)
{
  int *protocols = end_of_page(2 * sizeof(int));

  protocols[0] = IPPROTO_TCP;
  protocols[1] = 0;
  assert_filtered(protocols, (DWORD[]){1001, 1004}, 2);
}

static void filter_without_terminator_is_a_bad_pointer(void **state)
{
  int *protocols = end_of_page(2 * sizeof(int));
  DWORD bytes = sizeof buffer;
  int error = -1;

  protocols[0] = IPPROTO_TCP;
  protocols[1] = IPPROTO_UDP;
  assert_int_equal(WSCEnumProtocols(protocols, buffer, &bytes, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(bytes, sizeof buffer);
  assert_untouched_from(0);
}

static void buffer_shorter_than_claimed_gets_nothing(void **state)
{
  WSAPROTOCOL_INFOW *early = end_of_page(ENTRY);
  DWORD bytes = ALL * ENTRY;
  int error = -1;

  memset(early, UNTOUCHED, ENTRY);
  memcpy(buffer, early, ENTRY);
  assert_int_equal(WSCEnumProtocols(NULL, early, &bytes, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(bytes, ALL * ENTRY);
  assert_memory_equal(early, buffer, ENTRY);
}

static void hidden_and_layered_entries_are_shown(void **state)
{
  WSAPROTOCOL_INFOW info, shown;
  DWORD id = 0;
  int error;

  fake_provider_info(&info);
  info.dwProviderFlags = PFL_HIDDEN;
  info.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &id, &error), 0);
  assert_true(catalog_find(id, &shown));
  assert_int_equal(shown.dwProviderFlags, PFL_HIDDEN);
  assert_int_equal(shown.ProtocolChain.ChainLen, LAYERED_PROTOCOL);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(null_buffer_yields_the_size, prepare),
      cmocka_unit_test_setup(one_byte_too_few_writes_nothing, prepare),
      cmocka_unit_test_setup(exact_size_is_enough, prepare),
      cmocka_unit_test_setup(larger_buffer_reports_the_size_used, prepare),
      cmocka_unit_test_setup(filter_keeps_catalog_order, prepare),
      cmocka_unit_test_setup(protocol_zero_entries_match_no_filter, prepare),
      cmocka_unit_test_setup(empty_filter_matches_nothing, prepare),
      cmocka_unit_test_setup(filter_size_counts_matches_only, prepare),
      cmocka_unit_test_setup(filter_reaches_to_the_end_of_the_range, prepare),
      cmocka_unit_test_setup(range_beyond_the_largest_int_does_not_wrap, prepare),
      cmocka_unit_test_setup(filter_may_end_where_memory_ends, prepare),
      cmocka_unit_test_setup(filter_without_terminator_is_a_bad_pointer, prepare),
      cmocka_unit_test_setup(buffer_shorter_than_claimed_gets_nothing, prepare),
      cmocka_unit_test_setup(hidden_and_layered_entries_are_shown, prepare),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
