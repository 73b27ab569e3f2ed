/* Programs beside the test that end with an answer. */
#ifndef WS2SPI_TESTS_EXIT_CODE_H
#define WS2SPI_TESTS_EXIT_CODE_H

#include <windows.h>

/* Of a program when it has ended; its command line with its name first. `program` is its path, or
 * NULL for one of the current folder that the command line names. */
DWORD exit_code_of_program(const WCHAR *program, WCHAR *command);

#endif
