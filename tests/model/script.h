/* The calls of each thread of a program, one letter for each call. A letter that does not apply
 * does nothing.
 *
 *   h  sets a hook                       u  removes it
 *   q  a layer queries, which begins an operation
 *   f  the same with bad out pointers, so that it fails
 *   b  the base provider begins a wait and queries
 *   e  ends its innermost wait, because the operation is complete
 *   p  asks whether its innermost wait is cancelled
 *   w  sleeps in it until it is cancelled, or else completed
 *   c  calls the newest operation's callback
 *   C  calls the oldest operation's callback, which continues it
 *   o  like c; the hook cancels
 *   r  like c; the hook runs until cancelled, at most three times
 *   n  like c; the hook cancels, and the provider refuses if it is a layer's
 *   i  like c; the hook makes all calls that must fail inside a hook
 *   x  like c; the hook ends the thread
 *   s  calls the callback with a context of an earlier hook
 *   d  the data arrives for which thread 0 sleeps, or will: its next sleep ends
 *   k  the thread is terminated, outside all calls
 *   |  another thread with the same id begins (after x or k, or a return)
 *   0 to 3  cancels that thread's call */
#ifndef WS2SPI_TESTS_MODEL_SCRIPT_H
#define WS2SPI_TESTS_MODEL_SCRIPT_H

#include "model/threads.h"

struct program {
  const char *scripts[MODEL_THREADS]; /* NULL after the last */
};

struct exploration {
  unsigned long schedules; /* run to their end */
  unsigned long cut_short; /* found to be equivalent to earlier ones */
  unsigned deepest;        /* the steps of the longest schedule */
};

/* Runs all interleavings of the program, as explore_begin_program defines them, and adds to the
 * counts. Stops at the first failure and prints its steps. Calls `seen`, if not NULL, with the
 * outcome of each. */
enum model_failure script_explore(const struct program *program, int interruptions,
                                  struct exploration *counts, void (*seen)(uint64_t outcome));

/* Whether every letter of the script applies. */
bool script_is_applicable(const char *script);

#endif
