/* Text is UTF-16 in the catalog and in the system, UTF-8 on the command line that
 * getopt_long reads and in what is printed. */
#ifndef WS2SPI_TOOL_UTF8_H
#define WS2SPI_TOOL_UTF8_H

#include "tool/windows_headers.h"

/* Room for the longest name or path of an entry: three bytes a character. */
struct utf8_text {
  char text[3 * MAX_PATH + 1];
};

/* For printing: control characters, which could steer a terminal, become '?'. Reads no
 * more than MAX_PATH characters, and stops at the NUL. */
struct utf8_text utf8_from_wide(const WCHAR *wide);

/* FALSE if it is no UTF-8, or does not fit `size` characters with its NUL. */
BOOL utf8_to_wide(const char *text, WCHAR *wide, int size);

/* The process's command line as UTF-8, for main to free; NULL if memory is exhausted. */
char **utf8_arguments(int *count);

#endif
