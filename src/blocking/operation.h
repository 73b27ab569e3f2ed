/* The blocking operations of a thread (D2).
 *
 * At most one operation of a thread is current. A query that returns a callback begins an
 * operation and makes it current. So does a base wait, which also ends its operation; the
 * previous operation is then current again. Other providers never report the end of an
 * operation, so an operation that is no longer current may have ended or may continue later: a
 * call of the callback with its context makes it current again. */
#ifndef WS2SPI_BLOCKING_OPERATION_H
#define WS2SPI_BLOCKING_OPERATION_H

#include "blocking/thread_record.h"

/* The id of the current operation of any thread; 0: none. */
static inline uintptr_t operation_current(const struct thread_record *record)
{
  return atomic_load_explicit(&record->current, memory_order_acquire);
}

/* Only for the record's own thread. */
static inline void operation_set_current(struct thread_record *record, uintptr_t id)
{
  atomic_store_explicit(&record->current, id, memory_order_release);
}

/* Adds the id to the cancelled ones. For any thread. */
void operation_cancel(struct thread_record *record, uintptr_t id);

/* Removes the id, because the operation has ended. Only for the record's own thread. */
void operation_remove_cancel(struct thread_record *record, uintptr_t id);

bool operation_find_cancel(const struct thread_record *record, uintptr_t id);

static inline bool operation_is_cancelled(const struct thread_record *record, uintptr_t id)
{
  return atomic_load_explicit(&record->any_cancelled, memory_order_acquire) &&
         operation_find_cancel(record, id);
}

/* The catalog entry whose provider began the operation. False if it is not known any more. */
bool operation_get_entry(const struct thread_record *record, uintptr_t id, DWORD *catalog_entry_id);

/* Ends all operations but base waits: the hook under which they began has been replaced. */
void operation_end_all_but_waits(struct thread_record *record);

#endif
