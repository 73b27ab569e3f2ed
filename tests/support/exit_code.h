/* Programs that a test starts and whose exit code is their result. */
#ifndef WS2SPI_TESTS_EXIT_CODE_H
#define WS2SPI_TESTS_EXIT_CODE_H

#include <windows.h>

/* Runs a program to its end and returns its exit code. The command line starts with the program's
 * name. `program` is its path; NULL: the command line names a program in the current folder. */
DWORD exit_code_of_program(const WCHAR *program, WCHAR *command);

#endif
