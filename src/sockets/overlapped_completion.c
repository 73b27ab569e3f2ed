#include "sockets/overlapped_completion.h"

#include "platform/caller_memory.h"

#include <stddef.h>

/* NTSTATUS_FROM_WIN32: RtlNtStatusToDosError gives the code back unchanged, and it is never
 * WSS_OPERATION_IN_PROGRESS. */
static NTSTATUS status_of(DWORD error)
{
  return error == 0 ? 0 : (NTSTATUS)(0xC0070000u | (error & 0xFFFF));
}

/* Two who finish the same request at once must not both succeed, and who polls Internal may
 * free the structure as soon as that changes: so the test and the stores are made under
 * this lock, Internal last, and the structure is not touched afterwards. */
static SRWLOCK finishing = SRWLOCK_INIT;

/* Another event than the caller saw is another request's: the structure was used again. */
static int finish_under_lock(WSAOVERLAPPED *overlapped, HANDLE event, DWORD error,
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
                            (ULONG)status_of(error)))
    return WSAEFAULT;
  return 0;
}

static int finish(WSAOVERLAPPED *overlapped, HANDLE event, DWORD error, DWORD transferred)
{
  int result;

  AcquireSRWLockExclusive(&finishing);
  result = finish_under_lock(overlapped, event, error, transferred);
  ReleaseSRWLockExclusive(&finishing);
  return result;
}

/* An event whose lowest bit is set asks for no packet, as with GetQueuedCompletionStatus. */
static bool wants_packet(HANDLE event)
{
  return ((ULONG_PTR)event & 1) == 0;
}

/* Who polls may close the event before it is set, and its value may be another object's by
 * then: so it is held by a handle of our own, as the kernel holds it. *held is NULL where there is
 * none, or none that could be set; false: there may be one, on which somebody would wait for ever. */
static bool hold_event(HANDLE event, HANDLE *held)
{
  const HANDLE process = GetCurrentProcess();
  const HANDLE plain = (HANDLE)((ULONG_PTR)event & ~(ULONG_PTR)1);

  *held = NULL;
  if (plain == NULL || DuplicateHandle(process, plain, process, held, EVENT_MODIFY_STATE, FALSE, 0))
    return true;
  *held = NULL;
  return GetLastError() == ERROR_INVALID_HANDLE || GetLastError() == ERROR_ACCESS_DENIED;
}

static void set_and_let_go(HANDLE held, bool finished)
{
  if (held == NULL)
    return;
  if (finished)
    SetEvent(held);
  CloseHandle(held);
}

static int complete_with_packet(const struct handle_record *socket, WSAOVERLAPPED *overlapped,
                                HANDLE event, DWORD error, DWORD transferred)
{
  struct completion_packet packet;
  int result;

  if (!packet_begin(&packet, transferred, status_of(error)))
    return WSAENOBUFS;
  result = finish(overlapped, event, error, transferred);
  if (result == 0)
    packet_queue(&packet, handle_record_object(socket), overlapped);
  packet_end(&packet);
  return result;
}

int overlapped_complete(const struct handle_record *socket, WSAOVERLAPPED *overlapped, DWORD error,
                        DWORD transferred)
{
  WSAOVERLAPPED copy;
  HANDLE held;
  int result;

  if (!caller_read(&copy, overlapped, sizeof copy) ||
      !caller_can_write(overlapped, sizeof *overlapped))
    return WSAEFAULT;
  if (!hold_event(copy.hEvent, &held))
    return WSAENOBUFS;
  if (wants_packet(copy.hEvent))
    result = complete_with_packet(socket, overlapped, copy.hEvent, error, transferred);
  else
    result = finish(overlapped, copy.hEvent, error, transferred);
  set_and_let_go(held, result == 0);
  return result;
}
