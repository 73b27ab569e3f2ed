/* What WPUQueryBlockingCallback answers (D1), before it is stored. Here, and inline,
 * because this is the hot path of the whole DLL: a provider asks at every call that
 * has to wait, and the calls between the rooms would cost more than what they do. */
#ifndef WS2SPI_UPCALLS_QUERY_INLINE_H
#define WS2SPI_UPCALLS_QUERY_INLINE_H

#include "blocking/callback.h"
#include "blocking/operation.h"
#include "blocking/winsock_state.h"
#include "catalog/catalog.h"

/* ws2spi/nf-ws2spi-wpuqueryblockingcallback, in the order of D1. An unknown id is
 * refused whether or not there is a hook (ReactOS checks it only with one).
 * WSAEINPROGRESS is not on the page; the nesting rule of the 1.1 specification
 * needs it. */
static inline int blocking_refuse_query(DWORD catalog_entry_id, const struct thread_record *record)
{
  if (winsock_state_is_down())
    return WSANOTINITIALISED;
  if (!catalog_contains(catalog_entry_id))
    return WSAEINVAL;
  if (record != NULL && record->in_callback)
    return WSAEINPROGRESS;
  return 0;
}

/* Whether the above is 0, as far as can be told without a call. */
static inline bool blocking_surely_accepts_query(DWORD catalog_entry_id,
                                                 const struct thread_record *record)
{
  return !winsock_state_is_cleaned_up() && catalog_contains_unlocked(catalog_entry_id) &&
         (record == NULL || !record->in_callback);
}

/* A query of a base wait that has none of its own yet belongs to that wait. */
static inline struct blocking_operation *blocking_unclaimed_wait(const struct thread_record *record)
{
  return record->innermost != NULL && record->innermost->unclaimed ? record->innermost : NULL;
}

/* For a thread with a hook and a number left: begins a blocking operation (D2) and
 * returns its context. */
static inline uintptr_t blocking_begin_query(struct thread_record *record, DWORD catalog_entry_id)
{
  struct blocking_operation *wait = blocking_unclaimed_wait(record);
  uintptr_t number;

  record->displaced = operation_current(record);
  record->claimed = wait;
  if (wait != NULL) {
    record->claimed_from = wait->catalog_entry_id;
    wait->unclaimed = false;
    wait->catalog_entry_id = catalog_entry_id;
    return wait->number;
  }
  number = record->numbers.next++;
  numbers_set_entry(&record->numbers, number, catalog_entry_id);
  operation_set_current(record, number);
  return number;
}

/* The provider could not be given the context. The number is not drawn again: a
 * canceller may have seen it. */
static inline void blocking_take_back_query(struct thread_record *record)
{
  operation_set_current(record, record->displaced);
  if (record->claimed != NULL) {
    record->claimed->unclaimed = true;
    record->claimed->catalog_entry_id = record->claimed_from;
  }
}

#endif
