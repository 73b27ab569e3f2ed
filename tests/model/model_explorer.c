/* The explorer itself: each interleaving that it skips must be equivalent to one that it runs.
 * Random small programs are run once in every order and once reduced. Both must find the same
 * set of outcomes. */
#include "support/cmocka_headers.h"

#include "model/threads.h"
#include "model/system_calls.h"
#include "model/memory.h"

#include <stdio.h>

enum { THREADS = 3, STEPS = 3, VARIABLES = 2, PROGRAMS = 150, OUTCOMES = 4096 };

static unsigned seed = 1;
static unsigned char actions[THREADS][STEPS];
static unsigned variables[VARIABLES];
static SRWLOCK lock;
static uint64_t answers[THREADS];

static unsigned random_below(unsigned limit)
{
  seed = seed * 1103515245u + 12345u;
  return (seed >> 16) % limit;
}

/* Reads, writes, adds to a variable, or reads and writes it under a lock. */
static void act(unsigned thread, unsigned action)
{
  unsigned *variable = &variables[action % VARIABLES];
  unsigned seen;

  switch (action / VARIABLES) {
  case 0:
    model_step(STEP_READ, variable, sizeof *variable);
    answers[thread] = answers[thread] * 31 + *variable + 1;
    break;
  case 1:
    model_step(STEP_WRITE, variable, sizeof *variable);
    *variable = thread + 1;
    break;
  case 2:
    model_step(STEP_WRITE, variable, sizeof *variable);
    answers[thread] = answers[thread] * 31 + (*variable)++;
    break;
  default:
    model_acquire_exclusive(&lock);
    model_step(STEP_READ, variable, sizeof *variable);
    seen = *variable;
    model_step(STEP_WRITE, variable, sizeof *variable);
    *variable = seen * 2 + thread;
    model_release_exclusive(&lock);
    break;
  }
}

static void body(unsigned thread)
{
  for (unsigned i = 0; i < STEPS; i++)
    act(thread, actions[thread][i]);
}

static void nothing(void)
{
}

static void deadlock(void)
{
  model_fail(MODEL_DEADLOCK, "a thread waits for ever");
}

struct outcomes {
  uint64_t seen[OUTCOMES];
  size_t count;
  unsigned runs;
};

static void add_outcome(struct outcomes *outcomes)
{
  uint64_t outcome = 0;

  for (unsigned i = 0; i < THREADS; i++)
    outcome = outcome * 1000003 + answers[i];
  for (unsigned i = 0; i < VARIABLES; i++)
    outcome = outcome * 1000003 + variables[i];
  for (size_t i = 0; i < outcomes->count; i++) {
    if (outcomes->seen[i] == outcome)
      return;
  }
  assert_true(outcomes->count < OUTCOMES);
  outcomes->seen[outcomes->count++] = outcome;
}

static void run_all(int interruptions, struct outcomes *outcomes)
{
  const struct thread_program program = {THREADS, body, deadlock, nothing};

  threads_begin();
  explore_begin_program(interruptions);
  outcomes->count = 0;
  outcomes->runs = 0;
  do {
    memory_begin_run();
    system_begin_run();
    memset(variables, 0, sizeof variables);
    memset(answers, 0, sizeof answers);
    assert_int_equal(threads_run(&program), MODEL_RIGHT);
    outcomes->runs++;
    if (!threads_gave_up())
      add_outcome(outcomes);
  } while (explore_next());
}

static bool includes(const struct outcomes *outcomes, uint64_t outcome)
{
  for (size_t i = 0; i < outcomes->count; i++) {
    if (outcomes->seen[i] == outcome)
      return true;
  }
  return false;
}

/* A lock makes four steps of one action. With more than one in a program there are too many
 * orders. */
static void make_program(void)
{
  const unsigned locking = random_below(THREADS * STEPS * 2);

  for (unsigned i = 0; i < THREADS * STEPS; i++)
    actions[i / STEPS][i % STEPS] =
        (unsigned char)(i == locking ? 3 * VARIABLES + random_below(VARIABLES)
                                     : random_below(3 * VARIABLES));
}

static void reduced_exploration_finds_all_outcomes(void **state)
{
  static struct outcomes all;
  static struct outcomes reduced;
  unsigned long runs = 0;
  unsigned long reduced_runs = 0;

  for (unsigned i = 0; i < PROGRAMS; i++) {
    make_program();
    run_all(EXPLORE_ALL, &all);
    run_all(EXPLORE_REDUCED, &reduced);
    runs += all.runs;
    reduced_runs += reduced.runs;
    assert_int_equal(all.count, reduced.count);
    for (size_t k = 0; k < all.count; k++)
      assert_true(includes(&reduced, all.seen[k]));
  }
  print_message("%lu interleavings, reduced to %lu\n", runs, reduced_runs);
  assert_true(reduced_runs < runs / 4);
}

/* Two threads that add 1 without a lock: 20 orders of three steps each. */
static void add_badly(unsigned thread)
{
  unsigned seen;

  (void)thread;
  model_step(STEP_READ, variables, sizeof variables[0]);
  seen = variables[0];
  model_step(STEP_WRITE, variables, sizeof variables[0]);
  variables[0] = seen + 1;
}

static void every_order_is_run_once(void **state)
{
  const struct thread_program program = {2, add_badly, deadlock, nothing};
  unsigned lost = 0;
  unsigned runs = 0;

  threads_begin();
  explore_begin_program(EXPLORE_REDUCED);
  do {
    variables[0] = 0;
    memory_begin_run();
    system_begin_run();
    assert_int_equal(threads_run(&program), MODEL_RIGHT);
    if (threads_gave_up())
      continue;
    runs++;
    lost += variables[0] == 1;
  } while (explore_next());
  assert_int_equal(runs, 4); /* of the six, two and two differ only in the order of the reads */
  assert_int_equal(lost, 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_order_is_run_once),
      cmocka_unit_test(reduced_exploration_finds_all_outcomes),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
