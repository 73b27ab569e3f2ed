#include "blocking/operation.h"

static const uintptr_t CANCELLED = 1;

static uintptr_t word_of(uintptr_t number, bool cancelled)
{
  return number << 1 | (cancelled ? CANCELLED : 0);
}

static struct blocking_operation *find_wait(const struct thread_record *record, uintptr_t number)
{
  struct blocking_operation *wait = record->innermost;

  while (wait != NULL && wait->number != number)
    wait = wait->outer;
  return wait;
}

/* --- cancels of operations that are not current --------------------------------- */

static void keep_cancel(struct thread_record *record, uintptr_t number)
{
  struct blocking_operation *wait = find_wait(record, number);

  if (wait != NULL) {
    wait->cancelled = true;
    return;
  }
  for (size_t i = PENDING_CANCELS - 1; i > 0; i--)
    record->pending_cancel[i] = record->pending_cancel[i - 1];
  record->pending_cancel[0] = number;
}

static size_t find_kept(const struct thread_record *record, uintptr_t number)
{
  size_t i = 0;

  while (i < PENDING_CANCELS && record->pending_cancel[i] != number)
    i++;
  return i;
}

static bool take_kept_cancel(struct thread_record *record, uintptr_t number)
{
  const struct blocking_operation *wait = find_wait(record, number);
  size_t i;

  if (wait != NULL)
    return wait->cancelled;
  i = find_kept(record, number);
  if (i == PENDING_CANCELS)
    return false;
  record->pending_cancel[i] = 0;
  return true;
}

/* --- the current operation --------------------------------------------------------- */

uintptr_t operation_current(const struct thread_record *record)
{
  return atomic_load_explicit(&record->current, memory_order_acquire) >> 1;
}

static void exchange_current(struct thread_record *record, uintptr_t word)
{
  const uintptr_t before = atomic_exchange(&record->current, word);

  if (before & CANCELLED)
    keep_cancel(record, before >> 1);
}

void operation_start(struct thread_record *record, uintptr_t number)
{
  exchange_current(record, word_of(number, false));
}

void operation_resume(struct thread_record *record, uintptr_t number)
{
  if (operation_current(record) != number)
    exchange_current(record, word_of(number, number != 0 && take_kept_cancel(record, number)));
}

bool operation_is_cancelled(const struct thread_record *record, uintptr_t number)
{
  const struct blocking_operation *wait;
  const uintptr_t word = atomic_load_explicit(&record->current, memory_order_acquire);

  if (word >> 1 == number)
    return (word & CANCELLED) != 0;
  wait = find_wait(record, number);
  if (wait != NULL)
    return wait->cancelled;
  return find_kept(record, number) != PENDING_CANCELS;
}

void operation_cancel(struct thread_record *record, uintptr_t number)
{
  uintptr_t word = atomic_load_explicit(&record->current, memory_order_acquire);
  struct blocking_operation *wait;

  if (word >> 1 == number) {
    /* Only the own thread changes the number, and that is us: or-ing suffices. */
    atomic_fetch_or(&record->current, CANCELLED);
    return;
  }
  wait = find_wait(record, number);
  if (wait != NULL)
    wait->cancelled = true;
}

bool operation_get_entry(const struct thread_record *record, uintptr_t number,
                         DWORD *catalog_entry_id)
{
  const struct blocking_operation *wait = find_wait(record, number);

  if (wait != NULL) {
    *catalog_entry_id = wait->catalog_entry_id;
    return true;
  }
  return numbers_get_entry(&record->numbers, number, catalog_entry_id);
}

void operation_end_all_foreign(struct thread_record *record)
{
  struct blocking_operation *wait = record->innermost;

  operation_resume(record, wait != NULL ? wait->number : 0);
  for (size_t i = 0; i < PENDING_CANCELS; i++)
    record->pending_cancel[i] = 0;
  for (; wait != NULL; wait = wait->outer)
    wait->resumed = wait->outer != NULL ? wait->outer->number : 0;
  numbers_forget(&record->numbers);
}
