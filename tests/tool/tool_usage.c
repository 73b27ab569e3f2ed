/* The help, the version, wrong command lines, output that cannot be written, and the commands on
 * a fresh catalog. */
#include "support/cmocka_headers.h"

#include "tool_run.h"

#include "tool/commands.h"

static const char *const commands[] = {"list",  "tree",  "which",  "install", "remove",
                                       "order", "check", "repair", "reset"};
enum { COMMANDS_EXPECTED = sizeof commands / sizeof commands[0] };

static void help_shows_every_command_and_exit_code(void **state)
{
  assert_int_equal(tool("--help", NULL), EXIT_DONE);
  assert_string_equal(printed_diagnostics(), "");
  assert_int_equal(COMMAND_COUNT, COMMANDS_EXPECTED);
  for (size_t i = 0; i < COMMANDS_EXPECTED; i++) {
    char line[64];

    snprintf(line, sizeof line, "\n  ws2spi catalog %s", commands[i]);
    assert_non_null(strstr(printed(), line));
  }
#define ASSERT_SHOWN(name, number, meaning)                                                        \
  assert_non_null(strstr(printed(), "\n  " #number "  " meaning "\n"));
  EXIT_CODES(ASSERT_SHOWN)
}

static void each_command_has_its_own_help(void **state)
{
  for (size_t i = 0; i < COMMANDS_EXPECTED; i++) {
    char line[64];

    snprintf(line, sizeof line, "ws2spi catalog %s", commands[i]);
    assert_int_equal(tool("catalog", commands[i], "--help", NULL), EXIT_DONE);
    assert_memory_equal(printed(), line, strlen(line));
    assert_non_null(strstr(printed(), "\n\n  "));
    assert_string_equal(printed_diagnostics(), "");
  }
}

static void version_is_that_of_the_project(void **state)
{
  assert_int_equal(tool("--version", NULL), EXIT_DONE);
#ifdef _WIN64
  assert_string_equal(printed(), "ws2spi " PROJECT_VERSION ", 64-bit\n");
#else
  assert_string_equal(printed(), "ws2spi " PROJECT_VERSION ", 32-bit\n");
#endif
}

static void assert_usage(enum exit_code code, const char *message)
{
  assert_int_equal(code, EXIT_USAGE);
  assert_string_equal(printed_diagnostics(), message);
  assert_string_equal(printed(), "");
}

static void no_command_prints_the_usage(void **state)
{
  assert_int_equal(tool(NULL), EXIT_USAGE);
  assert_string_equal(printed(), "");
  assert_non_null(strstr(printed_diagnostics(), "no command was given\nusage:\n"));
  for (size_t i = 0; i < COMMANDS_EXPECTED; i++) {
    char line[64];

    snprintf(line, sizeof line, "\n  ws2spi catalog %s", commands[i]);
    assert_non_null(strstr(printed_diagnostics(), line));
  }
}

static void unknown_command_is_a_usage_error(void **state)
{
  assert_usage(tool("catalog", NULL), "\"catalog\" needs a command; see ws2spi --help\n");
  assert_usage(tool("catalogue", "list", NULL),
               "unknown command \"catalogue\"; see ws2spi --help\n");
  assert_usage(tool("catalog", "lists", NULL),
               "unknown command \"catalog lists\"; see ws2spi --help\n");
}

static void options_and_arguments_of_other_commands_are_refused(void **state)
{
  assert_usage(tool("catalog", "list", "--yes", NULL), "usage: ws2spi catalog list\n");
  assert_usage(tool("catalog", "list", "--strict", NULL), "usage: ws2spi catalog list\n");
  assert_usage(tool("catalog", "list", "1001", NULL), "usage: ws2spi catalog list\n");
  assert_usage(tool("catalog", "check", "--name", "x", NULL),
               "usage: ws2spi catalog check [--strict]\n");
  assert_usage(tool("catalog", "remove", NULL), "usage: ws2spi catalog remove NAME|GUID|ID\n");
  assert_usage(tool("catalog", "remove", "x", "y", NULL),
               "usage: ws2spi catalog remove NAME|GUID|ID\n");
  assert_usage(tool("catalog", "reset", "--over=1", NULL), "usage: ws2spi catalog reset [--yes]\n");
}

/* The answer of a command is its exit code only if its output was written, too. */
static void output_that_cannot_be_written_is_a_failure(void **state)
{
  static const char *const outputs[][3] = {
      {"--help", NULL, NULL},
      {"--version", NULL, NULL},
      {"catalog", "list", NULL},
      {"catalog", "check", NULL},
  };

  for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
    lose_all_output(TRUE);
    assert_int_equal(tool(outputs[i][0], outputs[i][1], NULL), EXIT_FAILED);
    lose_all_output(FALSE);
    assert_string_equal(printed_diagnostics(), "the output could not be written\n");
    assert_int_equal(tool(outputs[i][0], outputs[i][1], NULL), EXIT_DONE);
  }
}

/* The question whether to go on could not be read by anybody. */
static void reset_that_cannot_ask_changes_nothing(void **state)
{
  struct listing listing;
  GUID id = {.Data1 = 3};
  WSAPROTOCOL_INFOW info = {.iVersion = 2, .iAddressFamily = AF_INET, .szProtocol = L"Layer"};
  int error;

  assert_int_equal(
      Ws2SpiInstallProvider(WS2SPI_WIDTH_BOTH, &id, L"C:\\layer.dll", &info, 1, NULL, &error), 0);
  lose_all_output(TRUE);
  assert_int_equal(tool("catalog", "reset", NULL), EXIT_FAILED);
  lose_all_output(FALSE);
  listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  assert_int_equal(listing.count, 7);
  listing_free(&listing);
}

static void fresh_catalogs_pass_the_check(void **state)
{
  assert_int_equal(tool("catalog", "check", NULL), EXIT_DONE);
  assert_string_equal(printed(), "64-bit catalog: no errors in 6 entries\n"
                                 "32-bit catalog: no errors in 6 entries\n");
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
      cmocka_unit_test_setup(each_command_has_its_own_help, reset_catalogs),
      cmocka_unit_test_setup(version_is_that_of_the_project, reset_catalogs),
      cmocka_unit_test_setup(no_command_prints_the_usage, reset_catalogs),
      cmocka_unit_test_setup(unknown_command_is_a_usage_error, reset_catalogs),
      cmocka_unit_test_setup(output_that_cannot_be_written_is_a_failure, reset_catalogs),
      cmocka_unit_test_setup(reset_that_cannot_ask_changes_nothing, reset_catalogs),
      cmocka_unit_test_setup(options_and_arguments_of_other_commands_are_refused, reset_catalogs),
      cmocka_unit_test_setup(fresh_catalogs_pass_the_check, reset_catalogs),
      cmocka_unit_test_setup(fresh_catalogs_are_listed_and_drawn, reset_catalogs),
      cmocka_unit_test_setup(reset_of_one_width_leaves_the_other, reset_catalogs),
  };

  return cmocka_run_group_tests(tests, NULL, reset_catalogs);
}
