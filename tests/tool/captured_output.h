/* Replaces the tool's output by memory that a test can read: a program that links this file does
 * not link src/tool/output.c. */
#ifndef WS2SPI_TESTS_TOOL_CAPTURED_OUTPUT_H
#define WS2SPI_TESTS_TOOL_CAPTURED_OUTPUT_H

#include "tool/windows_headers.h"

/* The text on stdout and on stderr since the last forget_output. */
const char *printed(void);
const char *printed_diagnostics(void);

void forget_output(void);

/* From now on, whether stdout reports that output could not be written. */
void lose_all_output(BOOL lose);

/* The text on stdout begins with this literal. */
#define assert_printed_begins(literal)                                                             \
  assert_memory_equal(printed(), "" literal, sizeof(literal) - 1)

#endif
