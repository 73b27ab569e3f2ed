#include "blocking/operation.h"

/* A thread that was terminated had no detach, and its record is still there, perhaps
 * when another thread has its id already. */
static bool is_alive(const struct thread_record *record)
{
  const HANDLE thread =
      OpenThread(SYNCHRONIZE | THREAD_QUERY_INFORMATION, FALSE, record->thread_id);
  FILETIME created;
  bool alive;

  if (thread == NULL)
    return false;
  alive = thread_creation_time(thread, &created) &&
          WaitForSingleObject(thread, 0) == WAIT_TIMEOUT &&
          CompareFileTime(&created, &record->created) == 0;
  CloseHandle(thread);
  return alive;
}

/* False if there is no operation. The event is set after the mark, so that a base
 * wait which is woken finds it; a wait of a later operation that is woken in vain
 * goes on waiting. */
static bool cancel_and_wake(struct thread_record *record)
{
  const uintptr_t number = operation_current(record);
  HANDLE wake;

  if (number == 0)
    return false;
  operation_cancel(record, number);
  wake = atomic_load_explicit(&record->wake, memory_order_acquire);
  if (wake != NULL)
    SetEvent(wake);
  return true;
}

bool blocking_cancel_thread(DWORD thread_id)
{
  struct thread_record *record = thread_record_acquire(thread_id);
  bool cancelled = false;

  if (record != NULL) {
    cancelled = is_alive(record) && cancel_and_wake(record);
    thread_record_release(record);
  }
  return cancelled;
}
