/* Runs a program of a few threads through all its interleavings, one at a time.
 *
 * Each thread stops before each step that another thread could notice (an atomic
 * access, a lock, an event, memory given back, the start and the end of a call), and the
 * explorer says which thread goes next. Of interleavings that differ only in the
 * order of steps that do not touch the same thing it runs one: source sets with
 * sleep sets (Abdulla, Aronis, Jonsson, Sagonas, "Optimal dynamic partial order
 * reduction", 2014). Steps are interleaved as if memory were sequentially
 * consistent; whether the memory orders that the code names suffice for its plain data is
 * asked separately, in memory.h. */
#ifndef WS2SPI_TESTS_MODEL_EXPLORE_H
#define WS2SPI_TESTS_MODEL_EXPLORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MODEL_THREADS = 4, MODEL_STEPS = 1500 };

typedef uint16_t model_clock[MODEL_THREADS]; /* of each thread, how many steps */

enum step_kind {
  STEP_START,
  STEP_READ,
  STEP_WRITE, /* also read and write in one, events, and memory given back */
  STEP_WAIT,  /* for an event; may have to wait */
  STEP_ACQUIRE_SHARED,
  STEP_ACQUIRE_EXCLUSIVE,
  STEP_RELEASE_SHARED,
  STEP_RELEASE_EXCLUSIVE,
  STEP_CALL, /* a call begins, one ends: their order is what the history is judged by */
  STEP_RETURN,
  STEP_END,
};

struct step {
  enum step_kind kind;
  uintptr_t address;
  size_t size;
};

enum choice { CHOICE_NONE = -1, CHOICE_SLEEPS = -2 };

/* Forgets all, for a new program. EXPLORE_REDUCED: of interleavings that come to the same one
 * is run. Else, to compare with, every interleaving in which a thread that could go on has to
 * let another go first at most so many times, whatever depends on what. */
enum { EXPLORE_REDUCED = -1, EXPLORE_ALL = MODEL_STEPS };
void explore_begin_program(int interruptions);

/* Back to the first step, with the choices that explore_next made. */
void explore_begin_run(void);

/* The step that the thread stands before. */
void explore_announce(unsigned thread, struct step step);

/* Which thread takes its step now; `running` if that is as good as another. CHOICE_NONE: no
 * thread can go on. CHOICE_SLEEPS: all that can have been run in another order that
 * comes to the same. */
int explore_choose(unsigned running);

/* The thread takes the step that it announced. Returns the time: steps so far. */
unsigned explore_take(unsigned thread);
unsigned explore_time(void);

/* What was done at that time: a step of a thread's, the same in every interleaving that
 * comes to the same. */
uint32_t explore_identity(unsigned time);

/* Whatever comes now comes after all that was. */
void explore_barrier(void);

/* False if all interleavings of the program have been run. */
bool explore_next(void);

void explore_print(void);

#endif
