#include "model/history.h"

#include "model/threads.h"

#include <string.h>

enum { SPANS = 64, CANCELS_SEEN = 8, OBSERVATIONS = 64, MANY = CANCELS_SEEN };

struct span { /* a time during which an operation, or none, was current */
  unsigned thread;
  unsigned operation;
  unsigned from; /* the earliest time */
  unsigned to;   /* the latest time */
};

struct cancel {
  unsigned operations[MODEL_OPERATIONS]; /* any of these */
  unsigned count;
  unsigned began;
  unsigned ended;
};

struct observation {
  unsigned operation;
  bool cancelled;
  unsigned began;
  unsigned ended;
};

static unsigned places = MANY;
static struct span spans[SPANS];
static unsigned span_count;
static unsigned current_span[MODEL_THREADS];
static unsigned span_before[MODEL_THREADS];
static struct cancel cancels[CANCELS_SEEN];
static unsigned cancel_count;
static struct observation observations[OBSERVATIONS];
static unsigned observation_count;
static uint64_t outcome[MODEL_THREADS];
static char call_places[MODEL_THREADS];

static void add_span(unsigned thread, unsigned operation, unsigned from)
{
  if (span_count == SPANS)
    model_fail(MODEL_BROKEN, "too many changes of the current operation");
  span_before[thread] = current_span[thread];
  current_span[thread] = span_count;
  spans[span_count++] = (struct span){thread, operation, from, NOT_YET};
}

void history_set_places(unsigned count)
{
  places = count;
}

void history_begin_run(void)
{
  span_count = 0;
  cancel_count = 0;
  observation_count = 0;
  memset(outcome, 0, sizeof outcome);
  for (unsigned i = 0; i < MODEL_THREADS; i++) {
    current_span[i] = span_count;
    add_span(i, NO_OPERATION, 0);
  }
}

/* The low bit is set for an end and clear for a beginning. */
enum { END = 1 };

unsigned history_call(unsigned thread)
{
  return model_step(STEP_CALL, &call_places[thread], 1) * 2;
}

unsigned history_return(unsigned thread)
{
  return model_step(STEP_RETURN, &call_places[thread], 1) * 2 + END;
}

/* The explorer treats two beginnings of calls about one thread as independent, and two ends
 * (are_dependent in explore.c). That is right because every comparison of times is made here.
 * Calls about different threads are never compared: a cancel is about the spans and operations
 * of its victim, and an observation is about an operation of its thread. */
static bool is_before(unsigned a, unsigned b)
{
  if (((a ^ b) & END) == 0)
    model_fail(MODEL_BROKEN, "the order of two beginnings, or of two ends, was used");
  return a < b;
}

unsigned history_current(unsigned thread)
{
  return spans[current_span[thread]].operation;
}

void history_set_current(unsigned thread, unsigned operation, unsigned began, unsigned ended)
{
  if (history_current(thread) == operation)
    return;
  spans[current_span[thread]].to = ended;
  add_span(thread, operation, began);
}

void history_settle(unsigned thread, unsigned ended)
{
  if (spans[span_before[thread]].to == NOT_YET && span_before[thread] != current_span[thread])
    spans[span_before[thread]].to = ended;
}

/* The current span may end while other calls are still running, so this is done after all calls
 * have ended. */
struct pending_cancel {
  unsigned thread;
  bool accepted;
  unsigned began;
  unsigned ended;
};

static struct pending_cancel pending[CANCELS_SEEN];

void history_cancel(unsigned thread, bool accepted, unsigned began, unsigned ended)
{
  history_note(model_running(), accepted);
  if (cancel_count == CANCELS_SEEN)
    model_fail(MODEL_BROKEN, "too many cancels");
  pending[cancel_count++] = (struct pending_cancel){thread, accepted, began, ended};
}

void history_observe(unsigned operation, bool cancelled, unsigned began, unsigned ended)
{
  history_note(model_running(), 2u + cancelled);
  if (observation_count == OBSERVATIONS)
    model_fail(MODEL_BROKEN, "too many observations");
  observations[observation_count++] = (struct observation){operation, cancelled, began, ended};
}

/* --- the judgement ------------------------------------------------------------------ */

static bool was_current(const struct span *span, const struct pending_cancel *cancel)
{
  return span->thread == cancel->thread && is_before(span->from, cancel->ended) &&
         is_before(cancel->began, span->to);
}

static bool has(const struct cancel *cancel, unsigned operation)
{
  for (unsigned i = 0; i < cancel->count; i++) {
    if (cancel->operations[i] == operation)
      return true;
  }
  return false;
}

static void find_operations(const struct pending_cancel *from, struct cancel *cancel)
{
  bool could_be_none = false;

  cancel->count = 0;
  cancel->began = from->began;
  cancel->ended = from->ended;
  for (unsigned i = 0; i < span_count; i++) {
    if (!was_current(&spans[i], from))
      continue;
    if (spans[i].operation == NO_OPERATION)
      could_be_none = true;
    else if (from->accepted && !has(cancel, spans[i].operation))
      cancel->operations[cancel->count++] = spans[i].operation;
  }
  if (from->accepted && cancel->count == 0)
    model_fail(MODEL_MISAPPLIED, "a cancel succeeded, but no operation was current");
  if (!from->accepted && !could_be_none)
    model_fail(MODEL_LOST, "a cancel failed, but an operation was current");
}

/* Whether so many other cancels of the thread's operations can have been recorded that no place
 * was left, one of them after this cancel. */
static bool may_be_forgotten(unsigned cancel, const struct observation *seen,
                             const unsigned *choice)
{
  unsigned others = 0;
  bool a_later_one = false;

  for (unsigned i = 0; i < cancel_count; i++) {
    if (cancels[i].count == 0 || pending[i].thread != pending[cancel].thread ||
        cancels[i].operations[choice[i]] == seen->operation ||
        !is_before(cancels[i].began, seen->ended))
      continue;
    others++;
    if (is_before(cancels[cancel].began, cancels[i].ended))
      a_later_one = true;
  }
  return a_later_one && others >= places;
}

/* Tries each choice of one operation for each cancel. */
static bool explains(const struct observation *seen, const unsigned *choice)
{
  bool cancelled = false;

  for (unsigned i = 0; i < cancel_count; i++) {
    if (cancels[i].count == 0 || cancels[i].operations[choice[i]] != seen->operation)
      continue;
    if (!seen->cancelled && is_before(cancels[i].ended, seen->began) &&
        !may_be_forgotten(i, seen, choice))
      return false;
    if (is_before(cancels[i].began, seen->ended))
      cancelled = true;
  }
  return cancelled || !seen->cancelled;
}

static bool fits(const unsigned *choice, bool only_the_cancelled)
{
  for (unsigned i = 0; i < observation_count; i++) {
    if (only_the_cancelled && !observations[i].cancelled)
      continue;
    if (!explains(&observations[i], choice))
      return false;
  }
  return true;
}

static bool some_choice_fits(unsigned *choice, unsigned cancel, bool only_the_cancelled)
{
  if (cancel == cancel_count || cancel == CANCELS_SEEN)
    return fits(choice, only_the_cancelled);
  choice[cancel] = 0;
  do {
    if (some_choice_fits(choice, cancel + 1, only_the_cancelled))
      return true;
  } while (++choice[cancel] < cancels[cancel].count);
  return false;
}

void history_judge(void)
{
  unsigned choice[CANCELS_SEEN] = {0};

  for (unsigned i = 0; i < cancel_count; i++)
    find_operations(&pending[i], &cancels[i]);
  if (some_choice_fits(choice, 0, false))
    return;
  if (some_choice_fits(choice, 0, true))
    model_fail(MODEL_LOST, "an operation was seen alive after its cancel");
  model_fail(MODEL_MISAPPLIED, "an operation was seen cancelled without a cancel of it");
}

void history_note(unsigned thread, unsigned answer)
{
  outcome[thread] = outcome[thread] * 31 + answer + 1;
}

static uint64_t identity_of(unsigned time)
{
  return time == 0 || time == NOT_YET ? time : explore_identity(time / 2) + NOT_YET;
}

static uint64_t order_of(unsigned a, unsigned b)
{
  uint64_t order = (identity_of(a) << 32 | identity_of(b)) * 2 + is_before(a, b);

  order = (order ^ order >> 32) * UINT64_C(0xD6E8FEB86659FD93);
  return order ^ order >> 32;
}

/* Sums, because the order in which these were noted does not matter. */
static uint64_t order_of_all_that_is_compared(void)
{
  uint64_t sum = 0;

  for (unsigned i = 0; i < cancel_count; i++) {
    for (unsigned k = 0; k < span_count; k++) {
      if (spans[k].thread == pending[i].thread)
        sum += order_of(spans[k].from, pending[i].ended) + order_of(pending[i].began, spans[k].to);
    }
    for (unsigned k = 0; k < observation_count; k++) {
      if (has(&cancels[i], observations[k].operation))
        sum += order_of(pending[i].ended, observations[k].began) +
               order_of(pending[i].began, observations[k].ended);
    }
  }
  return sum;
}

uint64_t history_outcome(void)
{
  uint64_t all = order_of_all_that_is_compared();

  for (unsigned i = 0; i < MODEL_THREADS; i++)
    all = all * UINT64_C(1000003) + outcome[i];
  return all;
}
