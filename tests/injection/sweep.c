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

/* The state of a freshly loaded DLL, and of one in which the scenario has succeeded. */
static struct state_snapshot untouched, finished;
static struct state_snapshot names_when_finished;

static struct state_snapshot snapshot_of(const struct shim *shim)
{
  struct state_snapshot snapshot = {0};

  snapshot_catalog(&snapshot, shim);
  snapshot_process(&snapshot, shim);
  return snapshot;
}

static void replace(struct state_snapshot *snapshot, struct state_snapshot by)
{
  snapshot_destroy(snapshot);
  *snapshot = by;
}

static void load_fresh(const struct scenario *scenario, struct shim *shim)
{
  test_registry_begin();
  numbered_uuids_begin();
  if (scenario->begin != NULL)
    scenario->begin();
  shim_load(shim);
}

/* Makes a catalog that has been changed once, so that it has its base entries. */
static void prepare_registry(const struct scenario *scenario)
{
  WSAPROTOCOL_INFOW entry = plain_entry();
  GUID id = plain_provider_id;
  struct shim shim;
  int error;

  test_registry_delete();
  if (scenario->begins_with_nothing || !is_over_the_registry())
    return;
  shim_load(&shim);
  assert_int_equal(shim.WSCInstallProvider(&id, L"C:\\a.dll", &entry, 1, &error), 0);
  assert_int_equal(shim.WSCDeinstallProvider(&id, &error), 0);
  shim_free(&shim);
  test_registry_keep();
}

static void snapshot_untouched(const struct scenario *scenario)
{
  struct shim shim;

  load_fresh(scenario, &shim);
  replace(&untouched, snapshot_of(&shim));
  shim_free(&shim);
}

/* An empty snapshot would compare as equal. */
static void assert_registry_is_seen(const struct scenario *scenario)
{
  if (is_over_the_registry() && !scenario->begins_with_nothing)
    assert_true(names_when_finished.size > 0);
}

/* Keeps the state before each step of a run without failures, for comparison. */
static void snapshot_success(const struct scenario *scenario)
{
  struct state_snapshot names = {0};
  const char *difference;
  struct shim shim;

  load_fresh(scenario, &shim);
  injection_arm(NULL, 0);
  steps_record(&shim);
  assert_int_equal(scenario->run(&shim), 0);
  steps_end();
  snapshot_registry_names(&names);
  replace(&names_when_finished, names);
  assert_registry_is_seen(scenario);
  replace(&finished, snapshot_of(&shim));
  shim_free(&shim);
  difference = snapshot_difference(&untouched, &finished);
  if (difference != NULL && scenario->leaves_traces == NULL)
    fail_msg("changed by a success: %s", difference);
}

/* A failed scenario may or may not have left the traces of a success. */
static void check_state(const struct shim *shim)
{
  struct state_snapshot now = snapshot_of(shim);
  const char *const difference = snapshot_difference(&untouched, &now);

  if (difference != NULL && snapshot_difference(&finished, &now) != NULL)
    fail_msg("changed by a failure: %s", difference);
  snapshot_destroy(&now);
}

/* The registry has no more names than after one success. */
static void check_names_in_registry(void)
{
  struct state_snapshot now = {0};
  const char *difference;

  snapshot_registry_names(&now);
  difference = snapshot_difference(&names_when_finished, &now);
  if (difference != NULL)
    fail_msg("the registry differs from that after a success: %s", difference);
  snapshot_destroy(&now);
}

/* --- what it has taken -------------------------------------------------------------------- */

static BOOL holds_anything(void)
{
  for (int i = 0; i < RESOURCES; i++)
    if (resource_held(i) != 0)
      return TRUE;
  return FALSE;
}

/* A thread of the DLL or of the pool may be about to release its last resource. */
static void check_ledger(const char *failed, LONG n)
{
  for (int i = 0; i < PATIENCE && holds_anything(); i++)
    Sleep(1);
  for (int i = 0; i < RESOURCES; i++)
    if (resource_held(i) != 0)
      fail_msg("after failure %ld (%s), %ld %s are left", n, failed, resource_held(i),
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

static BOOL is_recovered(const struct scenario *scenario, const struct injected_failure *failure)
{
  const struct recovered *row = scenario->recovered;

  for (; row->function != NULL; row++)
    if (strcmp(row->function, failure->function) == 0 &&
        (strcmp(row->call, failure->call) == 0 || strcmp(row->call, ANY_CALL) == 0))
      return TRUE;
  return failure->came_after_change;
}

/* In the table of failures, a registry that denies access or is damaged is a failed call of its
 * own. */
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
    fail_msg("failure of %s in %s: reported %d, but the outcome is %d", failure->call,
             failure->function, report->error, outcome);
  if (!report->by_failed_step && !is_recovered(scenario, failure))
    fail_msg("failure of %s in %s: not reported by that step", failure->call, failure->function);
  if (report->function != NULL &&
      !is_documented(report->function, kind_of_call(failure->call), report->error))
    fail_msg("failure of %s in %s: %s reported the undocumented %d", failure->call,
             failure->function, report->function, report->error);
}

static void check_outcome(const struct scenario *scenario, int outcome)
{
  const struct injected_failure failure = injection_failure();
  const struct report report = steps_first_report();

  if (failure.call == NULL && outcome != 0)
    fail_msg("nothing failed, but the outcome is %d", outcome);
  if (failure.call == NULL)
    return;
  sum.injected++;
  sum.reported += report.function != NULL;
  check_report(scenario, &failure, &report, outcome);
}

/* Returns whether there was an n-th call to fail. */
static BOOL run_failing(const struct scenario *scenario, const char *name, LONG n)
{
  const char *failed;
  struct shim shim;
  int error;

  load_fresh(scenario, &shim);
  injection_arm(name, n);
  scenario_in_sweep = scenario;
  steps_compare(&shim, leaves_in_registry);
  error = scenario->run(&shim);
  failed = injection_disarm();
  check_outcome(scenario, error);
  steps_end();
  check_state(&shim);
  error = scenario->run(&shim);
  if (error != 0)
    fail_msg("after failure %ld (%s), the next attempt ended with %d", n, failed, error);
  check_state(&shim);
  check_names_in_registry();
  shim_free(&shim);
  check_ledger(failed, n);
  return failed != NULL;
}

/* --- all of them -------------------------------------------------------------------------------- */

/* The system itself keeps some handles from their first use on. */
static size_t handles_when_warm(const struct scenario *scenario)
{
  for (int i = 0; i < 2; i++)
    snapshot_success(scenario);
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
  snapshot_untouched(scenario);
  handles = handles_when_warm(scenario);
  while (n < MOST_FAILURES && run_failing(scenario, name, n)) {
    const size_t now = open_handles();

    /* Counted by the system, which also sees handles that the ledger does not count. */
    if (now > handles)
      fail_msg("after failure %ld, %lu handles are open instead of %lu", n, (unsigned long)now,
               (unsigned long)handles);
    n++;
  }
  print_message("             %ld failures injected, %ld reported\n", n - 1,
                sum.reported - reported_before);
  /* A scenario in which nothing can fail would test nothing. */
  assert_in_range(n, 2, MOST_FAILURES - 1);
}

void sweep(const struct scenario *scenario)
{
  sweep_function(scenario, NULL);
}

int sweep_print_sum(void **state)
{
  test_registry_delete();
  if (injected_unknown_function[0] != 0) {
    print_error("%s is neither injected nor in not_injected.c\n", injected_unknown_function);
    return -1;
  }
  print_message("[  SWEPT   ] %ld failures injected: %ld reported, %ld recovered\n", sum.injected,
                sum.reported, sum.injected - sum.reported);
  return sum.injected > 0 ? 0 : -1;
}

int free_loaded_dll(void **state)
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
