/* The same programs over a blocking core with one step made wrong (mutants.cmake): the model
 * must find it, and call it what it is. */
#include "support/cmocka_headers.h"

#include "model/programs.h"

/* Where it is wrong only with more cancels than places, the programs are those that have them. */
static enum model_failure run(struct tally *tally)
{
#ifdef MODEL_PLACES
  return programs_run_crowded(MODEL_PLACES, tally);
#else
  return programs_run_suite(tally);
#endif
}

static void the_wrong_step_is_found(void **state)
{
  struct tally tally = {0};

  assert_int_equal(run(&tally), MODEL_EXPECTED);
  programs_print("until it was found", &tally);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_wrong_step_is_found),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
