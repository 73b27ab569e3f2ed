/* Runs the tool in the test's own process over the open catalog, captures its output, and reads
 * the catalog afterwards. */
#ifndef WS2SPI_TESTS_TOOL_TOOL_RUN_H
#define WS2SPI_TESTS_TOOL_TOOL_RUN_H

#include "captured_output.h"
#include "tool/listing.h"

#include <stdio.h>
#include <wchar.h>

/* Arguments up to NULL, without the program's name. Forgets earlier output. */
enum exit_code tool(const char *first, ...);

/* The number at the beginning of this line of the output, from 0. After an installation: the id of
 * the dummy, then those of the chains. 0: there is no such line. */
DWORD installed_id(int line);

/* A decimal number as text, valid for the next seven calls. */
const char *number(DWORD id);

/* A file beside the test, in UTF-8. */
const char *beside_test(const char *name);

/* The catalog of this width, for listing_free. The test fails if it cannot be read. */
struct listing catalog_of(DWORD width);

/* Leaves only the base entries in both catalogs. For the start and the end of a test. */
int reset_catalogs(void **state);

/* --32 or --64: the word size of the test, and the other one. */
extern const char *const native_option;
extern const char *const other_option;

#endif
