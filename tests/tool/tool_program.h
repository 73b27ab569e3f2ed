/* ws2spi.exe, run as a program of its own. */
#ifndef WS2SPI_TESTS_TOOL_TOOL_PROGRAM_H
#define WS2SPI_TESTS_TOOL_TOOL_PROGRAM_H

#include <ws2spi_shim.h>

struct program_result {
  DWORD exit_code;
  char out[32768];
  char err[4096];
};

/* Runs it with these arguments, written as on a command line, and with `input` to read.
 * Line ends are "\n". The exit code is (DWORD)-1 if it did not run. */
void run_program(struct program_result *result, const WCHAR *arguments, const char *input);

/* The folder of the test and of ws2spi.exe, with a backslash at its end. */
void test_folder(WCHAR folder[MAX_PATH]);

#endif
