/* The code of the blocking core, with places for so few cancels that one replaces another. A
 * cancel may then be forgotten, but never the newest; no operation is cancelled without a
 * cancel, and no wait sleeps on. */
#include "support/cmocka_headers.h"

#include "model/programs.h"

static void cancels_beyond_the_limit_replace_old_ones_only(void **state)
{
  struct tally tally = {0};

  assert_int_equal(programs_run_crowded(MODEL_PLACES, &tally), MODEL_RIGHT);
  programs_print("model with few places for cancels", &tally);
  assert_true(tally.runs.schedules > 10000);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cancels_beyond_the_limit_replace_old_ones_only),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
