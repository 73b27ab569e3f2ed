/* The blocking operations of a thread (D2).
 *
 * At most one operation is current. A query that yields a callback makes a new one
 * current; so does a base wait, which ends its own and gives the currency back to
 * the one before it. A provider never says that its operation is over, so an
 * operation that is not current any more may be over or may go on later: a call of
 * the callback with its context makes it current again, and a cancel that it
 * received is kept for it meanwhile. */
#ifndef WS2SPI_BLOCKING_OPERATION_H
#define WS2SPI_BLOCKING_OPERATION_H

#include "blocking/thread_record.h"

/* Makes a new operation current. */
void operation_start(struct thread_record *record, uintptr_t number);

/* Makes an earlier operation current again; 0: none. */
void operation_resume(struct thread_record *record, uintptr_t number);

bool operation_is_cancelled(const struct thread_record *record, uintptr_t number);

/* Which catalog entry's provider began it. False if it is not remembered. */
bool operation_get_entry(const struct thread_record *record, uintptr_t number,
                         DWORD *catalog_entry_id);

uintptr_t operation_current(const struct thread_record *record);

/* Cancels the operation if it is current, or a base wait; else does nothing. */
void operation_cancel(struct thread_record *record, uintptr_t number);

/* Ends all but the base provider's waits: the hook they were begun under is gone. */
void operation_end_all_foreign(struct thread_record *record);

#endif
