/* The runner's command line. */
#ifndef WS2SPI_RUNNER_OPTIONS_H
#define WS2SPI_RUNNER_OPTIONS_H

#include <windows.h>

#include <stdbool.h>

struct options {
  int argc;
  WCHAR **argv;
  const WCHAR *results; /* folder for the results, or NULL */
};

/* Prints the usage and returns false if the command line is wrong. */
bool options_parse(struct options *options, int argc, WCHAR **argv);

/* Whether --filter and --except select the test. */
bool options_choose(const struct options *options, const char *name);

#endif
