/* WPUQueryBlockingCallback. This is the hot path of the whole DLL: a provider calls it in each call
 * that has to wait. So the common case is inlined into one function that calls nothing but the
 * guarded store, and each rare case is out of line. */
#include "upcalls/upcalls.h"

#include "blocking/callback.h"
#include "blocking/hook_error_text.h"
#include "blocking/operation.h"
#include "blocking/winsock_state.h"
#include "catalog/catalog.h"
#include "platform/caller_memory.h"
#include "platform/compiler.h"
#include "platform/guarded_access.h"
#include "platform/log.h"

/* --- the operation that a query begins (D2) ----------------------------------------- */

/* A base wait's own query belongs to the wait and begins no operation of its own. */
static inline struct blocking_operation *query_awaiting_wait(const struct thread_record *record)
{
  struct blocking_operation *wait = record->innermost;

  return wait != NULL && wait->awaiting_query ? wait : NULL;
}

/* Begins an operation and returns its context. The thread has a hook and an unused id. */
static inline uintptr_t query_begin(struct thread_record *record, DWORD catalog_entry_id)
{
  struct blocking_operation *wait = query_awaiting_wait(record);
  uintptr_t id;

  record->previous_current = operation_current(record);
  record->claimed_wait = wait;
  if (wait != NULL) {
    record->claimed_wait_entry = wait->catalog_entry_id;
    wait->awaiting_query = false;
    wait->catalog_entry_id = catalog_entry_id;
    return wait->id;
  }
  id = record->ids.next++;
  ids_set_entry(&record->ids, id, catalog_entry_id);
  operation_set_current(record, id);
  return id;
}

/* Undoes query_begin: the provider did not get the context. The id is not used again, because a
 * canceller may have read it. */
static void query_undo(struct thread_record *record)
{
  operation_set_current(record, record->previous_current);
  if (record->claimed_wait != NULL) {
    record->claimed_wait->awaiting_query = true;
    record->claimed_wait->catalog_entry_id = record->claimed_wait_entry;
  }
}

/* --- storing the results ------------------------------------------------------------ */

/* guarded_store_query continues here if a pointer is bad, with its own arguments. Reports "no
 * callback" where it can. */
static int query_fail_store(void *callback, uintptr_t callback_value, void *context,
                            uintptr_t context_value, int *lpErrno)
{
  (void)callback_value;
  (void)context_value;
  caller_store_pointer(callback, 0);
  caller_store_pointer(context, 0);
  caller_store_int(lpErrno, WSAEFAULT);
  log_event("WPUQueryBlockingCallback: one of the pointers %p, %p, %p cannot be written", callback,
            context, (void *)lpErrno);
  return SOCKET_ERROR;
}

static int query_undo_and_fail_store(void *callback, uintptr_t callback_value, void *context,
                                     uintptr_t context_value, int *lpErrno)
{
  query_undo(thread_record_get()); /* mutant: failed_query_stays_current */
  return query_fail_store(callback, callback_value, context, context_value, lpErrno);
}

static int query_return_callback(DWORD id, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context,
                                 LPINT lpErrno);

OUT_OF_LINE static int query_with_new_block(DWORD id, LPBLOCKINGCALLBACK *callback,
                                            PDWORD_PTR context, LPINT lpErrno)
{
  ids_reserve_block(&thread_record_get()->ids);
  return query_return_callback(id, callback, context, lpErrno);
}

OUT_OF_LINE static int query_return_callback(DWORD id, LPBLOCKINGCALLBACK *callback,
                                             PDWORD_PTR context, LPINT lpErrno)
{
  struct thread_record *record = thread_record_get();

  if (ids_are_used_up(&record->ids))
    return query_with_new_block(id, callback, context, lpErrno);
  return guarded_store_query(callback, (uintptr_t)blocking_callback, context,
                             query_begin(record, id), lpErrno, query_undo_and_fail_store);
}

static int query_succeed(const struct thread_record *record, DWORD id, LPBLOCKINGCALLBACK *callback,
                         PDWORD_PTR context, LPINT lpErrno)
{
  if (record != NULL && record->hook != NULL)
    return query_return_callback(id, callback, context, lpErrno);
  return guarded_store_query(callback, 0, context, 0, lpErrno, query_fail_store);
}

/* --- errors ------------------------------------------------------------------------- */

/* ws2spi/nf-ws2spi-wpuqueryblockingcallback, in the order of D1. An unknown id is an error with or
 * without a hook; ReactOS checks the id only if there is a hook. WSAEINPROGRESS is not on the page,
 * but the nesting rule of the 1.1 specification needs it. */
static int query_error(DWORD id, const struct thread_record *record)
{
  if (winsock_state_is_down())
    return WSANOTINITIALISED;
  if (!catalog_contains(id))
    return WSAEINVAL;
  if (record != NULL && record->in_callback)
    return WSAEINPROGRESS;
  return 0;
}

/* True only if query_error returns 0; false may be wrong. Calls nothing. */
static inline bool query_fast_check(DWORD id, const struct thread_record *record)
{
  return !winsock_state_is_cleaned_up() && catalog_contains_unlocked(id) &&
         (record == NULL || !record->in_callback);
}

/* A bad pointer takes precedence over the other errors. So for those, too, all three out values are
 * stored, which detects a bad pointer. */
OUT_OF_LINE static int query_slow_path(DWORD id, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context,
                                       LPINT lpErrno)
{
  const struct thread_record *record = thread_record_get();
  const int error = query_error(id, record);

  if (error == 0)
    return query_succeed(record, id, callback, context, lpErrno);
  if (guarded_store_query(callback, 0, context, 0, lpErrno, query_fail_store) == 0 &&
      caller_store_int(lpErrno, error))
    log_event("WPUQueryBlockingCallback: entry %lu, error %d, %s", id, error,
              error == WSAEINVAL ? "not in the catalog" : hook_error_text(error));
  return SOCKET_ERROR;
}

int WSPAPI upcall_query_blocking_callback(DWORD id, LPBLOCKINGCALLBACK *callback,
                                          PDWORD_PTR context, LPINT lpErrno)
{
  const struct thread_record *record = thread_record_get();

  if (!query_fast_check(id, record))
    return query_slow_path(id, callback, context, lpErrno);
  return query_succeed(record, id, callback, context, lpErrno);
}
