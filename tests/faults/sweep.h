/* Runs something again and again, each time in a freshly loaded DLL, with the
 * first, the second, the third... allocation failing, until none is left to fail. */
#ifndef WS2SPI_TESTS_FAULTS_SWEEP_H
#define WS2SPI_TESTS_FAULTS_SWEEP_H

#include "faults/shim.h"

struct scenario {
  /* Returns 0, or the first error after undoing what it had done so far; what it has
   * done is undone after success too. */
  int (*run)(const struct shim *shim);
  /* What it may return when memory is short, ending with 0. */
  int errors[8];
};

/* Each failure must come out as one of the errors, leave the catalog as it was,
 * not stand in the way of the next attempt, and leave no memory allocated once the
 * DLL is freed. */
void sweep(const struct scenario *scenario);

/* The error of a call that failed, or WSABASEERR if it named none. */
int error_of_failure(int error);

/* A test's teardown: a sweep that failed has left the DLL loaded. */
int free_what_is_loaded(void **state);

#endif
