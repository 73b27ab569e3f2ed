/* The blocking core, its own code, where a thread has places for so few cancels that one pushes
 * out another: then a cancel may be forgotten, but never the newest, none of an operation
 * that was not cancelled is made up, and no sleeper is left. */
#include "support/cmocka_headers.h"

#include "model/programs.h"

static void more_cancels_than_places_forget_old_ones_only(void **state)
{
  struct tally tally = {0};

  assert_int_equal(programs_run_crowded(MODEL_PLACES, &tally), MODEL_RIGHT);
  programs_print("model with few places for cancels", &tally);
  assert_true(tally.runs.schedules > 10000);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(more_cancels_than_places_forget_old_ones_only),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
