#include "base/afd_poll.h"

#include "platform/heap.h"

#include <limits.h>
#include <stdatomic.h>
#include <winternl.h>

#define IOCTL_AFD_POLL 0x00012024

static _Atomic(HANDLE) driver;

static HANDLE open_driver(void)
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

/* Two threads may open it at the same time; the second hands its own back. */
static HANDLE driver_handle(void)
{
  HANDLE present = atomic_load(&driver);
  HANDLE opened;

  if (present != NULL)
    return present;
  opened = open_driver();
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

/* ntstatus.h and winnt.h cannot be included together. A poll that did not start for any
 * other reason was asked about something that is not a socket. */
static int failure_to_start(NTSTATUS status)
{
  switch ((ULONG)status) {
  case 0xC0000017: /* STATUS_NO_MEMORY */
  case 0xC0000044: /* STATUS_QUOTA_EXCEEDED */
  case 0xC000009A: /* STATUS_INSUFFICIENT_RESOURCES */
    return WSAENOBUFS;
  default:
    return WSAENOTSOCK;
  }
}

static int start(struct base_wait *wait, HANDLE handle, struct afd_poll *poll)
{
  IO_STATUS_BLOCK *status = (IO_STATUS_BLOCK *)base_wait_overlapped(wait);
  const ULONG size = (ULONG)(sizeof *poll + poll->count * sizeof poll->sockets[0]);
  NTSTATUS result;

  wait->io_handle = handle;
  wait->overlapped.Internal = (ULONG_PTR)STATUS_PENDING;
  /* Without an APC context no packet can go to a port: the event is used as it is. */
  result = NtDeviceIoControlFile(handle, wait->event, NULL, NULL, status, IOCTL_AFD_POLL, poll,
                                 size, poll, size);
  if (result == (NTSTATUS)STATUS_PENDING)
    return WSA_IO_PENDING;
  return result < 0 ? failure_to_start(result) : 0;
}

/* A poll that failed has said nothing about its sockets. */
static int outcome(const struct base_wait *wait)
{
  if ((LONG)wait->overlapped.Internal >= 0)
    return 0;
  return atomic_load(&wait->interrupted) ? WSAEINTR : WSAENETDOWN;
}

int afd_poll_wait(struct base_wait *wait, struct afd_poll *poll)
{
  const HANDLE handle = driver_handle();
  int error = base_wait_again(wait);

  if (error != 0)
    return error;
  if (handle == NULL)
    return WSAENETDOWN;
  error = base_wait_finish(wait, start(wait, handle, poll));
  return error != 0 ? error : outcome(wait);
}

int afd_poll_wait_for(struct base_wait *wait, ULONG events)
{
  struct afd_poll *poll = wait->owned;
  int error;

  /* The wait's one piece of memory is free for it: only waits for one socket come here. */
  if (poll == NULL)
    poll = wait->owned = afd_poll_new(1);
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
