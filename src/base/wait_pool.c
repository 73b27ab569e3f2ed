/* The memory of waits: blocks with an event each, of which some are kept for reuse,
 * so that a call need not ask the system for an event. */
#include "base/wait_internal.h"

#include "platform/heap.h"

#include <string.h>

enum { CACHED_WAITS = 8 };

/* The lock covers the kept blocks and the count of those in use. */
static SRWLOCK cache_lock = SRWLOCK_INIT;
static CONDITION_VARIABLE drained = CONDITION_VARIABLE_INIT;
static struct base_wait *cache[CACHED_WAITS];
static int cached;
static int under_way;

static struct base_wait *take_cached(void)
{
  struct base_wait *wait = NULL;

  AcquireSRWLockExclusive(&cache_lock);
  under_way++;
  if (cached > 0)
    wait = cache[--cached];
  ReleaseSRWLockExclusive(&cache_lock);
  return wait;
}

static bool put_cached(struct base_wait *wait)
{
  bool kept = false;

  AcquireSRWLockExclusive(&cache_lock);
  under_way--;
  if (wait != NULL && cached < CACHED_WAITS) {
    cache[cached++] = wait;
    kept = true;
  }
  ReleaseSRWLockExclusive(&cache_lock);
  WakeAllConditionVariable(&drained);
  return kept;
}

static void destroy(struct base_wait *wait)
{
  CloseHandle(wait->event);
  heap_free(wait);
}

struct base_wait *wait_block_take(void)
{
  struct base_wait *wait = take_cached();
  HANDLE event;

  if (wait != NULL) {
    event = wait->event;
    memset(wait, 0, sizeof *wait);
    wait->event = event;
    return wait;
  }
  wait = heap_allocate(sizeof *wait);
  event = wait == NULL ? NULL : CreateEventW(NULL, TRUE, FALSE, NULL);
  if (event == NULL) {
    heap_free(wait);
    put_cached(NULL);
    return NULL;
  }
  wait->event = event;
  return wait;
}

void wait_block_release(struct base_wait *wait)
{
  if (atomic_fetch_sub(&wait->references, 1) != 1)
    return;
  if (wait->socket != NULL)
    base_socket_release(wait->socket);
  heap_free(wait->owned);
  if (!put_cached(wait))
    destroy(wait);
}

void base_waits_drain(DWORD milliseconds)
{
  const ULONGLONG deadline = GetTickCount64() + milliseconds;
  ULONGLONG now;

  AcquireSRWLockExclusive(&cache_lock);
  while (under_way > 0 && (now = GetTickCount64()) < deadline)
    SleepConditionVariableSRW(&drained, &cache_lock, (DWORD)(deadline - now), 0);
  ReleaseSRWLockExclusive(&cache_lock);
}

void base_wait_clear(void)
{
  while (cached > 0)
    destroy(cache[--cached]);
}
