/* Judges whether the blocking core keeps its promises from the outside, by the results of its calls
 * and the times at which they began and ended, as in a real program. It does not read the core's
 * records.
 *
 * A cancel cancels exactly one operation, which was current on its thread at some time during
 * the call. The results must fit one choice of an operation for each cancel. An operation that
 * was seen cancelled had a cancel that began earlier. An operation that was seen alive had no
 * cancel that ended earlier, unless the cancel may have been forgotten: a thread has places for
 * a limited number of cancels, and the newest is never dropped. */
#ifndef WS2SPI_TESTS_MODEL_HISTORY_H
#define WS2SPI_TESTS_MODEL_HISTORY_H

#include "model/explore.h"

enum { NO_OPERATION = 0, MODEL_OPERATIONS = 32 };

/* The number of cancels for which a thread of the core under test has places. */
void history_set_places(unsigned places);

void history_begin_run(void);

/* The beginning and the end of a call about the operations of that thread. They return the time.
 * The judgement compares only beginnings with ends, so two beginnings, or two ends, may be
 * exchanged. */
unsigned history_call(unsigned thread);
unsigned history_return(unsigned thread);

/* The operation is the current one of the thread from some time in [began, ended] on. If `ended`
 * is not known yet, history_settle sets it. */
enum { NOT_YET = 0xFFFF }; /* an end */
void history_set_current(unsigned thread, unsigned operation, unsigned began, unsigned ended);
void history_settle(unsigned thread, unsigned ended);
unsigned history_current(unsigned thread);

/* A cancel of the thread's current operation, which succeeded, or failed because there was none. */
void history_cancel(unsigned thread, bool accepted, unsigned began, unsigned ended);

/* The operation was found cancelled or alive at some time in [began, ended]. */
void history_observe(unsigned operation, bool cancelled, unsigned began, unsigned ended);

/* Fails the run if no choice fits. */
void history_judge(void);

/* A hash of all results, and of all comparisons of times that the judgement can make, by which
 * runs are compared. */
uint64_t history_outcome(void);
void history_note(unsigned thread, unsigned answer);

#endif
