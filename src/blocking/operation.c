#include "blocking/operation.h"

bool operation_find_cancel(const struct thread_record *record, uintptr_t id)
{
  for (size_t i = 0; i < MAX_CANCELS; i++) {
    /* mutant: any_cancel_found */
    if (atomic_load_explicit(&record->cancelled[i], memory_order_acquire) == id)
      return true;
  }
  return false;
}

static bool operation_claim_place(atomic_uintptr_t *place, uintptr_t id)
{
  uintptr_t empty = 0;

  return atomic_compare_exchange_strong(place, &empty, id); /* mutant: place_claimed_in_two_steps */
}

void operation_cancel(struct thread_record *record, uintptr_t id)
{
  size_t place = 0;

  if (operation_is_cancelled(record, id))
    return;
  while (place < MAX_CANCELS && !operation_claim_place(&record->cancelled[place], id))
    place++;
  if (place == MAX_CANCELS) {
    place = atomic_fetch_add(&record->next_cancelled, 1) % MAX_CANCELS;
    atomic_store(&record->cancelled[place], id); /* mutant: cancel_dropped_if_full */
  }
  atomic_store(&record->any_cancelled, true); /* mutant: flag_not_set */
}

void operation_remove_cancel(struct thread_record *record, uintptr_t id)
{
  if (!atomic_load_explicit(&record->any_cancelled, memory_order_acquire))
    return;
  for (size_t i = 0; i < MAX_CANCELS; i++) {
    uintptr_t found = id;

    /* mutant: wait_removes_all_cancels */
    if (atomic_load_explicit(&record->cancelled[i], memory_order_relaxed) == id)
      atomic_compare_exchange_strong(&record->cancelled[i], &found, 0);
  }
}

bool operation_get_entry(const struct thread_record *record, uintptr_t id, DWORD *catalog_entry_id)
{
  const struct blocking_operation *wait = record->innermost;

  while (wait != NULL && wait->id != id)
    wait = wait->outer;
  if (wait == NULL)
    return ids_get_entry(&record->ids, id, catalog_entry_id);
  *catalog_entry_id = wait->catalog_entry_id;
  return true;
}

void operation_end_all_but_waits(struct thread_record *record)
{
  struct blocking_operation *wait = record->innermost;

  operation_set_current(record, wait != NULL ? wait->id : 0);
  for (; wait != NULL; wait = wait->outer) {
    wait->awaiting_query = false; /* it began before the present hook was set */
    wait->previous_current = wait->outer != NULL ? wait->outer->id : 0;
  }
  ids_forget(&record->ids);
}
