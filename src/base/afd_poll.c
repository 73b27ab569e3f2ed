#include "base/afd_poll.h"

#include "platform/heap.h"

#include <limits.h>
#include <stdatomic.h>

#define IOCTL_AFD_POLL 0x00012024

/* The handle of the driver; NULL until the first poll. */
static _Atomic(HANDLE) driver;

static HANDLE afd_poll_open_driver(void)
{
  static WCHAR name[] = L"\\Device\\Afd\\ws2spi";
  UNICODE_STRING path = {sizeof name - sizeof name[0], sizeof name, name};
  OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes, .ObjectName = &path};
  IO_STATUS_BLOCK status;
  HANDLE handle;

  if (NtCreateFile(&handle, SYNCHRONIZE, &attributes, &status, NULL, 0,
                   FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, 0, NULL, 0) < 0)
    return NULL;
  return handle;
}

/* If two threads open the driver at the same time, the second closes its handle again. */
static HANDLE afd_poll_driver(void)
{
  HANDLE present = atomic_load(&driver);
  HANDLE opened;

  if (present != NULL)
    return present;
  opened = afd_poll_open_driver();
  if (opened == NULL || atomic_compare_exchange_strong(&driver, &present, opened))
    return opened;
  CloseHandle(opened);
  return present;
}

struct afd_poll *afd_poll_new(ULONG sockets)
{
  struct afd_poll *poll;

  if (sockets > (ULONG_MAX / 2 - sizeof *poll) / sizeof poll->sockets[0])
    return NULL;
  poll = heap_allocate(sizeof *poll + sockets * sizeof poll->sockets[0]);
  if (poll == NULL)
    return NULL;
  poll->timeout.QuadPart = INT64_MAX;
  poll->count = sockets;
  return poll;
}

/* Apart from a lack of memory, a poll is refused only if a handle in it is not a socket. */
static int afd_poll_start_error(NTSTATUS status)
{
  switch (status) {
  case STATUS_NO_MEMORY:
  case STATUS_QUOTA_EXCEEDED:
  case STATUS_INSUFFICIENT_RESOURCES:
    return WSAENOBUFS;
  default:
    return WSAENOTSOCK;
  }
}

static int afd_poll_start(struct base_wait *wait, HANDLE handle, struct afd_poll *poll)
{
  IO_STATUS_BLOCK *status = (IO_STATUS_BLOCK *)base_wait_overlapped(wait);
  const ULONG size = (ULONG)(sizeof *poll + poll->count * sizeof poll->sockets[0]);
  NTSTATUS result;

  wait->io_handle = handle;
  wait->overlapped.Internal = (ULONG_PTR)STATUS_PENDING;
  /* The event without its low bit: with no APC context, no completion packet is queued anyway. */
  result = NtDeviceIoControlFile(handle, wait->event, NULL, NULL, status, IOCTL_AFD_POLL, poll,
                                 size, poll, size);
  if (result == STATUS_PENDING)
    return WSA_IO_PENDING;
  return result < 0 ? afd_poll_start_error(result) : 0;
}

int afd_poll_wait(struct base_wait *wait, struct afd_poll *poll)
{
  const HANDLE handle = afd_poll_driver();
  int error = base_wait_again(wait);

  if (error != 0)
    return error;
  if (handle == NULL)
    return WSAENETDOWN;
  error = base_wait_finish(wait, afd_poll_start(wait, handle, poll));
  if (error != 0 || (NTSTATUS)wait->overlapped.Internal >= 0)
    return error;
  /* The poll failed, so *poll says nothing about its sockets. */
  return atomic_load(&wait->interrupted) ? WSAEINTR : WSAENETDOWN;
}

/* Only waits for one socket come here, so nothing else uses owned_memory. */
int afd_poll_wait_for(struct base_wait *wait, ULONG events)
{
  struct afd_poll *poll = wait->owned_memory;
  int error;

  if (poll == NULL)
    poll = wait->owned_memory = afd_poll_new(1);
  if (poll == NULL)
    return WSAENOBUFS;
  poll->timeout.QuadPart = INT64_MAX;
  poll->count = 1;
  poll->sockets[0].handle = (HANDLE)wait->socket->handle;
  poll->sockets[0].events = events | AFD_LOCAL_CLOSE;
  poll->sockets[0].status = 0;
  error = afd_poll_wait(wait, poll);
  if (error == 0 && atomic_load(&wait->socket->closing))
    return WSAEINTR;
  return error;
}

void afd_poll_clear(void)
{
  const HANDLE handle = atomic_exchange(&driver, NULL);

  if (handle != NULL)
    CloseHandle(handle);
}
