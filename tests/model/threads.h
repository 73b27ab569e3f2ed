/* The threads of a program: fibers of one thread, so that nothing runs but what the
 * explorer has chosen. */
#ifndef WS2SPI_TESTS_MODEL_THREADS_H
#define WS2SPI_TESTS_MODEL_THREADS_H

#include "model/explore.h"

#include <stdnoreturn.h>

enum model_failure {
  MODEL_RIGHT,
  MODEL_LOST,         /* a cancel of a live operation was accepted and did not end it */
  MODEL_MISAPPLIED,   /* an operation was cancelled, and no cancel was meant for it */
  MODEL_ASLEEP,       /* a cancelled wait was not woken */
  MODEL_WRONG_ANSWER, /* a call answered what it must not */
  MODEL_FREED_MEMORY, /* used after it was freed */
  MODEL_RACE,         /* two threads at plain data, not ordered by what the code names */
  MODEL_LEAK,
  MODEL_DEADLOCK,
  MODEL_ENDLESS,
  MODEL_BROKEN, /* the model itself */
};

const char *model_failure_name(enum model_failure failure);

/* Only inside a run. Ends it: the first failure stands. */
noreturn __attribute__((format(__ms_printf__, 2, 3))) void model_fail(enum model_failure failure,
                                                                      const char *format, ...);

/* Steps of the thread that runs. They return when it has been chosen to take it, with the
 * time. */
unsigned model_step(enum step_kind kind, const volatile void *address, size_t size);

/* The thread that runs, or MODEL_THREADS: none, what runs is the model itself. */
unsigned model_running(void);

/* Ends the thread that runs, from any depth. */
noreturn void model_end_thread(void);

/* Once, before everything. */
void threads_begin(void);

struct thread_program {
  unsigned count;
  void (*body)(unsigned thread);
  void (*stalled)(void);  /* none can go on: makes that one can, or fails */
  void (*finished)(void); /* all have ended */
};

/* One run of it. Returns what was found. */
enum model_failure threads_run(const struct thread_program *program);

/* What threads_run found, in words. */
const char *threads_failure_text(void);

/* Whether the run was given up because others come to the same. */
bool threads_gave_up(void);

#endif
