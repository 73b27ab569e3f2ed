#include "blocking/operation.h"

bool blocking_has_hook(void)
{
  const struct thread_record *record = thread_record_get();

  return record != NULL && record->hook != NULL;
}

bool blocking_in_callback(void)
{
  const struct thread_record *record = thread_record_get();

  return record != NULL && record->in_callback;
}

/* Made once and kept until the record goes: a canceller may still be about to set
 * it when the wait it was meant for is over. */
static HANDLE wake_event(struct thread_record *record)
{
  HANDLE wake = atomic_load_explicit(&record->wake, memory_order_relaxed);

  if (wake == NULL) {
    wake = CreateEventW(NULL, FALSE, FALSE, NULL);
    atomic_store_explicit(&record->wake, wake, memory_order_release);
  }
  return wake;
}

int blocking_begin(struct blocking_operation *operation, HANDLE *wake)
{
  struct thread_record *record = thread_record_get_or_create();

  if (record == NULL)
    return WSAENOBUFS;
  if (record->in_callback)
    return WSAEINPROGRESS;
  *wake = wake_event(record);
  if (*wake == NULL)
    return WSAENOBUFS;
  thread_record_reference(record);
  operation->record = record;
  operation->number = numbers_draw(&record->numbers);
  operation->resumed = operation_current(record);
  operation->unclaimed = true;
  operation->outer = record->innermost;
  record->innermost = operation;
  operation_set_current(record, operation->number);
  return 0;
}

bool blocking_end(struct blocking_operation *operation)
{
  struct thread_record *record = thread_record_get();

  if (record == NULL || record != operation->record)
    return false;
  operation_set_current(record, operation->resumed);
  operation_leave_cancelled(record, operation->number);
  record->innermost = operation->outer;
  thread_record_release(record);
  return true;
}

bool blocking_is_cancelled(const struct blocking_operation *operation)
{
  return operation_is_cancelled(operation->record, operation->number);
}

static bool begun_by_base(const struct thread_record *record, uintptr_t number,
                          bool (*is_base_entry)(DWORD id))
{
  DWORD id;

  for (const struct blocking_operation *wait = record->innermost; wait; wait = wait->outer) {
    if (wait->number == number)
      return true;
  }
  return numbers_get_entry(&record->numbers, number, &id) && is_base_entry(id);
}

bool blocking_cancel_base_operation(bool (*is_base_entry)(DWORD id))
{
  struct thread_record *record = thread_record_get();
  uintptr_t number;

  if (record == NULL)
    return false;
  number = operation_current(record);
  if (number == 0 || !begun_by_base(record, number, is_base_entry))
    number = record->innermost != NULL ? record->innermost->number : 0;
  if (number == 0)
    return false;
  operation_cancel(record, number);
  return true;
}
