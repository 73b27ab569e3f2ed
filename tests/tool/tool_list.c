#include "support/cmocka_headers.h"

#include "captured_output.h"
#include "fake_catalog.h"
#include "tool/commands.h"

#include <wchar.h>

static int start(void **state)
{
  given_nothing();
  forget_output();
  return 0;
}

static enum exit_code list(DWORD widths)
{
  const struct command_line line = {.widths = widths};

  return command_list(&line);
}

#define RULE "------------------------------------------------------\n"

static void entry_is_printed_as_netsh_prints_it(void **state)
{
  WS2SPI_CATALOG_ENTRY *entry;

  entry = given_base(1001, L"MSAFD Tcpip [TCP/IP]", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  entry->ProtocolInfo.iMaxSockAddr = 16;
  entry->ProtocolInfo.iMinSockAddr = 16;
  entry->ProtocolInfo.dwServiceFlags1 = 0x20066;
  assert_int_equal(list(WS2SPI_WIDTH_64), EXIT_DONE);
  assert_string_equal(printed_diagnostics(), "");
  assert_string_equal(printed(),
                      "Winsock Catalog Provider Entry\n" RULE
                      "Entry Type:                         Base Service Provider\n"
                      "Description:                        MSAFD Tcpip [TCP/IP]\n"
                      "Provider ID:                        {E70F1AA0-AB8B-11CF-8CA3-00805F48A192}\n"
                      "Provider Path:                      %SystemRoot%\\system32\\mswsock.dll\n"
                      "Catalog Entry ID:                   1001\n"
                      "Version:                            2\n"
                      "Address Family:                     2\n"
                      "Max Address Length:                 16\n"
                      "Min Address Length:                 16\n"
                      "Socket Type:                        1\n"
                      "Protocol:                           6\n"
                      "Service Flags:                      0x20066\n"
                      "Protocol Chain Length:              1\n");
}

static void layer_and_chain_have_their_own_entry_types(void **state)
{
  given_chain(1008, L"Chain", 2, (DWORD[]){1007, 1001});
  given_dummy(1007, L"Layer");
  assert_int_equal(list(WS2SPI_WIDTH_64), EXIT_DONE);
  assert_non_null(strstr(printed(), "Entry Type:                         Layered Chain Entry\n"));
  assert_non_null(strstr(printed(), "Protocol Chain Length:              2\n"
                                    "Protocol Chain:                     1007 : 1001\n"
                                    "\n"
                                    "Winsock Catalog Provider Entry\n" RULE
                                    "Entry Type:                         Layered Service Provider\n"
                                    "Description:                        Layer\n"));
  assert_non_null(strstr(printed(), "Protocol Chain Length:              0\n"));
}

/* The tests run on systems that have both catalogs. */
static void catalogs_of_both_widths_are_listed_and_the_32_bit_one_is_marked(void **state)
{
  given_base(1001, L"Narrow", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  given_is_32();
  given_base(1001, L"Wide", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  assert_int_equal(list(0), EXIT_DONE);
  assert_printed_begins("Winsock Catalog Provider Entry\n" RULE
                        "Entry Type:                         Base Service Provider\n"
                        "Description:                        Wide\n");
  assert_non_null(strstr(printed(),
                         "\n\nWinsock Catalog Provider Entry\n" RULE
                         "Entry Type:                         Base Service Provider (32)\n"
                         "Description:                        Narrow\n"));
}

static void one_width_can_be_asked_for(void **state)
{
  given_base(1001, L"Narrow", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  given_is_32();
  given_base(1001, L"Wide", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  assert_int_equal(list(WS2SPI_WIDTH_32), EXIT_DONE);
  assert_non_null(strstr(printed(), "Base Service Provider (32)\n"));
  assert_null(strstr(printed(), "Wide"));
  forget_output();
  assert_int_equal(list(WS2SPI_WIDTH_64), EXIT_DONE);
  assert_null(strstr(printed(), "(32)"));
  assert_null(strstr(printed(), "Narrow"));
}

static void other_scripts_are_utf8_and_control_characters_are_replaced(void **state)
{
  given_dummy(1007, L"Шлюз \x1b[2J\n");
  assert_int_equal(list(WS2SPI_WIDTH_64), EXIT_DONE);
  assert_non_null(strstr(printed(), "Description:                        "
                                    "\xD0\xA8\xD0\xBB\xD1\x8E\xD0\xB7 ?[2J?\n"));
}

static void name_without_a_terminator_is_cut(void **state)
{
  wmemset(given_dummy(1007, L"")->ProtocolInfo.szProtocol, L'x', WSAPROTOCOL_LEN + 1);
  assert_int_equal(list(WS2SPI_WIDTH_64), EXIT_DONE);
  assert_non_null(strstr(printed(), "Description:                        xxxxx"));
}

static void chain_length_beyond_the_maximum_prints_seven_elements(void **state)
{
  const DWORD elements[] = {1, 2, 3, 4, 5, 6, 7};
  WS2SPI_CATALOG_ENTRY *chain;

  chain = given_chain(1008, L"Chain", 7, elements);
  chain->ProtocolInfo.ProtocolChain.ChainLen = 1000000;
  assert_int_equal(list(WS2SPI_WIDTH_64), EXIT_DONE);
  assert_non_null(strstr(printed(),
                         "Protocol Chain Length:              1000000\n"
                         "Protocol Chain:                     1 : 2 : 3 : 4 : 5 : 6 : 7\n"));
}

static void problems_are_mentioned_on_stderr(void **state)
{
  given_three_bases();
  given_problem(4, 0, "too short");
  assert_int_equal(list(WS2SPI_WIDTH_64), EXIT_DONE);
  assert_string_equal(printed_diagnostics(),
                      "the 64-bit catalog has unusable entries or other problems (1); see ws2spi "
                      "catalog check\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(entry_is_printed_as_netsh_prints_it, start),
      cmocka_unit_test_setup(layer_and_chain_have_their_own_entry_types, start),
      cmocka_unit_test_setup(catalogs_of_both_widths_are_listed_and_the_32_bit_one_is_marked,
                             start),
      cmocka_unit_test_setup(one_width_can_be_asked_for, start),
      cmocka_unit_test_setup(other_scripts_are_utf8_and_control_characters_are_replaced, start),
      cmocka_unit_test_setup(name_without_a_terminator_is_cut, start),
      cmocka_unit_test_setup(chain_length_beyond_the_maximum_prints_seven_elements, start),
      cmocka_unit_test_setup(problems_are_mentioned_on_stderr, start),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
