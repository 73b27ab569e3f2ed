/* Runs something again and again, each time in a freshly loaded DLL, with the first,
 * the second, the third... call of the DLL to the system, to a lower provider or to an
 * upcall failing, until none is left to fail. */
#ifndef WS2SPI_TESTS_FAULTS_SWEEP_H
#define WS2SPI_TESTS_FAULTS_SWEEP_H

#include "injection/shim.h"
#include "injection/steps.h"

/* A call of the DLL whose failure a step gets over without a word, and why that is right. */
struct made_up_for {
  const char *function; /* the step, as documented.h names it */
  const char *call;     /* or ANY_CALL */
  const char *reason;
};

#define ANY_CALL "any"

struct scenario {
  /* Returns 0, or the first error after undoing what it had done so far; what it has
   * done is undone after success too. */
  int (*run)(const struct shim *shim);
  /* Ends with a row of NULL. */
  struct made_up_for made_up_for[16];
  /* Steps after whose reported failure something stays in the registry, which nobody can see; ends
   * with a row of NULL. */
  struct {
    const char *function;
    const char *reason;
  } leaves_in_registry[4];
  /* The registry has no catalog yet, not even keys for one. */
  BOOL begins_with_nothing;
  /* NULL, or why a process is not as before after success. */
  const char *leaves_traces;
  /* NULL, or called before each failure. */
  void (*begin)(void);
};

/* Each failure must be judged well (steps.h); in the end the catalog, the providers and the thread
 * must be as they were, the next attempt must succeed, and once the DLL is freed nothing of the
 * system's may be left taken: memory, handles, sockets, registry keys, threads, thread slots,
 * modules. Over the registry each failure finds an empty one. Prints how many it injected. */
void sweep(const struct scenario *scenario);

/* The same for the failures of one function, or of some (injection.h). */
void sweep_function(const struct scenario *scenario, const char *name);

/* A group's teardown: prints the sum, and fails if there was none. */
int print_sum_of_sweeps(void **state);

/* A test's teardown: a sweep that failed has left the DLL loaded. */
int free_what_is_loaded(void **state);

#endif
