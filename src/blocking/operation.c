#include "blocking/operation.h"

bool operation_is_among_cancelled(const struct thread_record *record, uintptr_t number)
{
  for (size_t i = 0; i < CANCELS; i++) {
    if (atomic_load_explicit(&record->cancelled[i], memory_order_acquire) == number)
      return true;
  }
  return false;
}

static bool enter_at(atomic_uintptr_t *place, uintptr_t number)
{
  uintptr_t none = 0;

  return atomic_compare_exchange_strong(place, &none, number);
}

void operation_cancel(struct thread_record *record, uintptr_t number)
{
  size_t place = 0;

  if (operation_is_cancelled(record, number))
    return;
  while (place < CANCELS && !enter_at(&record->cancelled[place], number))
    place++;
  if (place == CANCELS) {
    place = atomic_fetch_add(&record->next_cancelled, 1) % CANCELS;
    atomic_store(&record->cancelled[place], number);
  }
  atomic_store(&record->any_cancelled, true);
}

void operation_leave_cancelled(struct thread_record *record, uintptr_t number)
{
  if (!atomic_load_explicit(&record->any_cancelled, memory_order_acquire))
    return;
  for (size_t i = 0; i < CANCELS; i++) {
    uintptr_t found = number;

    if (atomic_load_explicit(&record->cancelled[i], memory_order_relaxed) == number)
      atomic_compare_exchange_strong(&record->cancelled[i], &found, 0);
  }
}

static const struct blocking_operation *find_wait(const struct thread_record *record,
                                                  uintptr_t number)
{
  const struct blocking_operation *wait = record->innermost;

  while (wait != NULL && wait->number != number)
    wait = wait->outer;
  return wait;
}

bool operation_get_entry(const struct thread_record *record, uintptr_t number,
                         DWORD *catalog_entry_id)
{
  const struct blocking_operation *wait = find_wait(record, number);

  if (wait == NULL)
    return numbers_get_entry(&record->numbers, number, catalog_entry_id);
  *catalog_entry_id = wait->catalog_entry_id;
  return true;
}

void operation_end_all_foreign(struct thread_record *record)
{
  struct blocking_operation *wait = record->innermost;

  operation_set_current(record, wait != NULL ? wait->number : 0);
  for (; wait != NULL; wait = wait->outer) {
    wait->unclaimed = false; /* it was begun without the hook that is set now */
    wait->resumed = wait->outer != NULL ? wait->outer->number : 0;
  }
  numbers_forget(&record->numbers);
}
