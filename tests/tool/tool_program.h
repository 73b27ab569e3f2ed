/* Runs ws2spi.exe in a process of its own. */
#ifndef WS2SPI_TESTS_TOOL_TOOL_PROGRAM_H
#define WS2SPI_TESTS_TOOL_TOOL_PROGRAM_H

#include <ws2spi_shim.h>

#include <windows.h>

struct program_result {
  DWORD exit_code;
  char out[32768];
  char err[4096];
};

/* Arguments as on a command line, and the input. Line ends of the output are "\n". The exit code is
 * (DWORD)-1 if the program could not be started. */
void run_program(struct program_result *result, const WCHAR *arguments, const char *input);

/* The same without input, and with `out`, which may be NULL, as its standard output. */
void run_program_to(struct program_result *result, const WCHAR *arguments, HANDLE out);

/* The folder of the test and of ws2spi.exe, with a backslash at its end. */
void test_folder(WCHAR folder[MAX_PATH]);

#endif
