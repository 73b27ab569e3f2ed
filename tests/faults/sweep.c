#include "support/cmocka_headers.h"

#include "faults/sweep.h"

#include <stdlib.h>

enum { MOST_ENTRIES = 16, MOST_ALLOCATIONS = 1000 };

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
  assert_int_not_equal(image->count, SOCKET_ERROR);
}

static void read_untouched_catalog(struct catalog_image *image)
{
  struct heap_watch watch;
  struct shim shim;

  shim_load(&shim, &watch);
  read_catalog(&shim, image);
  shim_free(&shim);
  assert_int_equal(watch.live, 0);
}

static void check_catalog(const struct shim *shim, const struct catalog_image *expected)
{
  struct catalog_image image;

  read_catalog(shim, &image);
  assert_int_equal(image.count, expected->count);
  assert_memory_equal(image.entries, expected->entries, sizeof image.entries);
}

static int is_listed(const struct scenario *scenario, int error)
{
  for (int i = 0; scenario->errors[i] != 0; i++)
    if (scenario->errors[i] == error)
      return 1;
  return 0;
}

static void check_error(const struct scenario *scenario, int error, LONG n)
{
  if (!is_listed(scenario, error))
    fail_msg("allocation %ld failed, and the outcome was %d", n, error);
}

/* Whether there was an n-th allocation to fail. */
static int run_failing(const struct scenario *scenario, const struct catalog_image *untouched,
                       LONG n)
{
  struct heap_watch watch;
  struct shim shim;
  int error;

  shim_load(&shim, &watch);
  watch.fail_after = n;
  error = scenario->run(&shim);
  watch.fail_after = 0;
  if (watch.failed)
    check_error(scenario, error, n);
  else
    assert_int_equal(error, 0);
  check_catalog(&shim, untouched);
  assert_int_equal(scenario->run(&shim), 0);
  shim_free(&shim);
  assert_int_equal(watch.live, 0);
  return watch.failed;
}

void sweep(const struct scenario *scenario)
{
  struct catalog_image untouched;
  LONG n = 1;

  read_untouched_catalog(&untouched);
  while (n < MOST_ALLOCATIONS && run_failing(scenario, &untouched, n))
    n++;
  /* A scenario that allocates nothing tests nothing. */
  assert_in_range(n, 2, MOST_ALLOCATIONS - 1);
}

int error_of_failure(int error)
{
  return error != 0 ? error : WSABASEERR;
}

int free_what_is_loaded(void **state)
{
  HMODULE module;

  (void)state;
  while ((module = GetModuleHandleW(L"ws2spi.dll")) != NULL)
    if (!FreeLibrary(module))
      return -1;
  return 0;
}
