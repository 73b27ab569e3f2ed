#include "platform/bad_pointer.h"

#include <stdbool.h>

/* A thread's slot is found by its id. If two threads share a slot, a pointer may be lost; the
 * log then shows only the function. */
struct bad_pointer {
  const void *pointer;
  size_t size;
  DWORD thread_id; /* 0: nothing kept */
  enum bad_pointer_use use;
};

enum { SLOTS = 64 };

static SRWLOCK lock = SRWLOCK_INIT;
static struct bad_pointer slots[SLOTS];

static struct bad_pointer *bad_pointer_slot(DWORD thread_id)
{
  return &slots[thread_id / 4 % SLOTS]; /* thread ids are multiples of four */
}

void bad_pointer_keep(const void *pointer, size_t size, enum bad_pointer_use use)
{
  const struct bad_pointer kept = {pointer, size, GetCurrentThreadId(), use};

  AcquireSRWLockExclusive(&lock);
  *bad_pointer_slot(kept.thread_id) = kept;
  ReleaseSRWLockExclusive(&lock);
}

static bool bad_pointer_take(struct bad_pointer *taken)
{
  const DWORD thread_id = GetCurrentThreadId();
  struct bad_pointer *slot = bad_pointer_slot(thread_id);

  AcquireSRWLockExclusive(&lock);
  *taken = *slot;
  if (taken->thread_id == thread_id)
    slot->thread_id = 0;
  ReleaseSRWLockExclusive(&lock);
  return taken->thread_id == thread_id;
}

void bad_pointer_forget(void)
{
  struct bad_pointer forgotten;

  bad_pointer_take(&forgotten);
}

void bad_pointer_log(const char *function)
{
  static const char *const USES[] = {"read", "written", "called"};
  struct bad_pointer bad;

  if (!bad_pointer_take(&bad))
    log_event(
        "%s: WSAEFAULT: a NULL pointer, a buffer that is too short, or an error of the system",
        function);
  else if (bad.use == BAD_POINTER_CALLED)
    log_event("%s: the function %p cannot be called", function, bad.pointer);
  else
    log_event("%s: the %lu bytes at %p cannot be %s", function, (unsigned long)bad.size,
              bad.pointer, USES[bad.use]);
}
