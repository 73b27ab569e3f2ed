/* What WPUQueryBlockingCallback answers (D1), before it is stored. Here, and inline,
 * because this is the hot path of the whole DLL: a provider asks at every call that
 * has to wait, and the calls between the rooms would cost more than what they do. */
#ifndef WS2SPI_BLOCKING_ANSWER_H
#define WS2SPI_BLOCKING_ANSWER_H

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

/* A query of a base wait that has none of its own yet belongs to that wait. */
static inline struct blocking_operation *blocking_unclaimed_wait(const struct thread_record *record)
{
  return record->innermost != NULL && record->innermost->unclaimed ? record->innermost : NULL;
}

/* The context for a thread with a hook. Changes nothing, so that an answer that
 * cannot be stored leaves no trace. */
static inline uintptr_t blocking_next_context(struct thread_record *record)
{
  const struct blocking_operation *wait = blocking_unclaimed_wait(record);

  return wait != NULL ? wait->number : numbers_peek(&record->numbers);
}

/* The provider has the context: a blocking operation begins (D2). */
static inline void blocking_begin_queried(struct thread_record *record, DWORD catalog_entry_id,
                                          uintptr_t context)
{
  struct blocking_operation *wait = blocking_unclaimed_wait(record);

  if (wait != NULL) {
    wait->unclaimed = false;
    wait->catalog_entry_id = catalog_entry_id;
    return;
  }
  numbers_draw(&record->numbers);
  numbers_set_entry(&record->numbers, context, catalog_entry_id);
  operation_set_current(record, context);
}

#endif
