/* Text is UTF-16 in the catalog and in the system. It is UTF-8 on the command line, which
 * getopt_long reads, and in the output. */
#ifndef WS2SPI_TOOL_UTF8_H
#define WS2SPI_TOOL_UTF8_H

#include "tool/windows_headers.h"

/* Room for the longest name or path of an entry: three bytes a character. */
struct utf8_text {
  char text[3 * MAX_PATH + 1];
};

/* For printing: control characters, which could control a terminal, become '?'. Reads up to the
 * NUL, and at most MAX_PATH characters. */
struct utf8_text utf8_from_wide(const WCHAR *wide);

/* FALSE: the text is not valid UTF-8, or does not fit into `size` characters with its NUL. */
BOOL utf8_to_wide(const char *text, WCHAR *wide, int size);

/* The process's command line as UTF-8, which main keeps until the process ends. NULL: out of
 * memory. */
char **utf8_arguments(int *count);

#endif
