/* The same programs over a blocking core with one wrong step (mutants.cmake). The model must
 * find it and report the right failure. */
#include "support/cmocka_headers.h"

#include "model/programs.h"

/* If only more cancels than places make the mistake visible, the programs are those with many
 * cancels. */
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
