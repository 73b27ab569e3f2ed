#include "sockets/iocp_post.h"

#include "platform/log.h"
#include "platform/wine.h"

#include <winioctl.h>

/* NtReadFile and NtWriteFile take the value that the packet carries and the place of the status
 * as separate arguments. WriteFile would use the caller's OVERLAPPED for both, and store
 * Internal before InternalHigh, although a program that polls Internal may read InternalHigh as
 * soon as that changes. No import library of the SDK has these functions, but every ntdll does.
 * winternl.h declares the third native function used here, NtDeviceIoControlFile. */
NTSTATUS NTAPI NtReadFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE routine, PVOID context,
                          PIO_STATUS_BLOCK status, PVOID buffer, ULONG length,
                          PLARGE_INTEGER offset, PULONG key);
NTSTATUS NTAPI NtWriteFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE routine, PVOID context,
                           PIO_STATUS_BLOCK status, PVOID buffer, ULONG length,
                           PLARGE_INTEGER offset, PULONG key);

/* The null device accepts any number of bytes, but they must be readable: more than there are
 * zeroes are allocated for the packet. Linux writes no more than MOST_BYTES at a time, so a
 * packet cannot report more under Wine. */
enum { MOST_BYTES = 0x7FFFF000, MOST_ATTEMPTS = 20 };

/* Never written. Not const, because 64 KB of .rdata would be a quarter of the DLL's file. */
static unsigned char zeroes[64 * 1024];

bool iocp_packet_prepare(struct iocp_packet *packet, DWORD count, NTSTATUS status)
{
  *packet = (struct iocp_packet){.bytes = zeroes, .count = count};
  /* Windows posts no packet for a request that fails synchronously, and every request we could make
   * fails synchronously. On Windows a failed operation is therefore posted as a success packet. */
  if (status != 0 && system_is_wine())
    packet->status = status;
  if (count <= sizeof zeroes || packet->status != 0)
    return true;
  if (count > MOST_BYTES)
    return false;
  packet->own_bytes = VirtualAlloc(NULL, count, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY);
  packet->bytes = packet->own_bytes;
  return packet->own_bytes != NULL;
}

void iocp_packet_free(const struct iocp_packet *packet)
{
  if (packet->own_bytes != NULL)
    VirtualFree(packet->own_bytes, 0, MEM_RELEASE);
}

/* The null device always completes before the call returns. If it ever did not, it would own the
 * status block until completion. */
static void iocp_wait(const IO_STATUS_BLOCK *block, NTSTATUS status)
{
  const volatile NTSTATUS *const now = &block->Status;

  while (status == STATUS_PENDING && *now == STATUS_PENDING)
    SwitchToThread();
}

static NTSTATUS iocp_write_bytes(const struct iocp_packet *packet, HANDLE device, void *context)
{
  IO_STATUS_BLOCK block = {.Status = STATUS_PENDING};
  LARGE_INTEGER start = {0};
  const NTSTATUS status = NtWriteFile(device, NULL, NULL, context, &block, (void *)packet->bytes,
                                      packet->count, &start, NULL);

  iocp_wait(&block, status);
  return status;
}

/* An ioctl of Wine that completes with the status that it is given; Wine's ws2_32 uses it to
 * fail overlapped calls. Wine 8.0 accepts it for every file, Wine 10.6 and later for sockets
 * only, by its list of changes. If it is refused, nothing is posted, and the status is never one
 * of ours. */
#define IOCTL_WINE_COMPLETE_WITH                                                                   \
  CTL_CODE(FILE_DEVICE_NETWORK, 210, METHOD_BUFFERED, FILE_ANY_ACCESS)

static NTSTATUS iocp_complete_with(NTSTATUS status, HANDLE device, void *context)
{
  IO_STATUS_BLOCK block = {.Status = STATUS_PENDING};
  const NTSTATUS result =
      NtDeviceIoControlFile(device, NULL, NULL, context, &block, IOCTL_WINE_COMPLETE_WITH, &status,
                            sizeof status, NULL, 0);

  return result == status ? 0 : result;
}

/* A read of the null device ends with STATUS_END_OF_FILE, for which Wine posts a packet. That
 * packet says that the operation failed, but not with which error. */
static NTSTATUS iocp_read_end_of_file(HANDLE device, void *context)
{
  IO_STATUS_BLOCK block = {.Status = STATUS_PENDING};
  LARGE_INTEGER start = {0};
  unsigned char byte;
  const NTSTATUS status =
      NtReadFile(device, NULL, NULL, context, &block, &byte, sizeof byte, &start, NULL);

  iocp_wait(&block, status);
  return status == STATUS_END_OF_FILE ? 0 : status;
}

static bool iocp_is_shortage(NTSTATUS status)
{
  switch (status) {
  case STATUS_NO_MEMORY:
  case STATUS_QUOTA_EXCEEDED:
  case STATUS_INSUFFICIENT_RESOURCES:
  case STATUS_TOO_MANY_OPENED_FILES: /* Wine needs a file descriptor of its own for each device */
  case STATUS_COMMITMENT_LIMIT:
    return true;
  default:
    return false;
  }
}

/* The read is only for systems that refuse the ioctl, since it loses the error code. A shortage
 * does not show whether the ioctl would be refused. */
static NTSTATUS iocp_post_once(const struct iocp_packet *packet, HANDLE device, void *overlapped)
{
  NTSTATUS status;

  if (packet->status == 0)
    return iocp_write_bytes(packet, device, overlapped);
  status = iocp_complete_with(packet->status, device, overlapped);
  if (status == 0 || iocp_is_shortage(status))
    return status;
  return iocp_read_end_of_file(device, overlapped);
}

/* The request is already completed and cannot be undone; without its packet the program might
 * wait for ever. So a shortage is retried, up to a limit. Other errors would occur again. */
void iocp_packet_post(const struct iocp_packet *packet, const struct handle_device *device,
                      const WSAOVERLAPPED *overlapped)
{
  NTSTATUS status = iocp_post_once(packet, device->device, (void *)overlapped);

  for (DWORD attempt = 1; iocp_is_shortage(status) && attempt <= MOST_ATTEMPTS; attempt++) {
    Sleep(attempt);
    status = iocp_post_once(packet, device->device, (void *)overlapped);
  }
  if (!NT_SUCCESS(status))
    log_event("a completion packet could not be posted: status %lx", (unsigned long)status);
}
