/* The tool's output. Formats and their texts are UTF-8. A console receives UTF-16, which it
 * shows whatever its code page is; a file or pipe receives the UTF-8. */
#ifndef WS2SPI_TOOL_OUTPUT_H
#define WS2SPI_TOOL_OUTPUT_H

#include "tool/exit_codes.h"
#include "tool/utf8.h"

#include <stdio.h>

__attribute__((format(__MINGW_PRINTF_FORMAT, 1, 2))) void print(const char *format, ...);

/* One line to stderr, after the name of the program. (cmocka has a print_error.) */
__attribute__((format(__MINGW_PRINTF_FORMAT, 1, 2))) void print_diagnostic(const char *format, ...);

/* Writes buffered output to stdout. FALSE: something that was printed has been lost, now or
 * before. */
BOOL output_flush(void);

/* Reports that memory is exhausted; returns EXIT_FAILED. */
enum exit_code out_of_memory(void);

/* The name of a Winsock error, such as WSAEINVAL, or "error". */
const char *error_name(int error);

#endif
