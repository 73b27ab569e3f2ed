#include "upcalls/upcalls.h"

#include "blocking/blocking.h"
#include "platform/caller_memory.h"
#include "platform/log.h"

/* Not all three can be stored: those that can say that there is no callback. */
static int fail_for_bad_pointers(LPBLOCKINGCALLBACK *callback, PDWORD_PTR context, LPINT lpErrno)
{
  caller_store_pointer(callback, 0);
  caller_store_pointer(context, 0);
  caller_store_int(lpErrno, WSAEFAULT);
  log_event("WPUQueryBlockingCallback: bad out pointer among %p, %p, %p", (void *)callback,
            (void *)context, (void *)lpErrno);
  return SOCKET_ERROR;
}

int WSPAPI upcall_query_blocking_callback(DWORD id, LPBLOCKINGCALLBACK *callback,
                                          PDWORD_PTR context, LPINT lpErrno)
{
  struct blocking_answer answer;
  const int error = blocking_prepare_answer(id, &answer);

  if (!caller_store_query(callback, (uintptr_t)answer.callback, context, answer.context, lpErrno,
                          error))
    return fail_for_bad_pointers(callback, context, lpErrno);
  if (error != 0) {
    log_event("WPUQueryBlockingCallback: entry %lu, error %d", id, error);
    return SOCKET_ERROR;
  }
  blocking_commit_answer(&answer);
  return 0;
}
