/* Runs a program of a few threads through all its interleavings, one after another. Each thread
 * stops before each step that another thread could notice: an atomic access, a lock, an event,
 * the freeing of memory, the start and the end of a call. The explorer chooses the thread that
 * continues. If interleavings differ only in the order of independent steps, it runs one of
 * them: source sets with sleep sets (Abdulla, Aronis, Jonsson, Sagonas, "Optimal dynamic partial
 * order reduction", 2014). Steps are interleaved as if memory were sequentially consistent.
 * Whether the memory orders in the code suffice for its plain data is checked separately, in
 * memory.h. */
#ifndef WS2SPI_TESTS_MODEL_EXPLORE_H
#define WS2SPI_TESTS_MODEL_EXPLORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MODEL_THREADS = 4, MODEL_STEPS = 1500 };

typedef uint16_t model_clock[MODEL_THREADS]; /* the number of steps of each thread */

enum step_kind {
  STEP_START,
  STEP_READ,
  STEP_WRITE, /* also for a read and a write in one step, for events, and for freeing memory */
  STEP_WAIT,  /* for an event; may have to wait */
  STEP_ACQUIRE_SHARED,
  STEP_ACQUIRE_EXCLUSIVE,
  STEP_RELEASE_SHARED,
  STEP_RELEASE_EXCLUSIVE,
  STEP_CALL, /* the beginning and the end of a call, whose order the history uses */
  STEP_RETURN,
  STEP_END,
};

struct step {
  enum step_kind kind;
  uintptr_t address;
  size_t size;
};

enum choice { CHOICE_NONE = -1, CHOICE_SLEEPS = -2 };

/* Forgets everything, for a new program. EXPLORE_REDUCED runs one of each set of equivalent
 * interleavings. Otherwise the explorer runs, for comparison, every interleaving in which a
 * thread that could continue is interrupted at most so many times, whether steps depend on each
 * other or not. */
enum { EXPLORE_REDUCED = -1, EXPLORE_ALL = MODEL_STEPS };
void explore_begin_program(int interruptions);

/* Goes back to the first step, with the choices that explore_next made. */
void explore_begin_run(void);

/* The step that the thread will take next. */
void explore_announce(unsigned thread, struct step step);

/* The thread that takes its step now; `running` if that is as good as another. CHOICE_NONE: no
 * thread can continue. CHOICE_SLEEPS: an equivalent of everything that could follow has been run
 * already. */
int explore_choose(unsigned running);

/* The thread takes the step that it announced. Returns the time, that is, the number of steps so
 * far. */
unsigned explore_take(unsigned thread);
unsigned explore_time(void);

/* A number for the step taken at that time: the same for the same step of a thread in all
 * equivalent interleavings. */
uint32_t explore_identity(unsigned time);

/* All later events come after all earlier ones. */
void explore_barrier(void);

/* False if all interleavings of the program have been run. */
bool explore_next(void);

void explore_print(void);

#endif
