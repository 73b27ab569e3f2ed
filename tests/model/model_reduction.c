/* The interleavings that the explorer skips in programs of the blocking core. All interleavings,
 * run without any knowledge of dependence, must have no outcome that the reduced ones lack, in
 * the results of calls and in all comparisons of times that the judgement can make. There are
 * too many of them, so these are only those with a limited number of interruptions. */
#include "support/cmocka_headers.h"

#include "model/script.h"

#include <stdio.h>

/* Defined as 1 for an explorer that treats dependent steps as independent (mutants.cmake). */
#ifndef MODEL_MISSES
#define MODEL_MISSES 0
#endif

enum { OUTCOMES = 4096 };

struct outcomes {
  uint64_t seen[OUTCOMES];
  size_t count;
};

static struct outcomes *being_collected;

static bool includes(const struct outcomes *outcomes, uint64_t outcome)
{
  for (size_t i = 0; i < outcomes->count; i++) {
    if (outcomes->seen[i] == outcome)
      return true;
  }
  return false;
}

static void collect(uint64_t outcome)
{
  if (includes(being_collected, outcome))
    return;
  assert_true(being_collected->count < OUTCOMES);
  being_collected->seen[being_collected->count++] = outcome;
}

static unsigned long run(const struct program *program, int interruptions,
                         struct outcomes *outcomes)
{
  struct exploration counts = {0};

  outcomes->count = 0;
  being_collected = outcomes;
  assert_int_equal(script_explore(program, interruptions, &counts, collect), MODEL_RIGHT);
  return counts.schedules;
}

/* The number of outcomes that the reduced interleavings lack. */
static unsigned compare(const struct program *program, int interruptions)
{
  static struct outcomes reduced;
  static struct outcomes all;
  const unsigned long enough = run(program, EXPLORE_REDUCED, &reduced);
  const unsigned long runs = run(program, interruptions, &all);
  unsigned missing = 0;

  for (size_t i = 0; i < all.count; i++)
    missing += !includes(&reduced, all.seen[i]);
  printf("%-8s %-4s %-4s %7lu interleavings with %3u outcomes; %4lu reduced with %3u; "
         "%u missing\n",
         program->scripts[0], program->scripts[1],
         program->scripts[2] != NULL ? program->scripts[2] : "", runs, (unsigned)all.count, enough,
         (unsigned)reduced.count, missing);
  assert_true(all.count > 1 && enough < runs);
  return missing;
}

static void reduced_and_full_exploration_find_the_same_outcomes(void **state)
{
  static const struct {
    struct program program;
    int interruptions;
  } programs[] = {
      {{{"bwebw", "0", "d"}}, 2}, {{{"hk", "0"}}, 5},     {{{"hqc", "0"}}, 3},
      {{{"bw", "0", "d"}}, 2},    {{{"hqco", "0"}}, 3},   {{{"hqbwec", "0"}}, 3},
      {{{"hqc", "00"}}, 3},       {{{"bbk|bw", "0"}}, 3}, {{{"hqx|hqc", "0"}}, 3},
      {{{"hqc1", "hqc0"}}, 2},

  };
  unsigned missing = 0;

  for (size_t i = 0; i < sizeof programs / sizeof programs[0] && missing == 0; i++)
    missing += compare(&programs[i].program, programs[i].interruptions);
  assert_int_equal(missing > 0, MODEL_MISSES);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reduced_and_full_exploration_find_the_same_outcomes),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
