/* What the blocking core promises, judged from outside: by what its calls answered and by
 * when they began and ended, as with real threads. Nothing is read from its records.
 *
 * A cancel may be of any operation that was current on its thread at some time during the
 * call, and of one only. The answers must fit one choice for each cancel: an operation
 * that was seen cancelled had a cancel that began before, and one that was seen alive had
 * none that had ended before, unless that may have been forgotten: a thread has places for so
 * many cancels only, and the newest is never what has to go. */
#ifndef WS2SPI_TESTS_MODEL_HISTORY_H
#define WS2SPI_TESTS_MODEL_HISTORY_H

#include "model/explore.h"

enum { NO_OPERATION = 0, MODEL_OPERATIONS = 32 };

/* How many cancels a thread of the core under test has places for. */
void history_set_places(unsigned places);

void history_begin_run(void);

/* A call of, or about, the operations of that thread begins, or ends. Returns the time, which
 * tells a beginning from an end: the judgement compares one with the other only, so that two
 * beginnings, or two ends, come to the same in either order. */
unsigned history_call(unsigned thread);
unsigned history_return(unsigned thread);

/* From some time in [began, ended] on the operation is the thread's current one. Or `ended`
 * is not known yet, and history_settle says it. */
enum { NOT_YET = 0xFFFF }; /* an end */
void history_set_current(unsigned thread, unsigned operation, unsigned began, unsigned ended);
void history_settle(unsigned thread, unsigned ended);
unsigned history_current(unsigned thread);

/* A cancel of the current operation of the thread, accepted or refused for want of one. */
void history_cancel(unsigned thread, bool accepted, unsigned began, unsigned ended);

/* The operation was found cancelled, or alive, at some time in [began, ended]. */
void history_observe(unsigned operation, bool cancelled, unsigned began, unsigned ended);

/* Fails the run if no choice fits. */
void history_judge(void);

/* A number for all that the calls answered, and for all that the judgement can ask of when
 * they began and ended, to compare runs by. */
uint64_t history_outcome(void);
void history_note(unsigned thread, unsigned answer);

#endif
