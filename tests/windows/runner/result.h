/* The result of one test. */
#ifndef WS2SPI_RUNNER_RESULT_H
#define WS2SPI_RUNNER_RESULT_H

#include "manifest.h"

#include <stdio.h>

enum verdict { PASSED, FAILED, SKIPPED };

struct result {
  const struct kit_test *test;
  enum verdict verdict;
  char remark[512]; /* the reason for a failure, or other information; may be "" */
  ULONGLONG milliseconds;
};

/* Runs a test of the kit in the folder `bin` and writes its output to the file. */
struct result result_of_run(const struct kit_test *test, const WCHAR *bin, const WCHAR *output);

struct result result_of_left_out(const struct kit_test *test);

/* Prints one line. */
void result_print(const struct result *result, FILE *file);

#endif
