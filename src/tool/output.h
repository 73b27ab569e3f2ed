/* What the tool prints. Formats and their texts are UTF-8; a console gets UTF-16, which it
 * shows whatever its code page is, and a file or pipe gets the UTF-8. */
#ifndef WS2SPI_TOOL_OUTPUT_H
#define WS2SPI_TOOL_OUTPUT_H

#include "tool/utf8.h"

#include <stdio.h>

__attribute__((format(__MINGW_PRINTF_FORMAT, 1, 2))) void print(const char *format, ...);

/* One line to stderr, with the program's name before it. */
__attribute__((format(__MINGW_PRINTF_FORMAT, 1, 2))) void complain(const char *format, ...);

/* The name of a Winsock error, such as WSAEINVAL, or "error". */
const char *error_name(int error);

#endif
