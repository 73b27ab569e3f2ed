/* The blocking operations of a thread (D2).
 *
 * At most one operation is current. A query that yields a callback makes a new one
 * current; so does a base wait, which ends its own and gives the currency back to
 * the one before it. A provider never says that its operation is over, so an
 * operation that is not current any more may be over or may go on later: a call of
 * the callback with its context makes it current again. */
#ifndef WS2SPI_BLOCKING_OPERATION_H
#define WS2SPI_BLOCKING_OPERATION_H

#include "blocking/thread_record.h"

/* The current operation of any thread; 0: none. */
static inline uintptr_t operation_current(const struct thread_record *record)
{
  return atomic_load_explicit(&record->current, memory_order_acquire);
}

/* Only for the record's own thread. */
static inline void operation_set_current(struct thread_record *record, uintptr_t number)
{
  atomic_store_explicit(&record->current, number, memory_order_release);
}

/* Enters the number among the cancelled ones. For any thread. */
void operation_cancel(struct thread_record *record, uintptr_t number);

/* The operation is over: its place is for another. Only for the record's own thread. */
void operation_leave_cancelled(struct thread_record *record, uintptr_t number);

bool operation_is_among_cancelled(const struct thread_record *record, uintptr_t number);

static inline bool operation_is_cancelled(const struct thread_record *record, uintptr_t number)
{
  return atomic_load_explicit(&record->any_cancelled, memory_order_acquire) &&
         operation_is_among_cancelled(record, number);
}

/* Which catalog entry's provider began it. False if it is not remembered. */
bool operation_get_entry(const struct thread_record *record, uintptr_t number,
                         DWORD *catalog_entry_id);

/* Ends all but the base provider's waits: the hook they were begun under is gone. */
void operation_end_all_foreign(struct thread_record *record);

#endif
