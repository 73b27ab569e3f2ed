#include "blocking/operation.h"

/* A terminated thread had no detach, so its record still exists, even after another thread has got
 * its id. */
static bool cancel_thread_is_alive(const struct thread_record *record)
{
  const HANDLE thread =
      OpenThread(SYNCHRONIZE | THREAD_QUERY_INFORMATION, FALSE, record->thread_id);
  FILETIME created;
  bool alive;

  if (thread == NULL)
    return false;
  alive = thread_creation_time(thread, &created) &&
          WaitForSingleObject(thread, 0) == WAIT_TIMEOUT &&
          CompareFileTime(&created, &record->created) == 0; /* mutant: earlier_thread_cancelled */
  CloseHandle(thread);
  return alive;
}

/* False if there is no operation. The event is set after the cancel is recorded, so that the base
 * wait that it wakes finds the cancel. A later wait that is woken instead continues to wait. */
static bool cancel_thread_and_wake(struct thread_record *record)
{
  const uintptr_t id = operation_current(record);
  HANDLE wake;

  if (id == 0)
    return false;
  operation_cancel(record, id); /* mutant: woken_before_cancel */
  wake = atomic_load_explicit(&record->wake, memory_order_acquire);
  if (wake != NULL)
    SetEvent(wake); /* mutant: not_woken */
  return true;      /* mutant: woken_before_cancel */
}

bool blocking_cancel_thread(DWORD thread_id)
{
  struct thread_record *record = thread_record_acquire(thread_id);
  bool cancelled = false;

  if (record != NULL) {
    cancelled = cancel_thread_is_alive(record) && /* mutant: terminated_thread_cancelled */
                cancel_thread_and_wake(record);
    thread_record_release(record);
  }
  return cancelled;
}
