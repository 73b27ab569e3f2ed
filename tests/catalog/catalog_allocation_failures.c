/* When memory is short in the midst of a call, at each place where it asks for some, once or
 * from there on: the call says so, and the catalog is as before; else it is done. */
#include "support/cmocka_headers.h"

#include "catalog_changes.h"
#include "catalog_view.h"
#include "support/replaced_imports.h"

enum { MOST_ALLOCATIONS = 2000 };

static unsigned long long picture_after(const struct catalog_call *call)
{
  unsigned long long picture;

  changes_undo();
  assert_int_equal(call->run(), 0);
  picture = changes_picture().content;
  changes_undo();
  return picture;
}

static void assert_all_or_nothing(const struct catalog_call *call, int outcome,
                                  struct catalog_picture before, unsigned long long after)
{
  const struct catalog_picture now = changes_picture();

  if (outcome != 0 && outcome != call->shortage)
    fail_msg("%s: error %d, not %d", call->name, outcome, call->shortage);
  if (outcome == 0 ? now.content != after || !changes_kept_ids(before, now)
                   : now.with_ids != before.with_ids)
    fail_msg("%s: outcome %d, and the catalog is not as it says", call->name, outcome);
}

static int starve(const struct catalog_call *call, BOOL lasting)
{
  const unsigned long long after = picture_after(call);

  for (int n = 1; n < MOST_ALLOCATIONS; n++) {
    const struct catalog_picture before = changes_picture();
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
  fail_msg("%s: it asks for memory for ever", call->name);
  return 0;
}

static void starve_all(BOOL lasting)
{
  int failures = 0;

  for (size_t i = 0; i < CATALOG_CHANGE_COUNT; i++)
    failures += starve(&CATALOG_CHANGES[i], lasting);
  for (size_t i = 0; i < CATALOG_QUESTION_COUNT; i++)
    failures += starve(&CATALOG_QUESTIONS[i], lasting);
  assert_true(failures > 50);
  print_message("             %d failures\n", failures);
}

static void one_allocation_fails(void **state)
{
  starve_all(FALSE);
}

static void one_and_all_that_follow_fail(void **state)
{
  starve_all(TRUE);
}

/* The first of all is for the path of the program. */
static void a_catalog_is_not_opened_without_memory(void **state)
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
  const struct CMUnitTest first[] = {cmocka_unit_test(a_catalog_is_not_opened_without_memory)};
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_allocation_fails),
      cmocka_unit_test(one_and_all_that_follow_fail),
  };

  start_with_a_fresh_catalog();
  replace_memory();
  return cmocka_run_group_tests(first, NULL, NULL) +
         cmocka_run_group_tests(tests, changes_begin, changes_end);
}
