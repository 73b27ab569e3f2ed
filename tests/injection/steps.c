#include "support/cmocka_headers.h"

#include "injection/steps.h"

#include "injection/state_snapshot.h"

enum { MOST_STEPS = 512 };

/* The state before each step, and after the last, of a run in which nothing fails. */
static struct kept_step {
  const char *function;
  struct state_snapshot catalog;
  struct state_snapshot registry;
} kept[MOST_STEPS + 1];
static LONG kept_steps;

static enum { IDLE, RECORDING, COMPARING } mode;
static const struct shim *current;
static BOOL (*leaves_in_registry)(const char *function);
static const char *function_of_step;
static struct report first_report;
static BOOL failed_step_reported;

/* --- recording ---------------------------------------------------------------------------- */

static void keep(const char *function)
{
  struct kept_step *const step = &kept[kept_steps];

  assert_true(kept_steps < MOST_STEPS);
  step->function = function;
  snapshot_registry(&step->registry);
  snapshot_catalog(&step->catalog, current);
  kept_steps++;
}

void steps_forget(void)
{
  for (LONG i = 0; i < kept_steps; i++) {
    snapshot_destroy(&kept[i].catalog);
    snapshot_destroy(&kept[i].registry);
  }
  kept_steps = 0;
  mode = IDLE;
}

/* --- judging ------------------------------------------------------------------------------ */

static void compare(const struct state_snapshot *expected, const struct state_snapshot *found,
                    const struct injected_failure *failure)
{
  const char *const difference = snapshot_difference(expected, found);

  if (difference != NULL)
    fail_msg("failure of %s in step %ld, %s, was %s, and this differs from the state %s: %s",
             failure->call, failure->step, failure->function,
             failed_step_reported ? "reported" : "not reported",
             failed_step_reported ? "before the step" : "without the failure", difference);
}

/* A change that holds but is not finished is in the journal and not yet in the keys. */
static void check_state(const struct injected_failure *failure)
{
  const LONG expected = failed_step_reported ? failure->step : failure->step + 1;
  struct state_snapshot catalog = {0}, registry = {0};

  assert_true(expected >= 0 && expected < kept_steps);
  assert_string_equal(kept[failure->step].function, failure->function);
  snapshot_registry(&registry);
  snapshot_catalog(&catalog, current);
  compare(&kept[expected].catalog, &catalog, failure);
  if (!failure->came_after_change &&
      !(failed_step_reported && leaves_in_registry(failure->function)))
    compare(&kept[expected].registry, &registry, failure);
  snapshot_destroy(&catalog);
  snapshot_destroy(&registry);
}

static void check_if_failed(void)
{
  const struct injected_failure failure = injection_failure();

  if (failure.call == NULL)
    return;
  mode = IDLE;
  check_state(&failure);
}

/* --- steps -------------------------------------------------------------------------------- */

static void look(const char *next_function)
{
  if (mode == RECORDING)
    keep(next_function);
  else if (mode == COMPARING)
    check_if_failed();
}

void step_begin(const char *function)
{
  look(function);
  function_of_step = function;
  injection_enter(function);
}

int report_error(int error)
{
  const int code = error != 0 ? error : WSABASEERR;

  /* After the comparison the next step has begun. */
  failed_step_reported =
      failed_step_reported || (mode == COMPARING && injection_failure().call != NULL);
  if (first_report.function == NULL)
    first_report = (struct report){function_of_step, code, mode == COMPARING};
  return code;
}

static void begin_run(const struct shim *shim)
{
  current = shim;
  function_of_step = "no step";
  first_report = (struct report){0};
  failed_step_reported = FALSE;
}

void steps_record(const struct shim *shim)
{
  steps_forget();
  begin_run(shim);
  mode = RECORDING;
}

void steps_compare(const struct shim *shim, BOOL (*leaves)(const char *function))
{
  begin_run(shim);
  leaves_in_registry = leaves;
  mode = COMPARING;
}

void steps_end(void)
{
  look("the end");
  mode = IDLE;
}

struct report steps_first_report(void)
{
  return first_report;
}
