/* What each thread of a program does, a letter for each call. A letter that cannot apply
 * does nothing.
 *
 *   h  sets a hook                       u  removes it
 *   q  a layer queries: an operation begins
 *   f  the same with bad out pointers, so that it fails
 *   b  the base provider begins a wait, and queries
 *   e  ends its innermost wait: the operation is complete
 *   p  asks whether its innermost wait is cancelled
 *   w  sleeps in it until it is cancelled, or else completed
 *   c  the newest operation's callback   C  the oldest one's: it goes on
 *   o  the same as c; the hook cancels   r  the hook runs again until cancelled, thrice at most
 *   n  the hook cancels, and the provider refuses if it is a layer's
 *   i  the hook calls back into all that must refuse
 *   x  the hook ends the thread          s  the callback with a context of an earlier hook
 *   d  what thread 0 waits for arrives, or would be waited for: its next sleep ends
 *   k  the thread is terminated, outside all calls
 *   |  another thread with the same id begins (after x or k, or a return)
 *   0 to 3  cancels that thread's call */
#ifndef WS2SPI_TESTS_MODEL_SCRIPT_H
#define WS2SPI_TESTS_MODEL_SCRIPT_H

#include "model/threads.h"

struct program {
  const char *scripts[MODEL_THREADS]; /* NULL behind the last */
};

struct exploration {
  unsigned long schedules; /* run to the end */
  unsigned long cut_short; /* that turned out to come to what had been run */
  unsigned deepest;        /* steps of the longest schedule */
};

/* All interleavings of the program, as explore_begin_program has it, added to the counts.
 * Stops at the first failure, and prints how it came about. `seen`, if not NULL, is told the
 * outcome of each. */
enum model_failure script_explore(const struct program *program, int interruptions,
                                  struct exploration *counts, void (*seen)(uint64_t outcome));

/* Whether each letter applies. */
bool script_makes_sense(const char *script);

#endif
