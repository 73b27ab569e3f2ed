/* Runs a scenario again and again, each time in a freshly loaded DLL, and lets the first, the
 * second, the third... call of the DLL to the system, to a lower provider or to an upcall fail,
 * until there is no further call. */
#ifndef WS2SPI_TESTS_INJECTION_SWEEP_H
#define WS2SPI_TESTS_INJECTION_SWEEP_H

#include "injection/shim.h"
#include "injection/steps.h"

/* A failed call that a step recovers from without an error, and why that is right. */
struct recovered {
  const char *function; /* the step, as documented.h names it */
  const char *call;     /* or ANY_CALL */
  const char *reason;
};

#define ANY_CALL "any"

struct scenario {
  /* Returns 0, or the first error after it has undone its work so far. It also undoes its work
   * after success. */
  int (*run)(const struct shim *shim);
  /* Ends with a row of NULL. */
  struct recovered recovered[16];
  /* Steps that may leave something invisible in the registry when they report an error. Ends with a
   * row of NULL. */
  struct {
    const char *function;
    const char *reason;
  } leaves_in_registry[4];
  /* The registry has no catalog yet, and no keys for one. */
  BOOL begins_with_nothing;
  /* NULL, or why the process differs after a success. */
  const char *leaves_traces;
  /* NULL, or called before each run. */
  void (*begin)(void);
};

/* Each failure must pass the checks of steps.h. In the end the catalog, the providers and the
 * thread must be as before, the next attempt must succeed, and once the DLL is freed it must hold
 * no memory, handles, sockets, registry keys, threads, thread slots or modules. Over the registry
 * each run starts with an empty one. Prints the number of injected failures. */
void sweep(const struct scenario *scenario);

/* The same for failures of one function, or of a group (injection.h). */
void sweep_function(const struct scenario *scenario, const char *name);

/* A group's teardown: prints the sum, and fails if no failure was injected. */
int sweep_print_sum(void **state);

/* A test's teardown: a sweep that failed has left the DLL loaded. */
int free_loaded_dll(void **state);

#endif
