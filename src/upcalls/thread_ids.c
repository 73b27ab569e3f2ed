#include "upcalls/upcalls.h"

#include "blocking/winsock_state.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"

/* A WSATHREADID identifies a thread by a handle of this process; the provider keeps a copy of the
 * structure (ws2spi/ns-ws2spi-wsathreadid). Its Reserved field is not used. */

/* GetThreadId fails for a closed handle and for one of any other object. */
static bool thread_ids_read(LPWSATHREADID thread, HANDLE *handle)
{
  WSATHREADID id;

  if (!caller_read(&id, thread, sizeof id))
    return false;
  *handle = id.ThreadHandle;
  return id.ThreadHandle != NULL && GetThreadId(id.ThreadHandle) != 0;
}

int WSPAPI upcall_queue_apc(LPWSATHREADID thread, LPWSAUSERAPC apc, DWORD_PTR context,
                            LPINT lpErrno)
{
  HANDLE handle;

  if (!spi_begin_upcall_in("WPUQueueApc", lpErrno))
    return SOCKET_ERROR;
  if (!thread_ids_read(thread, &handle) || !caller_can_execute((const void *)(uintptr_t)apc) ||
      !QueueUserAPC(apc, handle, context))
    return spi_fail_in("WPUQueueApc", lpErrno, WSAEFAULT);
  return 0;
}

static int thread_ids_open_current(LPWSATHREADID thread)
{
  const HANDLE process = GetCurrentProcess();
  WSATHREADID id = {NULL, 0};

  if (winsock_state_is_down())
    return WSANOTINITIALISED;
  if (!caller_can_write(thread, sizeof *thread))
    return WSAEFAULT;
  if (!DuplicateHandle(process, GetCurrentThread(), process, &id.ThreadHandle, 0, FALSE,
                       DUPLICATE_SAME_ACCESS))
    return WSASYSCALLFAILURE;
  if (caller_write(thread, &id, sizeof id))
    return 0;
  CloseHandle(id.ThreadHandle);
  return WSAEFAULT;
}

int WSPAPI upcall_open_current_thread(LPWSATHREADID thread, LPINT lpErrno)
{
  if (!spi_begin_upcall_in("WPUOpenCurrentThread", lpErrno))
    return SOCKET_ERROR;
  return spi_result_in("WPUOpenCurrentThread", lpErrno, thread_ids_open_current(thread));
}

/* Clears the handle in the caller's structure, so that a second close fails instead of closing
 * another object. */
static int thread_ids_close(LPWSATHREADID thread)
{
  const WSATHREADID closed = {NULL, 0};
  HANDLE handle;

  if (winsock_state_is_down())
    return WSANOTINITIALISED;
  if (!thread_ids_read(thread, &handle) || !caller_write(thread, &closed, sizeof closed))
    return WSAEFAULT;
  CloseHandle(handle);
  return 0;
}

int WSPAPI upcall_close_thread(LPWSATHREADID thread, LPINT lpErrno)
{
  if (!spi_begin_upcall_in("WPUCloseThread", lpErrno))
    return SOCKET_ERROR;
  return spi_result_in("WPUCloseThread", lpErrno, thread_ids_close(thread));
}
