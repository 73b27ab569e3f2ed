#include "platform/bad_pointer.h"

#include <stdbool.h>

/* A thread's place is found by its id. Two threads that meet in one place may lose a pointer,
 * and then the log names the function alone. */
struct bad_pointer {
  const void *pointer;
  size_t size;
  DWORD thread_id; /* 0: nothing kept */
  enum bad_pointer_use use;
};

enum { PLACES = 64 };

static SRWLOCK lock = SRWLOCK_INIT;
static struct bad_pointer places[PLACES];

static struct bad_pointer *place_of(DWORD thread_id)
{
  return &places[thread_id / 4 % PLACES]; /* thread ids are multiples of four */
}

void bad_pointer_keep(const void *pointer, size_t size, enum bad_pointer_use use)
{
  const struct bad_pointer kept = {pointer, size, GetCurrentThreadId(), use};

  AcquireSRWLockExclusive(&lock);
  *place_of(kept.thread_id) = kept;
  ReleaseSRWLockExclusive(&lock);
}

static bool take(struct bad_pointer *taken)
{
  const DWORD thread_id = GetCurrentThreadId();
  struct bad_pointer *place = place_of(thread_id);

  AcquireSRWLockExclusive(&lock);
  *taken = *place;
  if (taken->thread_id == thread_id)
    place->thread_id = 0;
  ReleaseSRWLockExclusive(&lock);
  return taken->thread_id == thread_id;
}

void bad_pointer_forget(void)
{
  struct bad_pointer forgotten;

  take(&forgotten);
}

void bad_pointer_log(const char *function)
{
  static const char *const USES[] = {"read", "written", "called"};
  struct bad_pointer bad;

  if (!take(&bad))
    log_event("%s: WSAEFAULT for a NULL, for a length or from the system", function);
  else if (bad.use == POINTER_CALLED)
    log_event("%s: the function %p cannot be called", function, bad.pointer);
  else
    log_event("%s: the %lu bytes at %p cannot be %s", function, (unsigned long)bad.size,
              bad.pointer, USES[bad.use]);
}
