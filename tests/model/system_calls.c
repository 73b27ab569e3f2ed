#include "model/system_calls.h"

#include "model/memory.h"
#include "model/threads.h"

#include "platform/heap.h"
#include "platform/module.h"

#include <string.h>

#undef WaitForSingleObject

enum { LOCKS = 4, EVENTS = 8, FIRST_ID = 0x100 };

struct model_lock {
  const void *address;
  unsigned readers;
  bool written;
};

struct model_event {
  bool open;
  bool set;
};

/* The events for which a thread can sleep, side by side, so that one step can wait for all of
 * them. A closed event's place is not used again, so a later use is detected. */
struct sleep {
  bool completed;
  struct model_event *wake; /* the event for which it sleeps now */
  unsigned made;
  struct model_event events[EVENTS]; /* created by the thread */
};

struct model_thread {
  void *slot;
  bool is_gone;
  DWORD life;
};

static struct model_lock locks[LOCKS];
static struct sleep sleeps[MODEL_THREADS];
static struct model_thread threads[MODEL_THREADS];

void system_begin_run(void)
{
  memset(locks, 0, sizeof locks);
  memset(sleeps, 0, sizeof sleeps);
  memset(threads, 0, sizeof threads);
}

/* --- locks -------------------------------------------------------------------------- */

static struct model_lock *find_lock(const void *address)
{
  for (unsigned i = 0; i < LOCKS; i++) {
    if (locks[i].address == NULL)
      locks[i].address = address;
    if (locks[i].address == address)
      return &locks[i];
  }
  model_fail(MODEL_BROKEN, "too many locks");
}

static bool can_lock(const struct step *step)
{
  const struct model_lock *lock = find_lock((const void *)step->address);

  if (step->kind == STEP_ACQUIRE_SHARED)
    return !lock->written;
  return !lock->written && lock->readers == 0;
}

void model_acquire_exclusive(PSRWLOCK lock)
{
  model_step(STEP_ACQUIRE_EXCLUSIVE, lock, 1);
  memory_take_over(lock);
  find_lock(lock)->written = true;
}

void model_release_exclusive(PSRWLOCK lock)
{
  model_step(STEP_RELEASE_EXCLUSIVE, lock, 1);
  memory_hand_over(lock, true);
  find_lock(lock)->written = false;
}

void model_acquire_shared(PSRWLOCK lock)
{
  model_step(STEP_ACQUIRE_SHARED, lock, 1);
  memory_take_over(lock);
  find_lock(lock)->readers++;
}

void model_release_shared(PSRWLOCK lock)
{
  model_step(STEP_RELEASE_SHARED, lock, 1);
  memory_hand_over(lock, true);
  find_lock(lock)->readers--;
}

/* --- events ------------------------------------------------------------------------- */

HANDLE model_create_event(LPSECURITY_ATTRIBUTES security, BOOL manual_reset, BOOL set, LPCWSTR name)
{
  struct sleep *sleep = &sleeps[model_running()];

  (void)security;
  (void)name;
  if (manual_reset || set)
    model_fail(MODEL_BROKEN, "only events that reset themselves");
  if (sleep->made == EVENTS)
    model_fail(MODEL_BROKEN, "too many events");
  sleep->events[sleep->made].open = true;
  return &sleep->events[sleep->made++];
}

static struct model_event *event_of(HANDLE handle)
{
  struct model_event *event = handle;

  if (!event->open)
    model_fail(MODEL_FREED_MEMORY, "an event that is closed");
  return event;
}

BOOL model_set_event(HANDLE handle)
{
  model_step(STEP_WRITE, handle, sizeof(struct model_event));
  event_of(handle)->set = true;
  memory_hand_over(handle, true);
  return TRUE;
}

static bool is_event(HANDLE handle)
{
  return (uintptr_t)handle - (uintptr_t)sleeps < sizeof sleeps;
}

/* The handle of a thread; the model has none that could leak. */
BOOL model_close_handle(HANDLE handle)
{
  if (is_event(handle)) {
    model_step(STEP_WRITE, handle, sizeof(struct model_event));
    event_of(handle)->open = false;
  }
  return TRUE;
}

unsigned model_events_in_use(void)
{
  unsigned count = 0;

  for (unsigned thread = 0; thread < MODEL_THREADS; thread++) {
    for (unsigned i = 0; i < sleeps[thread].made; i++)
      count += sleeps[thread].events[i].open;
  }
  return count;
}

bool model_sleep(HANDLE handle)
{
  struct sleep *sleep = &sleeps[model_running()];
  struct model_event *wake = event_of(handle);

  sleep->wake = wake;
  model_step(STEP_WAIT, sleep, sizeof *sleep); /* mutant: sleep_and_arrival_of_data */
  event_of(handle);
  if (sleep->completed) {
    sleep->completed = false;
    return true;
  }
  wake->set = false;
  memory_take_over(handle);
  return false;
}

void model_complete(unsigned thread)
{
  model_step(STEP_WRITE, &sleeps[thread].completed, sizeof sleeps[thread].completed);
  sleeps[thread].completed = true;
}

bool model_can_take(unsigned thread, const struct step *step)
{
  switch (step->kind) {
  case STEP_ACQUIRE_SHARED:
  case STEP_ACQUIRE_EXCLUSIVE:
    return can_lock(step);
  case STEP_WAIT:
    return sleeps[thread].completed || sleeps[thread].wake->set;
  default:
    return true;
  }
}

/* --- threads ------------------------------------------------------------------------ */

DWORD model_thread_id(unsigned thread)
{
  return FIRST_ID + 4 * thread;
}

void model_thread_is_gone(unsigned thread)
{
  model_step(STEP_WRITE, &threads[thread].is_gone, sizeof threads[thread].is_gone);
  threads[thread].is_gone = true;
}

void model_kill_thread(unsigned thread)
{
  model_thread_is_gone(thread);
  threads[thread].slot = NULL;
}

void model_start_thread(unsigned thread)
{
  model_step(STEP_WRITE, &threads[thread].is_gone, sizeof threads[thread].is_gone);
  threads[thread].is_gone = false;
  threads[thread].life++;
}

void *module_thread_slot_get(void)
{
  return model_running() == MODEL_THREADS ? NULL : threads[model_running()].slot;
}

bool module_thread_slot_set(void *value)
{
  threads[model_running()].slot = value;
  return true;
}

HANDLE model_current_thread(void)
{
  return &threads[model_running()];
}

DWORD model_current_thread_id(void)
{
  return model_thread_id(model_running());
}

/* A handle belongs to the life of the thread in which it was opened. The model opens and queries
 * it in one step, because the system itself does this. */
HANDLE model_open_thread(DWORD access, BOOL inherit, DWORD id)
{
  struct model_thread *thread = &threads[(id - FIRST_ID) / 4];

  (void)access;
  (void)inherit;
  model_step(STEP_READ, &thread->is_gone, sizeof thread->is_gone);
  return thread->is_gone ? NULL : thread;
}

BOOL model_thread_times(HANDLE handle, LPFILETIME created, LPFILETIME exited, LPFILETIME kernel,
                        LPFILETIME user)
{
  (void)exited;
  (void)kernel;
  (void)user;
  created->dwLowDateTime = 1 + ((struct model_thread *)handle)->life;
  created->dwHighDateTime = 0;
  return TRUE;
}

DWORD model_wait(HANDLE handle, DWORD milliseconds)
{
  (void)milliseconds;
  return ((struct model_thread *)handle)->is_gone ? WAIT_OBJECT_0 : WAIT_TIMEOUT;
}

/* --- the DLL's heap ----------------------------------------------------------------- */

void *heap_allocate(size_t size)
{
  return memory_allocate(size);
}

void heap_free(void *memory)
{
  memory_free(memory);
}
