/* The content of the kit. tests/windows/pack.cmake writes it to manifest.txt beside the runner, with
 * these lines:
 *
 *   kit VERSION ARCHITECTURE     the first line
 *   test NAME                    begins a test; the lines run, limit, set and needs belong to it
 *   run PROGRAM [ARGUMENT...]    a program in the folder bin; once in a test
 *   limit SECONDS                once in a test
 *   set NAME=VALUE               an environment variable
 *   needs FILE                   a file in the folder bin
 *   left-out NAME REASON         a test that is not in the kit */
#ifndef WS2SPI_RUNNER_MANIFEST_H
#define WS2SPI_RUNNER_MANIFEST_H

#include <windows.h>

#include <stdbool.h>
#include <stddef.h>

struct kit_test {
  const char *name;
  const char *left_out; /* the reason, or NULL for a test in the kit */
  char **lines;         /* the lines after "test" */
  size_t line_count;
};

struct kit {
  const char *title; /* version and architecture */
  struct kit_test *tests;
  size_t count;
};

/* Reads the kit, which stays in memory until the program ends. On failure it prints the reason and
 * returns false. */
bool manifest_read(const WCHAR *path, struct kit *kit);

/* The text after the keyword in line n of those lines of the test that begin with it, or NULL. */
const char *manifest_value(const struct kit_test *test, const char *keyword, size_t n);

#endif
