/* The threads of a program. They are fibers of one thread, so that only the thread that the
 * explorer has chosen runs. */
#ifndef WS2SPI_TESTS_MODEL_THREADS_H
#define WS2SPI_TESTS_MODEL_THREADS_H

#include "model/explore.h"

#include <stdnoreturn.h>

enum model_failure {
  MODEL_RIGHT,
  MODEL_LOST,         /* a cancel of a live operation succeeded and did not end it */
  MODEL_MISAPPLIED,   /* an operation was cancelled without a cancel of it */
  MODEL_ASLEEP,       /* a cancelled wait was not woken */
  MODEL_WRONG_ANSWER, /* a call returned a wrong result */
  MODEL_FREED_MEMORY, /* memory was used after it was freed */
  MODEL_RACE,         /* two threads accessed plain data in no defined order */
  MODEL_LEAK,
  MODEL_DEADLOCK,
  MODEL_ENDLESS,
  MODEL_BROKEN, /* a mistake of the model itself */
};

const char *model_failure_name(enum model_failure failure);

/* Ends the run; only the first failure counts. To be called inside a run. */
noreturn __attribute__((format(__ms_printf__, 2, 3))) void model_fail(enum model_failure failure,
                                                                      const char *format, ...);

/* Steps of the running thread. They return the time, when the thread has been chosen to take the
 * step. */
unsigned model_step(enum step_kind kind, const volatile void *address, size_t size);

/* The running thread, or MODEL_THREADS if the model itself is running. */
unsigned model_running(void);

/* Ends the running thread, from any depth of calls. */
noreturn void model_end_thread(void);

/* Once, before everything else. */
void threads_begin(void);

struct thread_program {
  unsigned count;
  void (*body)(unsigned thread);
  void (*stalled)(void);  /* no thread can continue: makes one continue, or fails */
  void (*finished)(void); /* all threads have ended */
};

/* Runs it once. Returns the failure. */
enum model_failure threads_run(const struct thread_program *program);

/* The failure of threads_run in words. */
const char *threads_failure_text(void);

/* Whether the run was given up because equivalent ones have been run. */
bool threads_gave_up(void);

#endif
