#include "sockets/overlapped_completion.h"

#include "platform/caller_memory.h"
#include "sockets/iocp_post.h"

#include <stddef.h>

/* NTSTATUS_FROM_WIN32: RtlNtStatusToDosError returns the same code for it, and it never equals
 * WSS_OPERATION_IN_PROGRESS. */
static NTSTATUS overlapped_status(DWORD error)
{
  return error == 0 ? 0 : (NTSTATUS)(0xC0070000u | (error & 0xFFFF));
}

/* Lock: held over the test and the stores of a completion. If two threads complete the same
 * request, only one succeeds. Internal is stored last, and the structure is not accessed after
 * that: a program that polls Internal may free the structure as soon as it changes. */
static SRWLOCK completing = SRWLOCK_INIT;

/* A different event than before means that the structure is in use for another request by now. */
static int overlapped_store_locked(WSAOVERLAPPED *overlapped, HANDLE event, DWORD error,
                                   DWORD transferred)
{
  WSAOVERLAPPED now;

  if (!caller_read(&now, overlapped, sizeof now))
    return WSAEFAULT;
  if (now.Internal != WSS_OPERATION_IN_PROGRESS || now.hEvent != event)
    return WSAEINVAL;
  if (!caller_store_pointer(caller_offset(overlapped, offsetof(WSAOVERLAPPED, InternalHigh)),
                            transferred) ||
      !caller_store_pointer(caller_offset(overlapped, offsetof(WSAOVERLAPPED, Internal)),
                            (ULONG)overlapped_status(error)))
    return WSAEFAULT;
  return 0;
}

static int overlapped_store(WSAOVERLAPPED *overlapped, HANDLE event, DWORD error, DWORD transferred)
{
  int result;

  AcquireSRWLockExclusive(&completing);
  result = overlapped_store_locked(overlapped, event, error, transferred);
  ReleaseSRWLockExclusive(&completing);
  return result;
}

/* A program that polls may close the event before it is set, and its value may be another
 * object's by then. So the event is set through a handle of our own, as the kernel does. *held
 * is NULL if there is no event or it cannot be set. False if there may be one that could not be
 * duplicated: a thread that waits for it would wait for ever. */
static bool overlapped_hold_event(HANDLE event, HANDLE *held)
{
  const HANDLE process = GetCurrentProcess();
  const HANDLE plain = (HANDLE)((ULONG_PTR)event & ~(ULONG_PTR)1);

  *held = NULL;
  if (plain == NULL || DuplicateHandle(process, plain, process, held, EVENT_MODIFY_STATE, FALSE, 0))
    return true;
  *held = NULL;
  return GetLastError() == ERROR_INVALID_HANDLE || GetLastError() == ERROR_ACCESS_DENIED;
}

static int overlapped_store_and_post(const struct handle_record *record, WSAOVERLAPPED *overlapped,
                                     HANDLE event, DWORD error, DWORD transferred)
{
  struct iocp_packet packet;
  int result;

  if (!iocp_packet_prepare(&packet, transferred, overlapped_status(error)))
    return WSAENOBUFS;
  result = overlapped_store(overlapped, event, error, transferred);
  if (result == 0)
    iocp_packet_post(&packet, handle_record_device(record), overlapped);
  iocp_packet_free(&packet);
  return result;
}

int overlapped_complete(const struct handle_record *record, WSAOVERLAPPED *overlapped, DWORD error,
                        DWORD transferred)
{
  WSAOVERLAPPED copy;
  HANDLE held;
  int result;

  if (!caller_read(&copy, overlapped, sizeof copy) ||
      !caller_can_write(overlapped, sizeof *overlapped))
    return WSAEFAULT;
  if (!overlapped_hold_event(copy.hEvent, &held))
    return WSAENOBUFS;
  /* The low bit of the event means "no packet", as documented for GetQueuedCompletionStatus. */
  if (((ULONG_PTR)copy.hEvent & 1) == 0)
    result = overlapped_store_and_post(record, overlapped, copy.hEvent, error, transferred);
  else
    result = overlapped_store(overlapped, copy.hEvent, error, transferred);
  if (held != NULL) {
    if (result == 0)
      SetEvent(held);
    CloseHandle(held);
  }
  return result;
}
