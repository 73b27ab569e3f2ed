/* In place of the tool's own output: what it prints is kept for the test. Linking this file
 * keeps src/tool/output.c out. */
#ifndef WS2SPI_TESTS_TOOL_CAPTURED_OUTPUT_H
#define WS2SPI_TESTS_TOOL_CAPTURED_OUTPUT_H

/* What was printed and what was complained about since the last forget_output. */
const char *printed(void);
const char *complained(void);

void forget_output(void);

/* What was printed begins with this literal. */
#define assert_printed_begins(literal)                                                             \
  assert_memory_equal(printed(), "" literal, sizeof(literal) - 1)

#endif
