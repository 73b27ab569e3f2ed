#include "model/script.h"

#include "model/history.h"
#include "model/memory.h"
#include "model/stubs.h"
#include "model/system_calls.h"

#include "blocking/blocking.h"
#include "catalog/catalog.h"
#include "platform/heap.h"
#include "upcalls/upcalls.h"

#include <stdio.h>
#include <string.h>
#include <ws2spi_shim.h>

/* --- what a thread knows of its own operations, from what it has done (D2) ---------- */

enum { RUNS_AGAIN = 2 };

struct wait {
  struct blocking_operation operation; /* first, since its address is the wait's */
  HANDLE wake;
};

struct known_operation {
  unsigned thread;
  bool is_there; /* it has not ended */
  bool has_context;
  DWORD_PTR context;
  struct wait *wait; /* NULL for a layer's operation */
  unsigned resumed;
};

struct owner {
  const char *rest; /* of the script */
  bool has_hook;
  char behaviour;   /* of the hook */
  unsigned in_hook; /* the operation whose callback runs */
  unsigned hook_runs;
  unsigned answer_from; /* the callback's result was determined at this time or later */
  DWORD_PTR stale_context;
};

static struct known_operation operations[MODEL_OPERATIONS];
static unsigned operation_count;
static struct owner owners[MODEL_THREADS];
static LPBLOCKINGCALLBACK callback;
static unsigned asleep_in[MODEL_THREADS];

static void live_again(void);

static unsigned self(void)
{
  return model_running();
}

static struct owner *me(void)
{
  return &owners[model_running()];
}

static void require(bool condition, const char *what)
{
  if (!condition)
    model_fail(MODEL_WRONG_ANSWER, "thread %u: %s", self(), what);
}

static unsigned new_operation(void)
{
  if (operation_count == MODEL_OPERATIONS)
    model_fail(MODEL_BROKEN, "too many operations");
  memset(&operations[operation_count], 0, sizeof operations[0]);
  operations[operation_count].thread = self();
  operations[operation_count].is_there = true;
  return operation_count++;
}

static bool is_mine(unsigned operation)
{
  return operations[operation].is_there && operations[operation].thread == self();
}

static unsigned newest_with_context(void)
{
  for (unsigned i = operation_count; i-- > NO_OPERATION + 1;) {
    if (is_mine(i) && operations[i].has_context)
      return i;
  }
  return NO_OPERATION;
}

static unsigned oldest_with_context(void)
{
  for (unsigned i = NO_OPERATION + 1; i < operation_count; i++) {
    if (is_mine(i) && operations[i].has_context)
      return i;
  }
  return NO_OPERATION;
}

static unsigned innermost_wait(void)
{
  for (unsigned i = operation_count; i-- > NO_OPERATION + 1;) {
    if (is_mine(i) && operations[i].wait != NULL)
      return i;
  }
  return NO_OPERATION;
}

/* --- hooks -------------------------------------------------------------------------- */

static void must_all_refuse(void)
{
  LPBLOCKINGCALLBACK inner;
  DWORD_PTR context;
  struct wait wait;
  const unsigned began = history_call(self());
  unsigned ended;
  BOOL alive;
  int error;

  require(WSAIsBlocking(), "not blocking inside its hook");
  require(upcall_query_blocking_callback(MODEL_LAYER_ENTRY, &inner, &context, &error) != 0 &&
              error == WSAEINPROGRESS,
          "a query inside the hook did not fail");
  require(blocking_begin(&wait.operation, &wait.wake) == WSAEINPROGRESS,
          "a wait inside the hook did not fail");
  require(WSAUnhookBlockingHook() != 0, "unhooking inside the hook did not fail");
  alive = callback(operations[me()->in_hook].context);
  ended = history_return(self());
  history_observe(me()->in_hook, !alive, began, ended);
}

static void cancel_own(void)
{
  const unsigned began = history_call(self());
  const bool accepted = WSACancelBlockingCall() == 0;

  require(accepted, "a cancel in a hook failed");
  history_cancel(self(), accepted, began, history_return(self()));
}

/* If the operation is cancelled already, the provider is not called. */
static void cancel_own_refused(void)
{
  const unsigned began = history_call(self());
  bool accepted;

  stubs_refuse_cancels(true);
  accepted = WSACancelBlockingCall() == 0;
  stubs_refuse_cancels(false);
  if (accepted)
    history_observe(me()->in_hook, true, began, history_return(self()));
  else
    history_return(self());
}

static void leave_thread(void)
{
  const unsigned began = history_call(self());
  unsigned ended;

  blocking_thread_detach();
  ended = history_return(self());
  history_set_current(self(), NO_OPERATION, began, ended);
  model_thread_is_gone(self());
  for (unsigned i = 0; i < operation_count; i++) {
    if (operations[i].thread == self())
      operations[i].is_there = false;
  }
}

/* A running hook shows that its operation was alive after its callback was called or, if it runs
 * again, after it last returned. The earlier part of the callback has ended. */
static BOOL CALLBACK hook(void)
{
  struct owner *owner = me();
  const unsigned entered = history_return(self());
  BOOL again = FALSE;

  history_settle(self(), entered);
  history_observe(owner->in_hook, false, owner->answer_from, entered);
  owner->hook_runs++;
  switch (owner->behaviour) {
  case 'o':
    cancel_own();
    break;
  case 'n':
    if (operations[owner->in_hook].wait != NULL)
      cancel_own();
    else
      cancel_own_refused();
    break;
  case 'i':
    must_all_refuse();
    break;
  case 'r':
    again = owner->hook_runs <= RUNS_AGAIN;
    break;
  case 'x': /* the hook never returns to its caller */
    leave_thread();
    live_again();
    model_end_thread();
  }
  owner->answer_from = history_call(self());
  return again;
}

/* --- calls -------------------------------------------------------------------------- */

static void forget_contexts(void)
{
  for (unsigned i = 0; i < operation_count; i++) {
    if (!is_mine(i))
      continue;
    if (operations[i].has_context)
      me()->stale_context = operations[i].context;
    operations[i].has_context = false;
    if (operations[i].wait == NULL)
      operations[i].is_there = false;
  }
  for (unsigned i = 0, outer = NO_OPERATION; i < operation_count; i++) {
    if (is_mine(i)) { /* only waits are left, outer ones first */
      operations[i].resumed = outer;
      outer = i;
    }
  }
}

static void change_hook(bool set)
{
  const unsigned began = history_call(self());

  if (set)
    require(WSASetBlockingHook((FARPROC)(void *)hook) != NULL, "setting a hook failed");
  else
    require(WSAUnhookBlockingHook() == 0, "removing the hook failed");
  me()->has_hook = set;
  forget_contexts();
  history_set_current(self(), innermost_wait(), began, history_return(self()));
}

static void query_for(DWORD entry, unsigned operation)
{
  LPBLOCKINGCALLBACK got = NULL;
  DWORD_PTR context = 0;
  int error = -1;

  require(upcall_query_blocking_callback(entry, &got, &context, &error) == 0 && error == -1,
          "a query failed");
  require((got != NULL) == me()->has_hook, "a callback without a hook, or no callback with one");
  if (got == NULL)
    return;
  callback = got;
  operations[operation].has_context = true;
  operations[operation].context = context;
}

static void query(void)
{
  const unsigned operation = me()->has_hook ? new_operation() : NO_OPERATION;
  const unsigned began = history_call(self());
  unsigned ended;

  query_for(MODEL_LAYER_ENTRY, operation);
  ended = history_return(self());
  if (operation != NO_OPERATION)
    history_set_current(self(), operation, began, ended);
}

/* The operation exists until its results cannot be stored, and a cancel may cancel it. */
static void query_with_bad_pointers(void)
{
  const unsigned before = history_current(self());
  const unsigned operation = new_operation();
  const unsigned began = history_call(self());
  LPBLOCKINGCALLBACK got = NULL;
  DWORD_PTR context = 0;
  int error = -1;
  unsigned ended;

  stubs_fail_stores(true);
  require(upcall_query_blocking_callback(MODEL_LAYER_ENTRY, &got, &context, &error) != 0 &&
              error == WSAEFAULT && got == NULL && context == 0,
          "a query with bad pointers succeeded");
  stubs_fail_stores(false);
  operations[operation].is_there = false;
  ended = history_return(self());
  history_set_current(self(), operation, began, ended);
  history_set_current(self(), before, began, ended);
}

/* Called when the thread ends, or when a later one with its id has come. */
static void abandon(struct blocking_operation *operation)
{
  heap_free(operation);
}

static void begin_wait(void)
{
  const unsigned operation = new_operation();
  struct wait *wait = heap_allocate(sizeof *wait);
  const unsigned began = history_call(self());

  if (wait == NULL)
    model_fail(MODEL_BROKEN, "too much memory");
  wait->operation.catalog_entry_id = MODEL_BASE_ENTRY;
  wait->operation.abandon = abandon;
  operations[operation].wait = wait;
  operations[operation].resumed = history_current(self());
  require(blocking_begin(&wait->operation, &wait->wake) == 0, "beginning a wait failed");
  query_for(MODEL_BASE_ENTRY, operation);
  history_set_current(self(), operation, began, history_return(self()));
}

static void end_wait(void)
{
  struct known_operation *operation = &operations[innermost_wait()];
  unsigned resumed = operation->resumed;
  unsigned began;

  if (operation->wait == NULL)
    return;
  began = history_call(self());
  require(blocking_end(&operation->wait->operation), "a wait did not end");
  operation->is_there = false;
  history_set_current(self(), resumed, began, history_return(self()));
  heap_free(operation->wait);
}

static bool ask(unsigned operation)
{
  const unsigned began = history_call(self());
  const bool cancelled = blocking_is_cancelled(&operations[operation].wait->operation);

  history_observe(operation, cancelled, began, history_return(self()));
  return cancelled;
}

/* Like the base provider's wait without a hook: asks, sleeps, and asks again. */
static void sleep_in_wait(void)
{
  const unsigned operation = innermost_wait();

  if (operation == NO_OPERATION)
    return;
  while (!ask(operation)) {
    bool completed;

    asleep_in[self()] = operation;
    completed = model_sleep(operations[operation].wait->wake);
    asleep_in[self()] = NO_OPERATION;
    if (completed) {
      ask(operation);
      return;
    }
  }
}

static void call_back(unsigned operation, char behaviour)
{
  struct owner *owner = me();
  unsigned began;
  unsigned ended;
  BOOL alive;

  if (operation == NO_OPERATION)
    return;
  owner->in_hook = operation;
  owner->behaviour = behaviour;
  owner->hook_runs = 0;
  began = history_call(self());
  owner->answer_from = began;
  history_set_current(self(), operation, began, NOT_YET);
  alive = callback(operations[operation].context);
  ended = history_return(self());
  history_settle(self(), ended);
  history_observe(operation, !alive, owner->answer_from, ended);
}

static void call_back_with_stale_context(void)
{
  if (me()->stale_context == 0)
    return;
  me()->in_hook = NO_OPERATION;
  history_call(self());
  require(callback(me()->stale_context), "a foreign context returned FALSE");
  history_return(self());
}

static void cancel(unsigned thread)
{
  const unsigned began = history_call(thread);
  int error = -1;
  const bool accepted = Ws2SpiCancelBlockingCall(model_thread_id(thread), &error) == 0;

  require(error == (accepted ? 0 : WSAEINVAL), "a cancel returned the wrong error");
  history_cancel(thread, accepted, began, history_return(thread));
}

/* --- a thread's life ---------------------------------------------------------------- */

static void kill_self(void)
{
  const unsigned began = history_call(self());

  model_kill_thread(self());
  history_set_current(self(), NO_OPERATION, began, history_return(self()));
  for (unsigned i = 0; i < operation_count; i++) {
    if (operations[i].thread == self())
      operations[i].is_there = false;
  }
}

static void take_letter(char letter)
{
  switch (letter) {
  case 'h':
  case 'u':
    change_hook(letter == 'h');
    break;
  case 'q':
    query();
    break;
  case 'f':
    query_with_bad_pointers();
    break;
  case 'b':
    begin_wait();
    break;
  case 'e':
    end_wait();
    break;
  case 'p':
    if (innermost_wait() != NO_OPERATION)
      ask(innermost_wait());
    break;
  case 'w':
    sleep_in_wait();
    break;
  case 'C':
    call_back(oldest_with_context(), 'c');
    break;
  case 's':
    call_back_with_stale_context();
    break;
  case 'd':
    model_complete(0);
    break;
  case 'k':
    kill_self();
    break;
  case '0':
  case '1':
  case '2':
  case '3':
    cancel((unsigned)(letter - '0'));
    break;
  default:
    call_back(newest_with_context(), letter);
    break;
  }
}

static void live(unsigned thread)
{
  struct owner *owner = &owners[thread];
  char letter = '\0';

  while (*owner->rest != '\0' && *owner->rest != '|') {
    letter = *owner->rest++;
    take_letter(letter);
  }
  if (letter != 'k')
    leave_thread();
  live_again();
}

static void live_again(void)
{
  struct owner *owner = me();

  if (*owner->rest != '|')
    return;
  owner->rest++;
  owner->has_hook = false;
  owner->stale_context = 0;
  model_start_thread(self());
  live(self());
}

/* No thread can continue, so the operations of sleeping threads complete now. If none of them is
 * cancelled, no wake-up was lost. */
static void stalled(void)
{
  bool completed = false;

  for (unsigned i = 0; i < MODEL_THREADS; i++) {
    if (asleep_in[i] == NO_OPERATION)
      continue;
    if (blocking_is_cancelled(&operations[asleep_in[i]].wait->operation))
      model_fail(MODEL_ASLEEP, "thread %u still sleeps in a cancelled wait", i);
    model_complete(i);
    completed = true;
  }
  if (!completed)
    model_fail(MODEL_DEADLOCK, "no thread can continue");
}

static void finished(void)
{
  blocking_process_detach();
  if (memory_blocks_in_use() > 0)
    model_fail(MODEL_LEAK, "%u blocks of memory", (unsigned)memory_blocks_in_use());
  if (model_events_in_use() > 0)
    model_fail(MODEL_LEAK, "%u events", model_events_in_use());
  history_judge();
}

static void begin_run(const struct program *program)
{
  memory_begin_run();
  system_begin_run();
  stubs_begin_run();
  history_begin_run();
  memset(owners, 0, sizeof owners);
  memset(asleep_in, 0, sizeof asleep_in);
  memset(&operations[NO_OPERATION], 0, sizeof operations[0]);
  operation_count = NO_OPERATION + 1;
  for (unsigned i = 0; i < MODEL_THREADS; i++)
    owners[i].rest = program->scripts[i];
}

static unsigned thread_count(const struct program *program)
{
  unsigned count = 0;

  while (count < MODEL_THREADS && program->scripts[count] != NULL)
    count++;
  return count;
}

static void count_run(struct exploration *counts)
{
  if (threads_gave_up()) {
    counts->cut_short++;
    return;
  }
  counts->schedules++;
  if (counts->deepest < explore_time())
    counts->deepest = explore_time();
}

static void report(const struct program *program, enum model_failure failure)
{
  printf("%s: %s\n", model_failure_name(failure), threads_failure_text());
  for (unsigned i = 0; i < thread_count(program); i++)
    printf("  thread %u: %s\n", i, program->scripts[i]);
  explore_print();
}

enum model_failure script_explore(const struct program *program, int interruptions,
                                  struct exploration *counts, void (*seen)(uint64_t outcome))
{
  const struct thread_program threads = {thread_count(program), live, stalled, finished};
  enum model_failure failure;

  threads_begin();
  explore_begin_program(interruptions);
  do {
    begin_run(program);
    failure = threads_run(&threads);
    count_run(counts);
    if (threads_gave_up())
      blocking_process_detach();
    else if (failure == MODEL_RIGHT && seen != NULL)
      seen(history_outcome());
  } while (failure == MODEL_RIGHT && explore_next());
  if (failure != MODEL_RIGHT)
    report(program, failure);
  return failure;
}
