/* The code of the blocking core through all interleavings of small programs: queries, callbacks,
 * cancels by the own thread and by other threads, waits that begin, nest, sleep and end, hooks that
 * are replaced, threads that end inside a hook or are terminated.
 *
 *   model_blocking                     the programs of the suite
 *   model_blocking LETTERS SCRIPT...   all scripts of the first thread with at most so many
 *                                      letters, with these scripts of the others (script.h):
 *                                      for example 5 0
 *   model_blocking 0 SCRIPT...         this one program */
#include "support/cmocka_headers.h"

#include "model/programs.h"

#include <stdio.h>

static void every_interleaving_is_correct(void **state)
{
  struct tally tally = {0};

  assert_int_equal(programs_run_suite(&tally), MODEL_RIGHT);
  programs_print("model of the blocking core", &tally);
  assert_true(tally.runs.schedules > 400000);
}

/* The letters that a family leaves out do not apply. */
static void scripts_with_letters_that_do_not_apply_are_skipped(void **state)
{
  assert_false(script_is_applicable("hqbcCee"));
  assert_true(script_is_applicable("hqbcCe"));
  assert_false(script_is_applicable("q"));
  assert_false(script_is_applicable("u"));
  assert_false(script_is_applicable("hc"));
  assert_false(script_is_applicable("hqs"));
  assert_true(script_is_applicable("hquhs"));
  assert_false(script_is_applicable("hqxc"));
  assert_true(script_is_applicable("hqx|b"));
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
      cmocka_unit_test(scripts_with_letters_that_do_not_apply_are_skipped),
      cmocka_unit_test(every_interleaving_is_correct),
  };

  if (count > 2)
    return run_by_argument(count, arguments);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
