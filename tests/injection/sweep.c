#include "support/cmocka_headers.h"

#include "injection/sweep.h"

#include "injection/injected.h"
#include "injection/injection.h"
#include "injection/documented.h"
#include "injection/test_registry.h"
#include "injection/state_snapshot.h"
#include "injection/plain_provider.h"
#include "support/process_resources.h"
#include "support/store_under_test.h"

#include <stdlib.h>

enum { MOST_FAILURES = 3000, PATIENCE = 60000 };

static struct {
  LONG injected;
  LONG reported;
} sum;

/* --- the state before and after a scenario ------------------------------------------------ */

/* Of a DLL that has just been loaded, and of one in which the scenario has succeeded. */
static struct state_snapshot untouched, finished;
static struct state_snapshot names_when_finished;

static struct state_snapshot photograph_of(const struct shim *shim)
{
  struct state_snapshot state_snapshot = {0};

  photograph_catalog(&state_snapshot, shim);
  photograph_process(&state_snapshot, shim);
  return state_snapshot;
}

static void replace(struct state_snapshot *state_snapshot, struct state_snapshot by)
{
  photograph_destroy(state_snapshot);
  *state_snapshot = by;
}

static void load_anew(const struct scenario *scenario, struct shim *shim)
{
  own_registry_begin();
  numbered_uuids_begin();
  if (scenario->begin != NULL)
    scenario->begin();
  shim_load(shim);
}

/* A catalog that has been changed once, and with that got its base entries. */
static void prepare_registry(const struct scenario *scenario)
{
  WSAPROTOCOL_INFOW entry = plain_entry();
  GUID id = plain_provider_id;
  struct shim shim;
  int error;

  own_registry_delete();
  if (scenario->begins_with_nothing || !is_over_the_registry())
    return;
  shim_load(&shim);
  assert_int_equal(shim.WSCInstallProvider(&id, L"C:\\a.dll", &entry, 1, &error), 0);
  assert_int_equal(shim.WSCDeinstallProvider(&id, &error), 0);
  shim_free(&shim);
  own_registry_keep();
}

static void photograph_untouched(const struct scenario *scenario)
{
  struct shim shim;

  load_anew(scenario, &shim);
  replace(&untouched, photograph_of(&shim));
  shim_free(&shim);
}

/* A registry that nobody looked into would be found unchanged. */
static void assert_registry_is_seen(const struct scenario *scenario)
{
  if (is_over_the_registry() && !scenario->begins_with_nothing)
    assert_true(names_when_finished.size > 0);
}

/* What the steps of a success leave is what failures are compared with. */
static void photograph_success(const struct scenario *scenario)
{
  struct state_snapshot names = {0};
  const char *difference;
  struct shim shim;

  load_anew(scenario, &shim);
  injection_arm(NULL, 0);
  steps_record(&shim);
  assert_int_equal(scenario->run(&shim), 0);
  steps_end();
  photograph_registry_names(&names);
  replace(&names_when_finished, names);
  assert_registry_is_seen(scenario);
  replace(&finished, photograph_of(&shim));
  shim_free(&shim);
  difference = photograph_difference(&untouched, &finished);
  if (difference != NULL && scenario->leaves_traces == NULL)
    fail_msg("after success this is not as before: %s", difference);
}

/* A scenario that failed may have come as far as leaving its traces, or not. */
static void check_state(const struct shim *shim)
{
  struct state_snapshot now = photograph_of(shim);
  const char *const difference = photograph_difference(&untouched, &now);

  if (difference != NULL && photograph_difference(&finished, &now) != NULL)
    fail_msg("this is not as before: %s", difference);
  photograph_destroy(&now);
}

/* Nor is anything kept that one success would not have left. */
static void check_names_in_registry(void)
{
  struct state_snapshot now = {0};
  const char *difference;

  photograph_registry_names(&now);
  difference = photograph_difference(&names_when_finished, &now);
  if (difference != NULL)
    fail_msg("the registry is not as after a success: %s", difference);
  photograph_destroy(&now);
}

/* --- what it has taken -------------------------------------------------------------------- */

static BOOL holds_anything(void)
{
  for (int i = 0; i < RESOURCES; i++)
    if (resource_held(i) != 0)
      return TRUE;
  return FALSE;
}

/* A thread of the DLL's own, or of the pool, may be about to give back its last. */
static void check_ledger(const char *failed, LONG n)
{
  for (int i = 0; i < PATIENCE && holds_anything(); i++)
    Sleep(1);
  for (int i = 0; i < RESOURCES; i++)
    if (resource_held(i) != 0)
      fail_msg("after failure %ld, of %s: %ld %s are left", n, failed, resource_held(i),
               resource_names[i]);
}

/* --- one failure ----------------------------------------------------------------------------- */

static const struct scenario *scenario_in_sweep;

static BOOL leaves_in_registry(const char *function)
{
  const struct scenario *const scenario = scenario_in_sweep;

  for (int i = 0; scenario->leaves_in_registry[i].function != NULL; i++)
    if (strcmp(scenario->leaves_in_registry[i].function, function) == 0)
      return TRUE;
  return FALSE;
}

static BOOL is_made_up_for(const struct scenario *scenario, const struct injected_failure *failure)
{
  const struct made_up_for *row = scenario->made_up_for;

  for (; row->function != NULL; row++)
    if (strcmp(row->function, failure->function) == 0 &&
        (strcmp(row->call, failure->call) == 0 || strcmp(row->call, ANY_CALL) == 0))
      return TRUE;
  return failure->came_after_change;
}

/* For documented.h a registry that refuses or is broken is a call of its own. */
static const char *kind_of_call(const char *call)
{
  if (strncmp(call, "Reg", 3) != 0 || strcmp(call, "RegisterWaitForSingleObject") == 0)
    return call;
  return injected_registry_error == ERROR_ACCESS_DENIED ? REGISTRY_ACCESS_DENIED
         : injected_registry_error == ERROR_BADDB       ? REGISTRY_DAMAGED
                                                        : call;
}

static void check_report(const struct scenario *scenario, const struct injected_failure *failure,
                         const struct report *report, int outcome)
{
  if (report->function == NULL ? outcome != 0 : outcome != report->error)
    fail_msg("of failure %s in %s the report was %d, and the outcome %d", failure->call,
             failure->function, report->error, outcome);
  if (!report->by_failed_step && !is_made_up_for(scenario, failure))
    fail_msg("of failure %s in %s there was no report of its own", failure->call,
             failure->function);
  if (report->function != NULL &&
      !is_documented(report->function, kind_of_call(failure->call), report->error))
    fail_msg("of failure %s in %s %s reported %d", failure->call, failure->function,
             report->function, report->error);
}

static void check_outcome(const struct scenario *scenario, int outcome)
{
  const struct injected_failure failure = injection_failure();
  const struct report report = steps_first_report();

  if (failure.call == NULL && outcome != 0)
    fail_msg("nothing failed, and the outcome was %d", outcome);
  if (failure.call == NULL)
    return;
  sum.injected++;
  sum.reported += report.function != NULL;
  check_report(scenario, &failure, &report, outcome);
}

/* Whether there was an n-th call to fail. */
static BOOL run_failing(const struct scenario *scenario, const char *name, LONG n)
{
  const char *failed;
  struct shim shim;
  int error;

  load_anew(scenario, &shim);
  injection_arm(name, n);
  scenario_in_sweep = scenario;
  steps_judge(&shim, leaves_in_registry);
  error = scenario->run(&shim);
  failed = injection_disarm();
  check_outcome(scenario, error);
  steps_end();
  check_state(&shim);
  error = scenario->run(&shim);
  if (error != 0)
    fail_msg("after failure %ld, of %s, the next attempt ended with %d", n, failed, error);
  check_state(&shim);
  check_names_in_registry();
  shim_free(&shim);
  check_ledger(failed, n);
  return failed != NULL;
}

/* --- all of them -------------------------------------------------------------------------------- */

/* The system itself keeps some things from their first use on. */
static size_t handles_when_warm(const struct scenario *scenario)
{
  for (int i = 0; i < 2; i++)
    photograph_success(scenario);
  check_ledger("nothing", 0);
  return open_handles();
}

void sweep_function(const struct scenario *scenario, const char *name)
{
  const LONG reported_before = sum.reported;
  size_t handles;
  LONG n = 1;

  resources_forget();
  prepare_registry(scenario);
  photograph_untouched(scenario);
  handles = handles_when_warm(scenario);
  while (n < MOST_FAILURES && run_failing(scenario, name, n)) {
    const size_t now = open_handles();

    /* Counted by the system, behind the ledger's back. */
    if (now > handles)
      fail_msg("after failure %ld there are %lu handles instead of %lu", n, (unsigned long)now,
               (unsigned long)handles);
    n++;
  }
  print_message("             %ld failures injected, %ld reported\n", n - 1,
                sum.reported - reported_before);
  /* A scenario in which nothing can fail tests nothing. */
  assert_in_range(n, 2, MOST_FAILURES - 1);
}

void sweep(const struct scenario *scenario)
{
  sweep_function(scenario, NULL);
}

int print_sum_of_sweeps(void **state)
{
  own_registry_delete();
  if (injected_unknown_function[0] != 0) {
    print_error("%s is neither injected nor left alone\n", injected_unknown_function);
    return -1;
  }
  print_message("[  SWEPT   ] %ld failures injected: %ld reported, %ld made up for\n", sum.injected,
                sum.reported, sum.injected - sum.reported);
  return sum.injected > 0 ? 0 : -1;
}

int free_what_is_loaded(void **state)
{
  HMODULE module;

  injection_disarm();
  steps_forget();
  injected_registry_error = ERROR_NOT_ENOUGH_MEMORY;
  injected_end_lasting_waits();
  InterlockedExchange(&injected_pins, 0);
  while ((module = GetModuleHandleW(L"ws2spi.dll")) != NULL)
    if (!FreeLibrary(module))
      return -1;
  resources_forget();
  return 0;
}
