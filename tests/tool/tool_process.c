/* ws2spi.exe as a user runs it, over the registry: the command line, exit codes, redirected
 * output, and changes that a later run must find. */
#include "support/cmocka_headers.h"

#include "tool/exit_codes.h"
#include "tool_program.h"

#include <stdio.h>
#include <wchar.h>

static struct program_result result;

static void run_tool(const WCHAR *arguments)
{
  run_program(&result, arguments, "");
}

static int reset(void **state)
{
  run_tool(L"catalog reset --yes");
  return result.exit_code == EXIT_DONE ? 0 : -1;
}

static void install_layer(void)
{
  WCHAR folder[MAX_PATH], arguments[MAX_PATH + 64];

  test_folder(folder);
  swprintf(arguments, MAX_PATH + 64, L"catalog install \"%lsfake_lsp.dll\" --name \"A layer\"",
           folder);
  run_tool(arguments);
  assert_string_equal(result.err, "");
  assert_int_equal(result.exit_code, EXIT_DONE);
}

static size_t count_entries(void)
{
  size_t count = 0;

  run_tool(L"catalog list");
  assert_int_equal(result.exit_code, EXIT_DONE);
  for (const char *at = result.out; (at = strstr(at, "Catalog Entry ID:")) != NULL; at++)
    count++;
  return count;
}

static void exit_codes_reach_the_shell(void **state)
{
  run_tool(L"catalog check");
  assert_int_equal(result.exit_code, EXIT_DONE);
  run_program(&result, L"catalog reset", "no\n");
  assert_int_equal(result.exit_code, EXIT_NEGATIVE);
  run_tool(L"catalog lists");
  assert_int_equal(result.exit_code, EXIT_USAGE);
  assert_string_equal(result.err, "ws2spi: unknown command \"catalog lists\"; see ws2spi --help\n");
  assert_string_equal(result.out, "");
  run_tool(L"catalog remove 4711");
  assert_int_equal(result.exit_code, EXIT_REFUSED);
  assert_string_equal(result.err,
                      "ws2spi: no entry has the name, provider id or entry id \"4711\"\n");
}

/* The system's catalog, here Wine's, can be read only. */
static void error_of_the_catalog_is_reported(void **state)
{
  assert_true(SetEnvironmentVariableW(L"WS2SPI_CATALOG", L"system"));
  run_tool(L"catalog reset --yes");
  assert_true(SetEnvironmentVariableW(L"WS2SPI_CATALOG", L"registry"));
  assert_int_equal(result.exit_code, EXIT_FAILED);
  assert_string_equal(result.err,
                      "ws2spi: the catalog could not be reset: WSANO_RECOVERY (11003)\n");
}

static void assert_output_is_lost(HANDLE out)
{
  run_program_to(&result, L"catalog list", out);
  assert_int_equal(result.exit_code, EXIT_FAILED);
  assert_string_equal(result.err, "ws2spi: the output could not be written\n");
}

static void closed_output_is_a_failure(void **state)
{
  assert_output_is_lost(NULL);
}

static void output_to_a_pipe_without_a_reader_is_a_failure(void **state)
{
  SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
  HANDLE read, write;

  assert_true(CreatePipe(&read, &write, &inherit, 0));
  CloseHandle(read);
  assert_output_is_lost(write);
  CloseHandle(write);
}

/* Linux has a device that is always full, and Wine a path to it. Windows has none; there a file that
 * was opened for reading takes its place. */
static void output_to_a_full_device_is_a_failure(void **state)
{
  SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
  WCHAR self[MAX_PATH];
  HANDLE full = CreateFileW(L"\\\\?\\unix\\dev\\full", GENERIC_WRITE,
                            FILE_SHARE_READ | FILE_SHARE_WRITE, &inherit, OPEN_EXISTING, 0, NULL);

  GetModuleFileNameW(NULL, self, MAX_PATH);
  if (full == INVALID_HANDLE_VALUE)
    full = CreateFileW(self, GENERIC_READ, FILE_SHARE_READ, &inherit, OPEN_EXISTING, 0, NULL);
  assert_ptr_not_equal(full, INVALID_HANDLE_VALUE);
  assert_output_is_lost(full);
  CloseHandle(full);
}

static void another_run_finds_the_installed_layer(void **state)
{
  install_layer();
  assert_int_equal(count_entries(), 19);
  assert_non_null(strstr(result.out, "Description:                        A layer over [MSAFD "
                                     "Tcpip [TCP/IP]]\n"));
  run_tool(L"catalog remove \"a layer\"");
  assert_int_equal(result.exit_code, EXIT_DONE);
  assert_int_equal(count_entries(), 12);
}

static void reset_asks_and_only_yes_confirms(void **state)
{
  static const char *const noes[] = {"", "\n", "n\n", "nyes\n", "yess\n", "no, yes\n"};
  static const char *const yeses[] = {"y\n", "YES\r\n"};

  install_layer();
  for (size_t i = 0; i < sizeof noes / sizeof noes[0]; i++) {
    run_program(&result, L"catalog reset", noes[i]);
    assert_int_equal(result.exit_code, EXIT_NEGATIVE);
    assert_non_null(strstr(result.out, "Continue? [y/N] "));
  }
  assert_int_equal(count_entries(), 19);
  for (size_t i = 0; i < sizeof yeses / sizeof yeses[0]; i++) {
    run_program(&result, L"catalog reset", yeses[i]);
    assert_int_equal(result.exit_code, EXIT_DONE);
    assert_int_equal(count_entries(), 12);
    install_layer();
  }
}

static void reset_says_how_much_it_removes(void **state)
{
  install_layer();
  run_program(&result, L"catalog reset", "n\n");
#ifdef _WIN64
  assert_string_equal(result.out, "64-bit catalog: removes 7 usable entries and clears 0 problems\n"
                                  "32-bit catalog: removes 0 usable entries and clears 0 problems\n"
                                  "Continue? [y/N] ");
#else
  assert_string_equal(result.out, "64-bit catalog: removes 0 usable entries and clears 0 problems\n"
                                  "32-bit catalog: removes 7 usable entries and clears 0 problems\n"
                                  "Continue? [y/N] ");
#endif
}

/* No single code page has all these letters. */
static void path_and_name_of_any_script_work(void **state)
{
  WCHAR temporary[MAX_PATH], folder[MAX_PATH], from[MAX_PATH], to[MAX_PATH], arguments[1024];

  assert_true(GetTempPathW(MAX_PATH, temporary) > 0);
  swprintf(folder, MAX_PATH, L"%lsws2spi \x0160lo\x0439 \x5C64", temporary);
  CreateDirectoryW(folder, NULL);
  swprintf(to, MAX_PATH, L"%ls\\\x0421\x043B\x043E\x0439.dll", folder);
  test_folder(from);
  wcscat(from, L"fake_lsp.dll");
  assert_true(CopyFileW(from, to, FALSE));
  swprintf(arguments, 1024,
           L"catalog install \"%ls\" --over 1001 --name \"\x0421\x043B\x043E\x0439 \x5C64\"", to);
  run_tool(arguments);
  assert_string_equal(result.err, "");
  assert_int_equal(result.exit_code, EXIT_DONE);
  assert_non_null(strstr(result.out, " \xD0\xA1\xD0\xBB\xD0\xBE\xD0\xB9 \xE5\xB1\xA4\n"));
  run_tool(L"catalog which TCP");
  assert_non_null(strstr(result.out, "\\ws2spi \xC5\xA0lo\xD0\xB9 \xE5\xB1\xA4\\"
                                     "\xD0\xA1\xD0\xBB\xD0\xBE\xD0\xB9.dll\n"));
  run_tool(L"catalog remove \"\x0421\x043B\x043E\x0439 \x5C64\"");
  assert_int_equal(result.exit_code, EXIT_DONE);
  assert_true(DeleteFileW(to));
  assert_true(RemoveDirectoryW(folder));
}

static void layer_whose_dll_is_missing_is_reported_and_removed(void **state)
{
  WCHAR folder[MAX_PATH], arguments[1024], copy[MAX_PATH], from[MAX_PATH];

  test_folder(folder);
  swprintf(from, MAX_PATH, L"%lsfake_lsp.dll", folder);
  swprintf(copy, MAX_PATH, L"%lsgone_%lu.dll", folder, GetCurrentProcessId());
  assert_true(CopyFileW(from, copy, FALSE));
  swprintf(arguments, 1024, L"catalog install \"%ls\" --name Gone", copy);
  run_tool(arguments);
  assert_int_equal(result.exit_code, EXIT_DONE);
  run_tool(L"catalog check");
  assert_int_equal(result.exit_code, EXIT_DONE);
  assert_true(DeleteFileW(copy));
  run_tool(L"catalog check");
  assert_int_equal(result.exit_code, EXIT_NEGATIVE);
  assert_non_null(strstr(result.out, "    its DLL cannot be opened: "));
  run_tool(L"catalog remove Gone");
  assert_int_equal(result.exit_code, EXIT_DONE);
  run_tool(L"catalog check");
  assert_int_equal(result.exit_code, EXIT_DONE);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(exit_codes_reach_the_shell, reset),
      cmocka_unit_test_setup(error_of_the_catalog_is_reported, reset),
      cmocka_unit_test_setup(closed_output_is_a_failure, reset),
      cmocka_unit_test_setup(output_to_a_pipe_without_a_reader_is_a_failure, reset),
      cmocka_unit_test_setup(output_to_a_full_device_is_a_failure, reset),
      cmocka_unit_test_setup(another_run_finds_the_installed_layer, reset),
      cmocka_unit_test_setup(reset_asks_and_only_yes_confirms, reset),
      cmocka_unit_test_setup(reset_says_how_much_it_removes, reset),
      cmocka_unit_test_setup(path_and_name_of_any_script_work, reset),
      cmocka_unit_test_setup(layer_whose_dll_is_missing_is_reported_and_removed, reset),
  };

  return cmocka_run_group_tests(tests, NULL, reset);
}
