#include "support/cmocka_headers.h"

#include "faults/sweep.h"

#include "faults/injected.h"
#include "faults/injection.h"
#include "faults/own_registry.h"
#include "support/process_resources.h"

#include <stdlib.h>

enum { MOST_ENTRIES = 16, MOST_FAILURES = 3000, BASE_TCP = 1001, PATIENCE = 2000 };

static struct {
  LONG injected;
  LONG reported;
} sum;

/* --- the state, as a program sees it ----------------------------------------------------- */

struct catalog_image {
  int count;
  WSAPROTOCOL_INFOW entries[MOST_ENTRIES];
};

static void read_catalog(const struct shim *shim, struct catalog_image *image)
{
  DWORD bytes = sizeof image->entries;
  int error;

  memset(image, 0, sizeof *image);
  image->count = shim->WSCEnumProtocols(NULL, image->entries, &bytes, &error);
  if (image->count == SOCKET_ERROR)
    fail_msg("the catalog cannot be read any more: %d", error);
}

static void read_untouched_catalog(struct catalog_image *image)
{
  struct shim shim;

  shim_load(&shim);
  read_catalog(&shim, image);
  shim_free(&shim);
}

static void check_catalog(const struct shim *shim, const struct catalog_image *expected)
{
  struct catalog_image image;

  read_catalog(shim, &image);
  assert_int_equal(image.count, expected->count);
  assert_memory_equal(image.entries, expected->entries, sizeof image.entries);
}

static void check_that_nothing_is_started(const struct shim *shim,
                                          const struct catalog_image *image)
{
  int error;

  for (int i = 0; i < image->count; i++) {
    error = 0;
    assert_int_equal(shim->Ws2SpiStopProvider(image->entries[i].dwCatalogEntryId, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEINVAL);
  }
}

/* No hook, no callback, no operation. */
static void check_thread(const struct shim *shim)
{
  LPBLOCKINGCALLBACK callback = (LPBLOCKINGCALLBACK)(void *)shim;
  DWORD_PTR context = 1;
  int error = 1;

  assert_false(shim->WSAIsBlocking());
  assert_int_equal(shim->Ws2SpiCancelBlockingCall(GetCurrentThreadId(), &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  if (shim->WPUQueryBlockingCallback(BASE_TCP, &callback, &context, &error) == 0)
    assert_null(callback);
  else
    assert_int_equal(error, WSANOTINITIALISED);
}

static void check_state(const struct shim *shim, const struct catalog_image *untouched)
{
  check_catalog(shim, untouched);
  check_that_nothing_is_started(shim, untouched);
  check_thread(shim);
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

static BOOL is_listed(const struct scenario *scenario, int error)
{
  for (int i = 0; scenario->errors[i] != 0; i++)
    if (scenario->errors[i] == error)
      return TRUE;
  return FALSE;
}

static BOOL is_tolerated(const struct scenario *scenario, const char *failed)
{
  for (int i = 0; scenario->tolerated[i] != NULL; i++)
    if (strcmp(scenario->tolerated[i], failed) == 0 ||
        strcmp(scenario->tolerated[i], ANY_CALL) == 0)
      return TRUE;
  return injection_came_after_change() || injected_may_be_tolerated(failed);
}

static void check_outcome(const struct scenario *scenario, const char *failed, int error, LONG n)
{
  if (failed == NULL && error != 0)
    fail_msg("nothing failed, and the outcome was %d", error);
  if (failed == NULL)
    return;
  sum.injected++;
  sum.reported += error != 0;
  if (error == 0 ? !is_tolerated(scenario, failed) : !is_listed(scenario, error))
    fail_msg("failure %ld, of %s, and the outcome was %d", n, failed, error);
}

/* Whether there was an n-th call to fail. */
static BOOL run_failing(const struct scenario *scenario, const struct catalog_image *untouched,
                        const char *name, LONG n)
{
  const char *failed;
  struct shim shim;
  int error;

  shim_load(&shim);
  injection_arm(name, n);
  error = scenario->run(&shim);
  failed = injection_disarm();
  check_outcome(scenario, failed, error, n);
  check_state(&shim, untouched);
  error = scenario->run(&shim);
  if (error != 0)
    fail_msg("after failure %ld, of %s, the next attempt ended with %d", n, failed, error);
  check_state(&shim, untouched);
  shim_free(&shim);
  check_ledger(failed, n);
  return failed != NULL;
}

/* --- all of them -------------------------------------------------------------------------------- */

/* The system itself keeps some things from their first use on. */
static size_t handles_when_warm(const struct scenario *scenario)
{
  struct shim shim;

  for (int i = 0; i < 2; i++) {
    shim_load(&shim);
    assert_int_equal(scenario->run(&shim), 0);
    shim_free(&shim);
  }
  check_ledger("nothing", 0);
  return open_handles();
}

void sweep_function(const struct scenario *scenario, const char *name)
{
  const LONG reported_before = sum.reported;
  struct catalog_image untouched;
  size_t handles;
  LONG n = 1;

  resources_forget();
  read_untouched_catalog(&untouched);
  handles = handles_when_warm(scenario);
  while (n < MOST_FAILURES && run_failing(scenario, &untouched, name, n)) {
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
  (void)state;
  print_message("[  SWEPT   ] %ld failures injected: %ld reported, %ld made up for\n", sum.injected,
                sum.reported, sum.injected - sum.reported);
  return sum.injected > 0 ? 0 : -1;
}

int error_of_failure(int error)
{
  return error != 0 ? error : WSABASEERR;
}

int free_what_is_loaded(void **state)
{
  HMODULE module;

  (void)state;
  injection_disarm();
  injected_end_lasting_waits();
  InterlockedExchange(&injected_pins, 0);
  while ((module = GetModuleHandleW(L"ws2spi.dll")) != NULL)
    if (!FreeLibrary(module))
      return -1;
  resources_forget();
  return 0;
}
