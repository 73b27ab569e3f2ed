#include "support/cmocka_headers.h"

#include "tool_run.h"

static void assert_order(const DWORD *ids, size_t count)
{
  struct listing listing = catalog_of(WS2SPI_WIDTH_NATIVE);

  assert_int_equal(listing.count, count);
  for (size_t i = 0; i < count; i++)
    assert_int_equal(listing.entries[i].ProtocolInfo.dwCatalogEntryId, ids[i]);
  listing_free(&listing);
}

static void assert_order_stays(void)
{
  assert_order((DWORD[]){1001, 1002, 1003, 1004, 1005, 1006}, 6);
}

/* --- order ------------------------------------------------------------------------------------ */

static void given_entries_come_first_and_the_others_keep_their_order(void **state)
{
  assert_int_equal(tool("catalog", "order", "1005", "1002", NULL), EXIT_DONE);
  assert_string_equal(printed_diagnostics(), "");
  assert_string_equal(printed(), "");
  assert_order((DWORD[]){1005, 1002, 1001, 1003, 1004, 1006}, 6);
  assert_int_equal(tool("catalog", "order", "1001,1002,1003,1004,1005,1006", NULL), EXIT_DONE);
  assert_order_stays();
}

static void each_width_has_its_own_order(void **state)
{
  struct listing listing;

  assert_int_equal(tool("catalog", "order", other_option, "1006", NULL), EXIT_DONE);
  assert_order_stays();
  listing = catalog_of(WS2SPI_WIDTH_BOTH ^ WS2SPI_WIDTH_NATIVE);
  assert_int_equal(listing.entries[0].ProtocolInfo.dwCatalogEntryId, 1006);
  listing_free(&listing);
}

static void bad_ids_are_refused_and_change_nothing(void **state)
{
  char expected[64];

  snprintf(expected, sizeof expected, "the %d-bit catalog has no entry 4711\n",
           width_bits(WS2SPI_WIDTH_NATIVE));
  assert_int_equal(tool("catalog", "order", "1002", "4711", NULL), EXIT_REFUSED);
  assert_string_equal(printed_diagnostics(), expected);
  assert_int_equal(tool("catalog", "order", "1002", "1003", "1002", NULL), EXIT_USAGE);
  assert_string_equal(printed_diagnostics(), "entry 1002 is given twice\n");
  assert_int_equal(tool("catalog", "order", "TCP", NULL), EXIT_USAGE);
  assert_string_equal(printed_diagnostics(), "\"TCP\" is not a catalog entry id\n");
  assert_int_equal(tool("catalog", "order", NULL), EXIT_USAGE);
  assert_string_equal(printed_diagnostics(), "usage: ws2spi catalog order ID...\n");
  assert_order_stays();
}

/* The catalog of the other width does not have the layer. */
static void order_that_one_catalog_refuses_changes_neither(void **state)
{
  DWORD dummy, chain;

  assert_int_equal(tool("catalog", "install", beside_test("fake_lsp.dll"), "--name", "Layer",
                        "--over=1002", NULL),
                   EXIT_DONE);
  dummy = installed_id(0);
  chain = installed_id(1);
  assert_int_equal(tool("catalog", "order", "--32", "--64", number(dummy), NULL), EXIT_REFUSED);
  assert_order((DWORD[]){chain, 1001, 1002, 1003, 1004, 1005, 1006, dummy}, 8);
}

/* --- which ------------------------------------------------------------------------------------- */

static void which_selects_the_base_entry_of_each_protocol(void **state)
{
  static const char *const names[] = {"TCP", "UDP", "RAW", "TCPv6", "UDPv6", "RAWv6"};

  for (DWORD i = 0; i < 6; i++) {
    assert_int_equal(tool("catalog", "which", names[i], NULL), EXIT_DONE);
    assert_int_equal(installed_id(0), 1001 + i);
    assert_string_equal(printed_diagnostics(), "");
  }
}

static void which_prints_a_chain_with_its_elements(void **state)
{
  char expected[1024];
  const char *begin = expected;

  assert_int_equal(tool("catalog", "install", beside_test("fake_lsp.dll"), "--name", "Layer",
                        "--over=1002", NULL),
                   EXIT_DONE);
  snprintf(expected, sizeof expected,
           "%lu Layer over [MSAFD Tcpip [UDP/IP]]\n"
           "    %lu Layer, %s\n"
           "    1002 MSAFD Tcpip [UDP/IP], ",
           installed_id(1), installed_id(0), beside_test("fake_lsp.dll"));
  assert_int_equal(tool("catalog", "which", "udp", NULL), EXIT_DONE);
  assert_memory_equal(printed(), begin, strlen(begin));
  assert_int_equal(tool("catalog", "which", "TCP", NULL), EXIT_DONE);
  assert_int_equal(installed_id(0), 1001);
}

static void protocol_without_an_entry_is_a_negative_answer(void **state)
{
  GUID tcpip6 = {0xF9EAB0C0, 0x26D4, 0x11D0, {0xBB, 0xBF, 0x00, 0xAA, 0x00, 0x6C, 0x34, 0xE4}};
  char expected[128];
  int error;

  assert_int_equal(Ws2SpiDeinstallProvider(WS2SPI_WIDTH_NATIVE, &tcpip6, &error), 0);
  snprintf(expected, sizeof expected,
           "no entry of the %d-bit catalog matches TCPv6: WSAEAFNOSUPPORT (10047)\n",
           width_bits(WS2SPI_WIDTH_NATIVE));
  assert_int_equal(tool("catalog", "which", "TCPv6", NULL), EXIT_NEGATIVE);
  assert_string_equal(printed_diagnostics(), expected);
  assert_string_equal(printed(), "");
  assert_int_equal(tool("catalog", "which", "TCPv6", other_option, NULL), EXIT_DONE);
}

static void unknown_protocol_is_a_usage_error(void **state)
{
  assert_int_equal(tool("catalog", "which", "SCTP", NULL), EXIT_USAGE);
  assert_string_equal(printed_diagnostics(),
                      "unknown protocol \"SCTP\": use TCP, UDP, RAW, TCPv6, UDPv6 or RAWv6\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(given_entries_come_first_and_the_others_keep_their_order,
                             reset_catalogs),
      cmocka_unit_test_setup(each_width_has_its_own_order, reset_catalogs),
      cmocka_unit_test_setup(bad_ids_are_refused_and_change_nothing, reset_catalogs),
      cmocka_unit_test_setup(order_that_one_catalog_refuses_changes_neither, reset_catalogs),
      cmocka_unit_test_setup(which_selects_the_base_entry_of_each_protocol, reset_catalogs),
      cmocka_unit_test_setup(which_prints_a_chain_with_its_elements, reset_catalogs),
      cmocka_unit_test_setup(protocol_without_an_entry_is_a_negative_answer, reset_catalogs),
      cmocka_unit_test_setup(unknown_protocol_is_a_usage_error, reset_catalogs),
  };

  return cmocka_run_group_tests(tests, NULL, reset_catalogs);
}
