/* The tool, run in the test's own process over the catalog that is open, with its output
 * captured; and what the catalog then holds. */
#ifndef WS2SPI_TESTS_TOOL_TOOL_RUN_H
#define WS2SPI_TESTS_TOOL_TOOL_RUN_H

#include "captured_output.h"
#include "tool/listing.h"

#include <stdio.h>
#include <wchar.h>

/* Arguments up to NULL, without the program's name. Output of before is forgotten. */
enum exit_code tool(const char *first, ...);

/* The id that the last installation printed on this line, from 0: the dummy's, then the
 * chains'. 0: there is no such line. */
DWORD installed_id(int line);

/* A decimal number as text, good until the eighth call after. */
const char *number(DWORD id);

/* A file beside the test, in UTF-8. */
const char *beside_test(const char *name);

/* The catalog of this width; the test ends if it cannot be read. */
struct listing catalog_of(DWORD width);

/* Both catalogs hold the base entries only. For the start and end of a test. */
int reset_catalogs(void **state);

/* --32 or --64: the width of the test, and the other one. */
extern const char *const native_option;
extern const char *const other_option;

#endif
