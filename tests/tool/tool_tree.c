#include "support/cmocka_headers.h"

#include "captured_output.h"
#include "fake_catalog.h"
#include "tool/commands.h"

static int start(void **state)
{
  given_nothing();
  forget_output();
  return 0;
}

static void assert_drawn(const char *drawing)
{
  const struct command_line line = {.widths = WS2SPI_WIDTH_64};

  assert_int_equal(command_tree(&line), EXIT_DONE);
  assert_string_equal(printed(), drawing);
  assert_string_equal(printed_diagnostics(), "");
}

static void base_entries_are_branches_of_the_catalog(void **state)
{
  given_three_bases();
  assert_drawn("64-bit catalog\n"
               "├── 1001 TCP\n"
               "├── 1002 UDP\n"
               "└── 1003 RAW\n");
}

static void empty_catalog_is_drawn_too(void **state)
{
  assert_drawn("64-bit catalog\n");
}

static void chains_are_children_of_the_entry_below_them(void **state)
{
  given_chain(1012, L"Upper over TCP", 3, (DWORD[]){1010, 1008, 1001});
  given_chain(1008, L"Lower over TCP", 2, (DWORD[]){1007, 1001});
  given_chain(1011, L"Upper over UDP", 2, (DWORD[]){1010, 1002});
  given_three_bases();
  given_dummy(1007, L"Lower");
  given_dummy(1010, L"Upper");
  assert_drawn("64-bit catalog\n"
               "├── 1001 TCP\n"
               "│   └── 1008 Lower over TCP (layer 1007)\n"
               "│       └── 1012 Upper over TCP (layer 1010)\n"
               "├── 1002 UDP\n"
               "│   └── 1011 Upper over UDP (layer 1010)\n"
               "├── 1003 RAW\n"
               "└── layers\n"
               "    ├── 1007 Lower, C:\\layer.dll\n"
               "    └── 1010 Upper, C:\\layer.dll\n");
}

static void siblings_keep_the_order_of_the_catalog(void **state)
{
  given_base(1001, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  given_chain(1009, L"First", 2, (DWORD[]){1007, 1001});
  given_chain(1008, L"Second", 2, (DWORD[]){1007, 1001});
  assert_drawn("64-bit catalog\n"
               "└── 1001 TCP\n"
               "    ├── 1009 First (layer 1007)\n"
               "    └── 1008 Second (layer 1007)\n");
}

/* Some installers write the other layer's dummy where Microsoft's sample writes its chain. */
static void chain_over_a_dummy_is_a_child_of_that_layers_chain(void **state)
{
  given_chain(1012, L"Upper over TCP", 3, (DWORD[]){1010, 1007, 1001});
  given_chain(1008, L"Lower over TCP", 2, (DWORD[]){1007, 1001});
  given_base(1001, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  given_dummy(1007, L"Lower");
  assert_drawn("64-bit catalog\n"
               "├── 1001 TCP\n"
               "│   └── 1008 Lower over TCP (layer 1007)\n"
               "│       └── 1012 Upper over TCP (layer 1010)\n"
               "└── layers\n"
               "    └── 1007 Lower, C:\\layer.dll\n");
}

static void chain_over_a_dummy_without_a_chain_is_a_child_of_the_base(void **state)
{
  given_chain(1012, L"Upper over TCP", 3, (DWORD[]){1010, 1007, 1001});
  given_base(1001, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  given_dummy(1007, L"Lower");
  assert_drawn("64-bit catalog\n"
               "├── 1001 TCP\n"
               "│   └── 1012 Upper over TCP (layer 1010)\n"
               "└── layers\n"
               "    └── 1007 Lower, C:\\layer.dll\n");
}

static void chain_over_a_missing_entry_is_marked(void **state)
{
  given_chain(1008, L"Lost", 2, (DWORD[]){1007, 4711});
  assert_drawn("64-bit catalog\n"
               "└── 1008 Lost (layer 1007), over a missing entry\n");
}

static void chains_in_a_circle_are_not_drawn(void **state)
{
  given_base(1001, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  given_chain(1008, L"One", 2, (DWORD[]){1007, 1009});
  given_chain(1009, L"Two", 2, (DWORD[]){1007, 1008});
  given_chain(1010, L"Self", 2, (DWORD[]){1007, 1010});
  assert_drawn("64-bit catalog\n"
               "├── 1001 TCP\n"
               "└── 1010 Self (layer 1007), over a missing entry\n");
}

static void deep_tree_is_drawn_completely(void **state)
{
  const struct command_line line = {.widths = WS2SPI_WIDTH_64};

  given_base(2000, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  for (DWORD id = 2001; id < 2060; id++)
    given_chain(id, L"Chain", 2, (DWORD[]){1007, id - 1});
  assert_int_equal(command_tree(&line), EXIT_DONE);
  assert_non_null(strstr(printed(), "    └── 2059 Chain (layer 1007)\n"));
}

static void both_catalogs_are_drawn(void **state)
{
  const struct command_line line = {0};

  given_base(1001, L"Narrow", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  given_is_32();
  given_base(1001, L"Wide", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  assert_int_equal(command_tree(&line), EXIT_DONE);
  assert_string_equal(printed(), "64-bit catalog\n"
                                 "└── 1001 Wide\n"
                                 "32-bit catalog\n"
                                 "└── 1001 Narrow\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(base_entries_are_branches_of_the_catalog, start),
      cmocka_unit_test_setup(empty_catalog_is_drawn_too, start),
      cmocka_unit_test_setup(chains_are_children_of_the_entry_below_them, start),
      cmocka_unit_test_setup(siblings_keep_the_order_of_the_catalog, start),
      cmocka_unit_test_setup(chain_over_a_dummy_is_a_child_of_that_layers_chain, start),
      cmocka_unit_test_setup(chain_over_a_dummy_without_a_chain_is_a_child_of_the_base, start),
      cmocka_unit_test_setup(chain_over_a_missing_entry_is_marked, start),
      cmocka_unit_test_setup(chains_in_a_circle_are_not_drawn, start),
      cmocka_unit_test_setup(deep_tree_is_drawn_completely, start),
      cmocka_unit_test_setup(both_catalogs_are_drawn, start),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
