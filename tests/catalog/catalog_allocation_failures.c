/* Every allocation of every catalog call fails in turn, alone or with all that follow. The call
 * then either reports the shortage and has changed nothing, or has succeeded. */
#include "support/cmocka_headers.h"

#include "catalog_changes.h"
#include "catalog_view.h"
#include "support/replaced_imports.h"

enum { MOST_ALLOCATIONS = 2000 };

static unsigned long long digest_after(const struct catalog_call *call)
{
  unsigned long long digest;

  changes_undo();
  assert_int_equal(call->run(), 0);
  digest = changes_digest().content;
  changes_undo();
  return digest;
}

static void assert_all_or_nothing(const struct catalog_call *call, int outcome,
                                  struct catalog_digest before, unsigned long long after)
{
  const struct catalog_digest now = changes_digest();

  if (outcome != 0 && outcome != call->shortage)
    fail_msg("%s: error %d, not %d", call->name, outcome, call->shortage);
  if (outcome == 0 ? now.content != after || !changes_kept_ids(before, now)
                   : now.with_ids != before.with_ids)
    fail_msg("%s: outcome %d, and the catalog does not match it", call->name, outcome);
}

static int starve(const struct catalog_call *call, BOOL lasting)
{
  const unsigned long long after = digest_after(call);

  for (int n = 1; n < MOST_ALLOCATIONS; n++) {
    const struct catalog_digest before = changes_digest();
    BOOL has_failed;
    int outcome;

    memory_fails_at(n, lasting);
    outcome = call->run();
    has_failed = memory_is_back();
    assert_all_or_nothing(call, outcome, before, after);
    changes_undo();
    if (!has_failed)
      return n - 1;
  }
  fail_msg("%s: it never stops allocating", call->name);
  return 0;
}

static void starve_all(BOOL lasting)
{
  int failures = 0;

  for (size_t i = 0; i < CATALOG_CHANGE_COUNT; i++)
    failures += starve(&CATALOG_CHANGES[i], lasting);
  for (size_t i = 0; i < CATALOG_QUERY_COUNT; i++)
    failures += starve(&CATALOG_QUERIES[i], lasting);
  assert_true(failures > 50);
  print_message("             %d failures\n", failures);
}

static void a_single_allocation_failure_changes_nothing(void **state)
{
  starve_all(FALSE);
}

static void persistent_allocation_failure_changes_nothing(void **state)
{
  starve_all(TRUE);
}

/* The first allocation is for the path of the program. */
static void opening_a_catalog_without_memory_fails(void **state)
{
  int error = 0;

  memory_fails_at(1, TRUE);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_DEFAULT, &error), SOCKET_ERROR);
  assert_int_equal(error, WSA_NOT_ENOUGH_MEMORY);
  memory_fails_at(0, FALSE);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_DEFAULT, &error), 0);
}

int main(void)
{
  const struct CMUnitTest first[] = {cmocka_unit_test(opening_a_catalog_without_memory_fails)};
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_single_allocation_failure_changes_nothing),
      cmocka_unit_test(persistent_allocation_failure_changes_nothing),
  };

  start_with_a_fresh_catalog();
  replace_memory();
  return cmocka_run_group_tests(first, NULL, NULL) +
         cmocka_run_group_tests(tests, changes_begin, changes_end);
}
