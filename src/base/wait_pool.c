/* The memory of waits. Some blocks are kept with their events, so that most calls need not create
 * an event. */
#include "base/wait_internal.h"

#include "platform/heap.h"

#include <string.h>

enum { POOLED_WAITS = 8 };

/* Lock: over the kept blocks and the count of waits in use. */
static SRWLOCK pool_lock = SRWLOCK_INIT;
static CONDITION_VARIABLE pool_drained = CONDITION_VARIABLE_INIT;
static struct base_wait *pool[POOLED_WAITS];
static int pooled;
static int in_use;

static struct base_wait *wait_pool_take_kept(void)
{
  struct base_wait *wait = NULL;

  AcquireSRWLockExclusive(&pool_lock);
  in_use++;
  if (pooled > 0)
    wait = pool[--pooled];
  ReleaseSRWLockExclusive(&pool_lock);
  return wait;
}

/* Counts one wait less. False: the pool is full, or there is no block. */
static bool wait_pool_keep(struct base_wait *wait)
{
  bool kept = false;

  AcquireSRWLockExclusive(&pool_lock);
  in_use--;
  if (wait != NULL && pooled < POOLED_WAITS) {
    pool[pooled++] = wait;
    kept = true;
  }
  ReleaseSRWLockExclusive(&pool_lock);
  WakeAllConditionVariable(&pool_drained);
  return kept;
}

static void wait_pool_destroy(struct base_wait *wait)
{
  CloseHandle(wait->event);
  heap_free(wait);
}

struct base_wait *wait_pool_take(void)
{
  struct base_wait *wait = wait_pool_take_kept();
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
    wait_pool_keep(NULL);
    return NULL;
  }
  wait->event = event;
  return wait;
}

void wait_pool_release(struct base_wait *wait)
{
  if (atomic_fetch_sub(&wait->references, 1) != 1)
    return;
  if (wait->socket != NULL)
    base_socket_release(wait->socket);
  heap_free(wait->owned_memory);
  if (!wait_pool_keep(wait))
    wait_pool_destroy(wait);
}

void base_waits_drain(DWORD milliseconds)
{
  const ULONGLONG deadline = GetTickCount64() + milliseconds;
  ULONGLONG now;

  AcquireSRWLockExclusive(&pool_lock);
  while (in_use > 0 && (now = GetTickCount64()) < deadline)
    SleepConditionVariableSRW(&pool_drained, &pool_lock, (DWORD)(deadline - now), 0);
  ReleaseSRWLockExclusive(&pool_lock);
}

void base_wait_clear(void)
{
  while (pooled > 0)
    wait_pool_destroy(pool[--pooled]);
}
