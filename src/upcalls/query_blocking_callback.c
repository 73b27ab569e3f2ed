#include "upcalls/upcalls.h"

#include "blocking/answer.h"
#include "platform/caller_memory.h"
#include "platform/compiler.h"
#include "platform/log.h"

/* Not all three can be stored: those that can say that there is no callback. */
OUT_OF_LINE static int fail_for_bad_pointers(LPBLOCKINGCALLBACK *callback, PDWORD_PTR context,
                                             LPINT lpErrno)
{
  caller_store_pointer(callback, 0);
  caller_store_pointer(context, 0);
  caller_store_int(lpErrno, WSAEFAULT);
  log_event("WPUQueryBlockingCallback: bad out pointer among %p, %p, %p", (void *)callback,
            (void *)context, (void *)lpErrno);
  return SOCKET_ERROR;
}

/* A bad pointer comes before the other errors, so an error too is stored in all three. */
OUT_OF_LINE static int refuse(DWORD id, int error, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context,
                              LPINT lpErrno)
{
  if (!caller_store_query(callback, 0, context, 0, lpErrno, error))
    return fail_for_bad_pointers(callback, context, lpErrno);
  log_event("WPUQueryBlockingCallback: entry %lu, error %d", id, error);
  return SOCKET_ERROR;
}

OUT_OF_LINE static int give_callback(DWORD id, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context,
                                     LPINT lpErrno)
{
  struct thread_record *record = thread_record_get();
  const uintptr_t value = blocking_next_context(record);

  if (!caller_store_query(callback, (uintptr_t)blocking_callback, context, value, lpErrno, 0))
    return fail_for_bad_pointers(callback, context, lpErrno);
  blocking_begin_queried(record, id, value);
  return 0;
}

static int give_none(LPBLOCKINGCALLBACK *callback, PDWORD_PTR context, LPINT lpErrno)
{
  if (!caller_store_query(callback, 0, context, 0, lpErrno, 0))
    return fail_for_bad_pointers(callback, context, lpErrno);
  return 0;
}

int WSPAPI upcall_query_blocking_callback(DWORD id, LPBLOCKINGCALLBACK *callback,
                                          PDWORD_PTR context, LPINT lpErrno)
{
  const struct thread_record *record = thread_record_get();
  const int error = blocking_refuse_query(id, record);

  if (error != 0)
    return refuse(id, error, callback, context, lpErrno);
  if (record != NULL && record->hook != NULL)
    return give_callback(id, callback, context, lpErrno);
  return give_none(callback, context, lpErrno);
}
