/* Programs beside the test that end with an answer. */
#ifndef WS2SPI_TESTS_EXIT_CODE_H
#define WS2SPI_TESTS_EXIT_CODE_H

#include <windows.h>

/* Of a program of the current folder with its arguments, when it has ended. */
DWORD exit_code_of_command(char *command);

#endif
