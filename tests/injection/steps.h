/* The steps of a scenario are its calls of public functions. The step in which a call failed either
 * reports an error that is documented for it (documented.h), and then everything is as before the
 * step, or has a reason to recover, and then everything is as in a run without failures. */
#ifndef WS2SPI_TESTS_INJECTION_STEPS_H
#define WS2SPI_TESTS_INJECTION_STEPS_H

#include "injection/injection.h"
#include "injection/shim.h"

/* Calls `function`, on the test's main thread and outside hooks. */
#define CALL(shim, function) (step_begin(#function), (shim)->function)

/* The same for a function that is no member. */
#define CALL_AS(name, function) (step_begin(name), (function))

void step_begin(const char *function);

/* The current step reports an error. Returns the error, or WSABASEERR if it is 0. */
int report_error(int error);

/* Starts a run in which nothing fails. The state before each step is kept. */
void steps_record(const struct shim *shim);

/* Starts a run in which a call fails. The state after the failed step is compared with the kept
 * one, without the registry if the step reported an error and `leaves_in_registry`. */
void steps_compare(const struct shim *shim, BOOL (*leaves_in_registry)(const char *function));

/* Ends a run of either kind. */
void steps_end(void);

/* The first error that was reported in the last run. */
struct report {
  const char *function; /* NULL: nothing was reported */
  int error;
  BOOL by_failed_step; /* by the step in which a call failed */
};

struct report steps_first_report(void);

/* Frees the kept states. */
void steps_forget(void);

#endif
