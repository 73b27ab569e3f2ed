/* Writes the results, with the output of each test, as a JUnit file. */
#ifndef WS2SPI_RUNNER_JUNIT_H
#define WS2SPI_RUNNER_JUNIT_H

#include "result.h"

/* output_of returns the path of a test's output. The result is false if the file cannot be written. */
bool junit_write(const WCHAR *path, const struct kit *kit, const struct result *results,
                 size_t count, void (*output_of)(const struct kit_test *, WCHAR[MAX_PATH]));

#endif
