#include "model/threads.h"

#include <stdarg.h>
#include <stdio.h>
#include <windows.h>

enum { STACK = 64 * 1024, MAIN = MODEL_THREADS };

typedef void *jump_target[5]; /* the compiler's own setjmp, which does not unwind */

static void *fibers[MODEL_THREADS + 1];
static jump_target home[MODEL_THREADS + 1];
static bool is_done[MODEL_THREADS];
static unsigned running = MAIN;
static const struct thread_program *program;
static bool ending; /* every thread returns without another step */
static bool gave_up;
static enum model_failure failure;
static char failure_text[200];

const char *model_failure_name(enum model_failure failed)
{
  static const char *const names[] = {"right",
                                      "a cancel was lost",
                                      "a cancel reached another operation",
                                      "not woken",
                                      "a wrong answer",
                                      "used after free",
                                      "a data race",
                                      "a leak",
                                      "a deadlock",
                                      "without end",
                                      "the model is broken"};

  return names[failed];
}

const char *threads_failure_text(void)
{
  return failure_text;
}

bool threads_gave_up(void)
{
  return gave_up;
}

unsigned model_running(void)
{
  return running;
}

static void switch_to(unsigned thread)
{
  running = thread;
  SwitchToFiber(fibers[thread]);
}

static void go_on(unsigned from)
{
  const int next = explore_choose(from);

  switch_to(next < 0 ? MAIN : (unsigned)next);
}

noreturn void model_end_thread(void)
{
  __builtin_longjmp(home[running], 1);
}

noreturn void model_fail(enum model_failure failed, const char *format, ...)
{
  va_list arguments;

  if (failure == MODEL_RIGHT) {
    failure = failed;
    va_start(arguments, format);
    vsnprintf(failure_text, sizeof failure_text, format, arguments);
    va_end(arguments);
  }
  ending = true;
  __builtin_longjmp(home[running], 1);
}

static void wait_to_be_chosen(void)
{
  const unsigned self = running;
  const int next = explore_choose(self);

  if (next != (int)self)
    switch_to(next < 0 ? MAIN : (unsigned)next);
  if (ending)
    model_end_thread();
}

unsigned model_step(enum step_kind kind, const volatile void *address, size_t size)
{
  const struct step step = {kind, (uintptr_t)address, size};

  if (running == MAIN)
    return explore_time();
  explore_announce(running, step);
  wait_to_be_chosen();
  return explore_take(running);
}

/* A function of its own, since setjmp and longjmp must not be in the same one. */
static __attribute__((noinline)) void run_body(unsigned self)
{
  if (__builtin_setjmp(home[self]) == 0 && !ending) {
    explore_take(self);
    program->body(self);
  }
}

static void CALLBACK live(void *parameter)
{
  const unsigned self = (unsigned)(uintptr_t)parameter;

  for (;;) {
    const struct step end = {STEP_END, 0, 0};

    run_body(self);
    is_done[self] = true;
    explore_announce(self, end);
    if (ending)
      switch_to(MAIN);
    else
      go_on(self);
  }
}

void threads_begin(void)
{
  if (fibers[MAIN] != NULL)
    return;
  fibers[MAIN] = ConvertThreadToFiber(NULL);
  for (unsigned i = 0; i < MODEL_THREADS; i++)
    fibers[i] = CreateFiber(STACK, live, (void *)(uintptr_t)i);
}

static bool all_done(void)
{
  for (unsigned i = 0; i < program->count; i++) {
    if (!is_done[i])
      return false;
  }
  return true;
}

static void send_home(void)
{
  ending = true;
  for (unsigned i = 0; i < program->count; i++) {
    if (!is_done[i])
      switch_to(i);
  }
}

static void run_all(void)
{
  for (;;) {
    const int next = explore_choose(MAIN);

    if (next >= 0) {
      switch_to((unsigned)next);
    } else if (next == CHOICE_SLEEPS) {
      gave_up = true;
      return;
    } else if (all_done()) {
      program->finished();
      return;
    } else {
      explore_barrier();
      program->stalled();
    }
    if (ending)
      return;
  }
}

static __attribute__((noinline)) void run_until_failure(void)
{
  if (__builtin_setjmp(home[MAIN]) == 0)
    run_all();
}

enum model_failure threads_run(const struct thread_program *what)
{
  const struct step start = {STEP_START, 0, 0};

  program = what;
  ending = false;
  gave_up = false;
  failure = MODEL_RIGHT;
  explore_begin_run();
  for (unsigned i = 0; i < program->count; i++) {
    is_done[i] = false;
    explore_announce(i, start);
  }
  run_until_failure();
  send_home();
  running = MAIN;
  return failure;
}
