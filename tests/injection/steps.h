/* A scenario's steps: its calls of public functions. The step in which a call failed must report one of
 * the errors that are documented for it (documented.h) and leave all as it was before it, or have its
 * reason to make up for the failure, and then leave all as it does when nothing fails. */
#ifndef WS2SPI_TESTS_FAULTS_STEPS_H
#define WS2SPI_TESTS_FAULTS_STEPS_H

#include "injection/injection.h"
#include "injection/shim.h"

/* A call of `function`, on the test's main thread and outside hooks. */
#define CALL(shim, function) (step_begin(#function), (shim)->function)

/* The same of what is no member. */
#define CALL_AS(name, function) (step_begin(name), (function))

void step_begin(const char *function);

/* The step that has begun last reports an error: that error, or WSABASEERR if it names none. */
int error_of_failure(int error);

/* From here on a scenario runs in which nothing fails; what there is before each step is kept. */
void steps_record(const struct shim *shim);

/* From here on one runs in which a call fails: it is compared with what was kept. Of what the registry
 * holds that is left out after a report by a function that `leaves_in_registry`. */
void steps_judge(const struct shim *shim, BOOL (*leaves_in_registry)(const char *function));

/* The end of either. */
void steps_end(void);

/* The first of the last run. */
struct report {
  const char *function; /* NULL: nothing was reported */
  int error;
  BOOL by_failed_step; /* in which a call had failed */
};

struct report steps_first_report(void);

/* What is kept is forgotten. */
void steps_forget(void);

#endif
