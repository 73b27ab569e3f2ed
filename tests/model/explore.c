#include "model/explore.h"

#include "model/system_calls.h"
#include "model/threads.h"

#include <stdio.h>
#include <string.h>

enum { NONE = -1 };

struct event {
  struct step step;
  model_clock clock; /* the events that happened before it, itself included */
  unsigned thread;
  int earlier; /* the event before it in its bucket, or NONE */
};

/* The choice made before the event of the same index. */
struct state {
  unsigned enabled; /* sets of threads, one bit for each */
  unsigned backtrack;
  unsigned sleep;
  unsigned chosen;
  int interruptions; /* interruptions up to here; counted only if all interleavings are run */
  struct step pending[MODEL_THREADS];
};

static bool is_reduced;
static int most_interruptions;
static struct event events[MODEL_STEPS];
static struct state states[MODEL_STEPS];
static struct step pending[MODEL_THREADS];
static int last_of[MODEL_THREADS]; /* the last event of the thread, or NONE */
static model_clock barrier;
static unsigned now;    /* events so far */
static unsigned prefix; /* choices that are already made */

static unsigned bit(unsigned thread)
{
  return 1u << thread;
}

static unsigned lowest(unsigned set)
{
  unsigned thread = 0;

  while (!(set & bit(thread)))
    thread++;
  return thread;
}

/* --- what depends on what ----------------------------------------------------------- */

static bool is_lock(enum step_kind kind)
{
  return kind >= STEP_ACQUIRE_SHARED && kind <= STEP_RELEASE_EXCLUSIVE;
}

static bool is_release(enum step_kind kind)
{
  return kind == STEP_RELEASE_SHARED || kind == STEP_RELEASE_EXCLUSIVE;
}

static bool is_shared(enum step_kind kind)
{
  return kind == STEP_ACQUIRE_SHARED || kind == STEP_RELEASE_SHARED;
}

static bool is_history(enum step_kind kind)
{
  return kind == STEP_CALL || kind == STEP_RETURN;
}

static inline bool overlap(const struct step *a, const struct step *b)
{
  return a->address < b->address + b->size && b->address < a->address + a->size;
}

/* Most steps are at different places, so that is tested first: this is the hot path. */
static inline bool are_dependent(const struct step *a, const struct step *b)
{
  if (!overlap(a, b) || is_lock(a->kind) != is_lock(b->kind) ||
      is_history(a->kind) != is_history(b->kind))
    return false;
  if (is_lock(a->kind))
    return !is_shared(a->kind) || !is_shared(b->kind);
  if (is_history(a->kind))
    return a->kind != b->kind;                         /* mutant: beginnings_and_ends_of_calls */
  return a->kind != STEP_READ || b->kind != STEP_READ; /* mutant: reads_and_writes */
}

/* Whether the later event could have come first: not before the release of a lock that it needs,
 * but before the whole time for which the lock was held. */
static inline bool are_reversible(const struct step *a, const struct step *b)
{
  return are_dependent(a, b) && !(is_lock(a->kind) && is_lock(b->kind) && overlap(a, b) &&
                                  (is_release(a->kind) || is_release(b->kind)));
}

/* --- what happened before what ------------------------------------------------------ */

static void join(model_clock clock, const model_clock other)
{
  for (unsigned i = 0; i < MODEL_THREADS; i++) {
    if (clock[i] < other[i])
      clock[i] = other[i];
  }
}

static bool is_known(const struct event *event, const model_clock clock)
{
  return clock[event->thread] >= event->clock[event->thread];
}

static bool happened_before(const struct event *a, const struct event *b)
{
  return is_known(a, b->clock);
}

/* The threads whose next step could come first if the newest event, and all events after `first`
 * that do not need it, were run instead of it. */
static unsigned initials(unsigned first, unsigned newest)
{
  unsigned threads = 0;
  unsigned seen = 0;

  for (unsigned j = first + 1; j <= newest; j++) {
    const struct event *event = &events[j];
    bool is_first = !(seen & bit(event->thread));

    if (j != newest && happened_before(&events[first], event))
      continue;
    for (unsigned k = first + 1; is_first && k < j; k++) {
      if (!happened_before(&events[first], &events[k]) && happened_before(&events[k], event))
        is_first = false;
    }
    seen |= bit(event->thread);
    if (is_first)
      threads |= bit(event->thread);
  }
  return threads;
}

static void plan_reversal(unsigned first, unsigned newest)
{
  struct state *state = &states[first];
  const unsigned can = initials(first, newest) & state->enabled;

  if (can == 0)
    state->backtrack |= state->enabled;
  else if (!(can & state->backtrack))
    state->backtrack |=
        can & bit(events[newest].thread) ? can & bit(events[newest].thread) : bit(lowest(can));
}

/* Nearly every step is at one small place, and then depends only on steps in the same bucket, or
 * on steps at a large place, such as memory that is freed. */
enum { REGION = 16, BUCKETS = 512, LARGE = BUCKETS };

static int newest_in[BUCKETS + 1];

static unsigned bucket_of(const struct step *step)
{
  if (step->address % REGION + step->size > REGION)
    return LARGE;
  return ((uint32_t)(step->address / REGION) * UINT32_C(0x9E3779B1)) >> 23;
}

static void put_in_bucket(unsigned event)
{
  int *newest = &newest_in[bucket_of(&events[event].step)];

  events[event].earlier = *newest;
  *newest = (int)event;
}

/* Earlier events on which the newest may depend, latest first. */
static unsigned find_candidates(unsigned newest, unsigned *candidates)
{
  const unsigned bucket = bucket_of(&events[newest].step);
  int small = newest_in[bucket];
  int large = newest_in[LARGE];
  unsigned count = 0;

  if (bucket == LARGE) {
    while (count < newest) {
      candidates[count] = newest - 1 - count;
      count++;
    }
    return count;
  }
  while (small != NONE || large != NONE) {
    int *later = small > large ? &small : &large;

    candidates[count++] = (unsigned)*later;
    *later = events[*later].earlier;
  }
  return count;
}

static void find_races(unsigned newest, const model_clock before, const unsigned *candidates,
                       unsigned count)
{
  const struct event *event = &events[newest];
  model_clock known;

  memcpy(known, before, sizeof known);
  for (unsigned k = 0; k < count; k++) {
    const struct event *earlier = &events[candidates[k]];

    if (earlier->thread == event->thread || !are_reversible(&earlier->step, &event->step))
      continue;
    if (!is_known(earlier, known))
      plan_reversal(candidates[k], newest);
    join(known, earlier->clock);
  }
}

static void set_clock(struct event *event, const unsigned *candidates, unsigned count)
{
  for (unsigned k = 0; k < count; k++) {
    const struct event *earlier = &events[candidates[k]];

    if (!is_known(earlier, event->clock) && are_dependent(&earlier->step, &event->step))
      join(event->clock, earlier->clock);
  }
}

static void take_for_the_first_time(unsigned thread)
{
  static unsigned candidates[MODEL_STEPS];
  struct event *event = &events[now];
  model_clock before = {0};
  unsigned count;

  event->thread = thread;
  event->step = pending[thread];
  if (last_of[thread] != NONE)
    memcpy(before, events[last_of[thread]].clock, sizeof before);
  join(before, barrier);
  before[thread]++;
  memcpy(event->clock, before, sizeof event->clock);
  if (!is_reduced)
    return;
  count = find_candidates(now, candidates);
  set_clock(event, candidates, count);
  find_races(now, before, candidates, count);
}

/* --- a run -------------------------------------------------------------------------- */

void explore_begin_program(int interruptions)
{
  is_reduced = interruptions == EXPLORE_REDUCED;
  most_interruptions = interruptions;
  prefix = 0;
  now = 0;
}

void explore_begin_run(void)
{
  now = 0;
  memset(barrier, 0, sizeof barrier);
  for (unsigned i = 0; i <= BUCKETS; i++)
    newest_in[i] = NONE;
  for (unsigned i = 0; i < MODEL_THREADS; i++) {
    last_of[i] = NONE;
    pending[i].kind = STEP_END;
  }
}

void explore_announce(unsigned thread, struct step step)
{
  pending[thread] = step;
}

static unsigned enabled_threads(void)
{
  unsigned threads = 0;

  for (unsigned i = 0; i < MODEL_THREADS; i++) {
    if (pending[i].kind != STEP_END && model_can_take(i, &pending[i]))
      threads |= bit(i);
  }
  return threads;
}

static unsigned still_asleep(void)
{
  unsigned threads = 0;
  const struct state *before = &states[now - 1];

  for (unsigned i = 0; i < MODEL_THREADS; i++) {
    if ((before->sleep & bit(i)) && !are_dependent(&before->pending[i], &events[now - 1].step))
      threads |= bit(i);
  }
  return threads;
}

/* The thread that ran before that time. No thread, if the program has only started. */
static unsigned at_it_before(unsigned time)
{
  return time > 0 && events[time - 1].step.kind != STEP_START ? bit(events[time - 1].thread) : 0;
}

static bool is_interruption(unsigned time)
{
  return (at_it_before(time) & states[time].enabled & ~bit(states[time].chosen)) != 0;
}

/* The order in which threads start makes no difference to any of them. */
static unsigned allowed_without_reduction(struct state *state)
{
  state->interruptions = now > 0 ? states[now - 1].interruptions + is_interruption(now - 1) : 0;
  for (unsigned i = 0; i < MODEL_THREADS; i++) {
    if (pending[i].kind == STEP_START)
      return bit(i);
  }
  if (state->interruptions == most_interruptions && (at_it_before(now) & state->enabled) != 0)
    return at_it_before(now);
  return state->enabled;
}

int explore_choose(unsigned running)
{
  struct state *state = &states[now];
  unsigned can;

  if (now < prefix) /* it could continue at that time, perhaps only after all were stalled */
    return model_can_take(state->chosen, &pending[state->chosen]) ? (int)state->chosen
                                                                  : CHOICE_NONE;
  if (now == MODEL_STEPS)
    model_fail(MODEL_ENDLESS, "more than %d steps", MODEL_STEPS);
  state->enabled = enabled_threads();
  if (state->enabled == 0)
    return CHOICE_NONE;
  state->sleep = now > 0 && is_reduced ? still_asleep() : 0;
  can = is_reduced ? state->enabled & ~state->sleep : allowed_without_reduction(state);
  if (can == 0)
    return CHOICE_SLEEPS;
  state->chosen = can & bit(running) ? running : lowest(can);
  state->backtrack = is_reduced ? bit(state->chosen) : can;
  memcpy(state->pending, pending, sizeof pending);
  return (int)state->chosen;
}

unsigned explore_take(unsigned thread)
{
  const struct event *event = &events[now];

  if (now + 1 >= prefix)
    take_for_the_first_time(thread);
  else if (event->thread != thread || event->step.kind != pending[thread].kind ||
           event->step.address != pending[thread].address)
    model_fail(MODEL_BROKEN, "step %u is not the same when it is run again", now);
  put_in_bucket(now);
  last_of[thread] = (int)now;
  return now++;
}

unsigned explore_time(void)
{
  return now;
}

uint32_t explore_identity(unsigned time)
{
  const struct event *event = &events[time];

  return event->thread * MODEL_STEPS + event->clock[event->thread];
}

void explore_barrier(void)
{
  for (unsigned i = 0; i < now; i++)
    join(barrier, events[i].clock);
}

bool explore_next(void)
{
  while (now-- > 0) {
    struct state *state = &states[now];
    unsigned left;

    state->sleep |= bit(state->chosen);
    left = state->backtrack & ~state->sleep;
    if (left != 0) {
      state->chosen = lowest(left);
      prefix = now + 1;
      return true;
    }
  }
  return false;
}

void explore_print(void)
{
  static const char *const names[] = {"start",          "read",      "write",  "wait for",
                                      "lock shared",    "lock",      "unlock", "unlock",
                                      "begins a call,", "ends one,", "ends"};

  for (unsigned i = 0; i < now; i++)
    printf("  %3u thread %u %s %p\n", i, events[i].thread, names[events[i].step.kind],
           (void *)events[i].step.address);
}
