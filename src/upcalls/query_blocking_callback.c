#include "upcalls/upcalls.h"

#include "blocking/hook_error_text.h"
#include "platform/caller_memory.h"
#include "platform/compiler.h"
#include "platform/guarded_access.h"
#include "platform/log.h"
#include "upcalls/query_inline.h"

/* The answer cannot be stored. Where storing is possible, there is no callback; the
 * values that could not be stored are of no interest any more. */
static int fail_for_bad_pointers(void *callback, uintptr_t callback_value, void *context,
                                 uintptr_t context_value, int *lpErrno, int error)
{
  (void)callback_value;
  (void)context_value;
  (void)error;
  caller_store_pointer(callback, 0);
  caller_store_pointer(context, 0);
  caller_store_int(lpErrno, WSAEFAULT);
  log_event("WPUQueryBlockingCallback: bad out pointer among %p, %p, %p", callback, context,
            (void *)lpErrno);
  return SOCKET_ERROR;
}

/* The operation has begun already; what was current before is current again. */
static int take_back(void *callback, uintptr_t callback_value, void *context,
                     uintptr_t context_value, int *lpErrno, int error)
{
  blocking_take_back_query(thread_record_get());
  return fail_for_bad_pointers(callback, callback_value, context, context_value, lpErrno, error);
}

static int give_none(LPBLOCKINGCALLBACK *callback, PDWORD_PTR context, LPINT lpErrno)
{
  return guarded_store_query(callback, 0, context, 0, lpErrno, 0, fail_for_bad_pointers);
}

static int give_callback(DWORD id, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context, LPINT lpErrno);

OUT_OF_LINE static int give_callback_of_a_new_block(DWORD id, LPBLOCKINGCALLBACK *callback,
                                                    PDWORD_PTR context, LPINT lpErrno)
{
  numbers_reserve_block(&thread_record_get()->numbers);
  return give_callback(id, callback, context, lpErrno);
}

OUT_OF_LINE static int give_callback(DWORD id, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context,
                                     LPINT lpErrno)
{
  struct thread_record *record = thread_record_get();

  if (numbers_are_used_up(&record->numbers))
    return give_callback_of_a_new_block(id, callback, context, lpErrno);
  return guarded_store_query(callback, (uintptr_t)blocking_callback, context,
                             blocking_begin_query(record, id), lpErrno, 0, take_back);
}

static int give(const struct thread_record *record, DWORD id, LPBLOCKINGCALLBACK *callback,
                PDWORD_PTR context, LPINT lpErrno)
{
  if (record != NULL && record->hook != NULL)
    return give_callback(id, callback, context, lpErrno);
  return give_none(callback, context, lpErrno);
}

/* A bad pointer comes before the other errors, so an error too is stored in all three. */
OUT_OF_LINE static int give_or_refuse(DWORD id, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context,
                                      LPINT lpErrno)
{
  const struct thread_record *record = thread_record_get();
  const int error = blocking_refuse_query(id, record);

  if (error == 0)
    return give(record, id, callback, context, lpErrno);
  if (guarded_store_query(callback, 0, context, 0, lpErrno, error, fail_for_bad_pointers) == 0)
    log_event("WPUQueryBlockingCallback: entry %lu, error %d, %s", id, error,
              error == WSAEINVAL ? "not in the catalog" : refusal_reason(error));
  return SOCKET_ERROR;
}

int WSPAPI upcall_query_blocking_callback(DWORD id, LPBLOCKINGCALLBACK *callback,
                                          PDWORD_PTR context, LPINT lpErrno)
{
  const struct thread_record *record = thread_record_get();

  if (!blocking_surely_accepts_query(id, record))
    return give_or_refuse(id, callback, context, lpErrno);
  return give(record, id, callback, context, lpErrno);
}
