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

/* Created once and kept until the record is freed: a canceller may set it after the wait that it
 * was for has ended. */
static HANDLE blocking_wake_event(struct thread_record *record)
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
  *wake = blocking_wake_event(record);
  if (*wake == NULL)
    return WSAENOBUFS;
  thread_record_reference(record);
  operation->record = record;
  operation->id = ids_allocate(&record->ids);
  operation->previous_current = operation_current(record);
  operation->awaiting_query = true;
  operation->outer = record->innermost;
  record->innermost = operation;
  operation_set_current(record, operation->id);
  return 0;
}

bool blocking_end(struct blocking_operation *operation)
{
  struct thread_record *record = thread_record_get();

  if (record == NULL || record != operation->record)
    return false;
  operation_set_current(record, operation->previous_current); /* mutant: current_not_restored */
  operation_remove_cancel(record, operation->id);
  record->innermost = operation->outer;
  thread_record_release(record); /* mutant: wait_closes_event */
  return true;
}

bool blocking_is_cancelled(const struct blocking_operation *operation)
{
  return operation_is_cancelled(operation->record, operation->id);
}

static bool blocking_is_base_operation(const struct thread_record *record, uintptr_t id,
                                       bool (*is_base_entry)(DWORD catalog_entry_id))
{
  DWORD catalog_entry_id;

  for (const struct blocking_operation *wait = record->innermost; wait; wait = wait->outer) {
    if (wait->id == id)
      return true;
  }
  return ids_get_entry(&record->ids, id, &catalog_entry_id) && is_base_entry(catalog_entry_id);
}

bool blocking_cancel_base_operation(bool (*is_base_entry)(DWORD catalog_entry_id))
{
  struct thread_record *record = thread_record_get();
  uintptr_t id;

  if (record == NULL)
    return false;
  id = operation_current(record);
  if (id == 0 || !blocking_is_base_operation(record, id, is_base_entry))
    id = record->innermost != NULL ? record->innermost->id : 0;
  if (id == 0)
    return false;
  operation_cancel(record, id);
  return true;
}
