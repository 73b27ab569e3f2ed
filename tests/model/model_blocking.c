/* The blocking core, its own code, through all interleavings of small programs: queries,
 * callbacks, cancels of the thread's own and of other threads, waits that begin, nest,
 * sleep and end, hooks that change, threads that end inside a hook or are terminated.
 *
 *   model_blocking                     what the suite runs
 *   model_blocking LETTERS SCRIPT...   all scripts of the first thread with up to so many letters,
 *                                      against these of the others (script.h), for example 5 0
 *   model_blocking 0 SCRIPT...         this one program */
#include "support/cmocka_headers.h"

#include "model/programs.h"

#include <stdio.h>

static void every_interleaving_keeps_the_promises(void **state)
{
  struct tally tally = {0};

  assert_int_equal(programs_run_suite(&tally), MODEL_RIGHT);
  programs_print("model of the blocking core", &tally);
  assert_true(tally.runs.schedules > 400000);
}

/* Each letter that a family leaves out is one that cannot apply. */
static void scripts_that_make_no_sense_are_left_out(void **state)
{
  assert_false(script_makes_sense("hqbcCee"));
  assert_true(script_makes_sense("hqbcCe"));
  assert_false(script_makes_sense("q"));
  assert_false(script_makes_sense("u"));
  assert_false(script_makes_sense("hc"));
  assert_false(script_makes_sense("hqs"));
  assert_true(script_makes_sense("hquhs"));
  assert_false(script_makes_sense("hqxc"));
  assert_true(script_makes_sense("hqx|b"));
}

static int run_by_argument(int count, char **arguments)
{
  struct family family = {all_letters, (unsigned)atoi(arguments[1]), {NULL}};
  struct program one = {{NULL}};
  struct tally tally = {0};
  enum model_failure failure;

  for (int i = 2; i < count && i < 2 + MODEL_THREADS; i++) {
    one.scripts[i - 2] = arguments[i];
    if (i < 1 + MODEL_THREADS)
      family.others[i - 2] = arguments[i];
  }
  if (family.longest == 0) {
    tally.programs = 1;
    failure = script_explore(&one, EXPLORE_REDUCED, &tally.runs, NULL);
  } else {
    failure = programs_run_family(&family, &tally);
  }
  programs_print(model_failure_name(failure), &tally);
  return failure != MODEL_RIGHT;
}

int main(int count, char **arguments)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(scripts_that_make_no_sense_are_left_out),
      cmocka_unit_test(every_interleaving_keeps_the_promises),
  };

  if (count > 2)
    return run_by_argument(count, arguments);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
