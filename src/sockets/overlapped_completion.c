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

static int finish_under_lock(WSAOVERLAPPED *overlapped, DWORD error, DWORD transferred)
{
  ULONG_PTR internal;

  if (!caller_read(&internal, &overlapped->Internal, sizeof internal))
    return WSAEFAULT;
  if (internal != WSS_OPERATION_IN_PROGRESS)
    return WSAEINVAL;
  if (!caller_store_pointer(&overlapped->InternalHigh, transferred) ||
      !caller_store_pointer(&overlapped->Internal, (ULONG)status_of(error)))
    return WSAEFAULT;
  return 0;
}

static int finish(WSAOVERLAPPED *overlapped, DWORD error, DWORD transferred)
{
  int result;

  AcquireSRWLockExclusive(&finishing);
  result = finish_under_lock(overlapped, error, transferred);
  ReleaseSRWLockExclusive(&finishing);
  return result;
}

/* An event whose lowest bit is set asks for no packet, as with GetQueuedCompletionStatus. */
static bool wants_packet(HANDLE event)
{
  return ((ULONG_PTR)event & 1) == 0;
}

static void notify(const struct completion_packet *packet, const struct made_socket *socket,
                   const WSAOVERLAPPED *overlapped, HANDLE event, DWORD error)
{
  if (wants_packet(event))
    packet_queue(packet, made_socket_object(socket), overlapped, status_of(error));
  if (event != NULL)
    SetEvent((HANDLE)((ULONG_PTR)event & ~(ULONG_PTR)1));
}

int overlapped_complete(const struct made_socket *socket, WSAOVERLAPPED *overlapped, DWORD error,
                        DWORD transferred)
{
  struct completion_packet packet;
  WSAOVERLAPPED copy;
  int result;

  if (!caller_read(&copy, overlapped, sizeof copy) ||
      !caller_can_write(overlapped, sizeof *overlapped))
    return WSAEFAULT;
  if (!packet_begin(&packet, transferred))
    return WSAENOBUFS;
  result = finish(overlapped, error, transferred);
  if (result == 0)
    notify(&packet, socket, overlapped, copy.hEvent, error);
  packet_end(&packet);
  return result;
}
