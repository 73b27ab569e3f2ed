/* Help, the version, command lines that are wrong, and what each command says of a fresh
 * catalog. */
#include "support/cmocka_headers.h"

#include "tool_run.h"

#include "tool/commands.h"

static const char *const commands[] = {"list",  "tree",  "which",  "install", "remove",
                                       "order", "check", "repair", "reset"};
enum { COMMANDS_EXPECTED = sizeof commands / sizeof commands[0] };

static void help_shows_every_command_and_exit_code(void **state)
{
  assert_int_equal(tool("--help", NULL), EXIT_DONE);
  assert_string_equal(complained(), "");
  assert_int_equal(COMMAND_COUNT, COMMANDS_EXPECTED);
  for (size_t i = 0; i < COMMANDS_EXPECTED; i++) {
    char line[64];

    snprintf(line, sizeof line, "\n  ws2spi catalog %s", commands[i]);
    assert_non_null(strstr(printed(), line));
  }
  for (char line[] = "\n  0  "; line[3] <= '4'; line[3]++)
    assert_non_null(strstr(printed(), line));
}

static void each_command_has_help_of_its_own_and_does_nothing(void **state)
{
  for (size_t i = 0; i < COMMANDS_EXPECTED; i++) {
    char line[64];

    snprintf(line, sizeof line, "ws2spi catalog %s", commands[i]);
    assert_int_equal(tool("catalog", commands[i], "--help", NULL), EXIT_DONE);
    assert_memory_equal(printed(), line, strlen(line));
    assert_non_null(strstr(printed(), "\n\n  "));
    assert_string_equal(complained(), "");
  }
}

static void version_is_the_projects(void **state)
{
  assert_int_equal(tool("--version", NULL), EXIT_DONE);
#ifdef _WIN64
  assert_string_equal(printed(), "ws2spi " PROJECT_VERSION ", 64-bit\n");
#else
  assert_string_equal(printed(), "ws2spi " PROJECT_VERSION ", 32-bit\n");
#endif
}

static void assert_usage(enum exit_code code, const char *complaint)
{
  assert_int_equal(code, EXIT_USAGE);
  assert_string_equal(complained(), complaint);
  assert_string_equal(printed(), "");
}

static void unknown_command_is_named(void **state)
{
  assert_usage(tool(NULL), "nothing to do; see ws2spi --help\n");
  assert_usage(tool("catalog", NULL), "\"catalog\" wants a command; see ws2spi --help\n");
  assert_usage(tool("catalogue", "list", NULL),
               "there is no command \"catalogue\"; see ws2spi --help\n");
  assert_usage(tool("catalog", "lists", NULL),
               "there is no command \"catalog lists\"; see ws2spi --help\n");
}

static void options_and_arguments_of_other_commands_are_refused(void **state)
{
  assert_usage(tool("catalog", "list", "--yes", NULL), "usage: ws2spi catalog list\n");
  assert_usage(tool("catalog", "list", "1001", NULL), "usage: ws2spi catalog list\n");
  assert_usage(tool("catalog", "check", "--name", "x", NULL), "usage: ws2spi catalog check\n");
  assert_usage(tool("catalog", "remove", NULL), "usage: ws2spi catalog remove NAME|GUID|ID\n");
  assert_usage(tool("catalog", "remove", "x", "y", NULL),
               "usage: ws2spi catalog remove NAME|GUID|ID\n");
  assert_usage(tool("catalog", "reset", "--over=1", NULL), "usage: ws2spi catalog reset [--yes]\n");
}

static void fresh_catalogs_are_sound(void **state)
{
  assert_int_equal(tool("catalog", "check", NULL), EXIT_DONE);
  assert_string_equal(printed(), "The 64-bit catalog is sound: 6 entries.\n"
                                 "The 32-bit catalog is sound: 6 entries.\n");
}

static void fresh_catalogs_are_listed_and_drawn(void **state)
{
  assert_int_equal(tool("catalog", "list", NULL), EXIT_DONE);
  assert_printed_begins("Winsock Catalog Provider Entry\n"
                        "------------------------------------------------------\n"
                        "Entry Type:                         Base Service Provider\n"
                        "Description:                        MSAFD Tcpip [TCP/IP]\n");
  assert_non_null(strstr(printed(),
                         "Base Service Provider (32)\n"
                         "Description:                        MSAFD Tcpip [RAW/IPv6]\n"));
  assert_int_equal(tool("catalog", "tree", "--64", NULL), EXIT_DONE);
  assert_string_equal(printed(), "64-bit catalog\n"
                                 "├── 1001 MSAFD Tcpip [TCP/IP]\n"
                                 "├── 1002 MSAFD Tcpip [UDP/IP]\n"
                                 "├── 1003 MSAFD Tcpip [RAW/IP]\n"
                                 "├── 1004 MSAFD Tcpip [TCP/IPv6]\n"
                                 "├── 1005 MSAFD Tcpip [UDP/IPv6]\n"
                                 "└── 1006 MSAFD Tcpip [RAW/IPv6]\n");
}

static void reset_of_one_width_leaves_the_other(void **state)
{
  const DWORD other = WS2SPI_WIDTH_BOTH ^ WS2SPI_WIDTH_NATIVE;
  GUID id = {.Data1 = 3};
  WSAPROTOCOL_INFOW info = {.iVersion = 2, .iAddressFamily = AF_INET, .szProtocol = L"Layer"};
  struct listing listing;
  int error;

  assert_int_equal(
      Ws2SpiInstallProvider(WS2SPI_WIDTH_BOTH, &id, L"C:\\layer.dll", &info, 1, NULL, &error), 0);
  assert_int_equal(tool("catalog", "reset", "--yes", native_option, NULL), EXIT_DONE);
  assert_string_equal(printed(), "");
  listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  assert_int_equal(listing.count, 6);
  listing_free(&listing);
  listing = catalog_of(other);
  assert_int_equal(listing.count, 7);
  listing_free(&listing);
  assert_int_equal(tool("catalog", "reset", "--yes", NULL), EXIT_DONE);
  listing = catalog_of(other);
  assert_int_equal(listing.count, 6);
  listing_free(&listing);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(help_shows_every_command_and_exit_code, reset_catalogs),
      cmocka_unit_test_setup(each_command_has_help_of_its_own_and_does_nothing, reset_catalogs),
      cmocka_unit_test_setup(version_is_the_projects, reset_catalogs),
      cmocka_unit_test_setup(unknown_command_is_named, reset_catalogs),
      cmocka_unit_test_setup(options_and_arguments_of_other_commands_are_refused, reset_catalogs),
      cmocka_unit_test_setup(fresh_catalogs_are_sound, reset_catalogs),
      cmocka_unit_test_setup(fresh_catalogs_are_listed_and_drawn, reset_catalogs),
      cmocka_unit_test_setup(reset_of_one_width_leaves_the_other, reset_catalogs),
  };

  return cmocka_run_group_tests(tests, NULL, reset_catalogs);
}
