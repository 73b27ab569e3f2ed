/* Runs something again and again, each time in a freshly loaded DLL, with the first,
 * the second, the third... call of the DLL to the system, to a lower provider or to an
 * upcall failing, until none is left to fail. */
#ifndef WS2SPI_TESTS_FAULTS_SWEEP_H
#define WS2SPI_TESTS_FAULTS_SWEEP_H

#include "faults/shim.h"

/* What a call may report that met a shortage: see "Common errors" in ws2spi_shim.h. */
#define SHORTAGE WSA_NOT_ENOUGH_MEMORY, WSAENOBUFS, WSASYSCALLFAILURE, WSANO_RECOVERY

/* Among the tolerated: there is another way to the same end. */
#define ANY_CALL "any"

struct scenario {
  /* Returns 0, or the first error after undoing what it had done so far; what it has
   * done is undone after success too. */
  int (*run)(const struct shim *shim);
  /* What it may return when a call failed, ending with 0. */
  int errors[16];
  /* Calls, ending with NULL, whose failure this scenario may get over without a word,
   * beside those for which that holds everywhere. */
  const char *tolerated[6];
};

/* Each failure must come out as one of the errors, leave the catalog, the providers and
 * the thread as they were, not stand in the way of the next attempt, and leave nothing of
 * the system's taken once the DLL is freed: memory, handles, sockets, registry keys,
 * threads, thread slots, modules. Prints how many failures it injected. */
void sweep(const struct scenario *scenario);

/* The same for the failures of one function. */
void sweep_function(const struct scenario *scenario, const char *name);

/* A group's teardown: prints the sum, and fails if there was none. */
int print_sum_of_sweeps(void **state);

/* The error of a call that failed, or WSABASEERR if it named none. */
int error_of_failure(int error);

/* A test's teardown: a sweep that failed has left the DLL loaded. */
int free_what_is_loaded(void **state);

#endif
