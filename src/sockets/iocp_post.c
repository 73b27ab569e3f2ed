#include "sockets/handle_device.h"

#include "platform/log.h"
#include "platform/wine.h"

#include <winioctl.h>
#include <winternl.h>

/* The native functions, because they take the value that the packet carries apart from
 * the place of the status: WriteFile would write to the caller's OVERLAPPED, in an order
 * that reference contracts do not allow. They are in no import library of the SDK, but in
 * every ntdll. winternl.h has the third of them, NtDeviceIoControlFile. */
NTSTATUS NTAPI NtReadFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE routine, PVOID context,
                          PIO_STATUS_BLOCK status, PVOID buffer, ULONG length,
                          PLARGE_INTEGER offset, PULONG key);
NTSTATUS NTAPI NtWriteFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE routine, PVOID context,
                           PIO_STATUS_BLOCK status, PVOID buffer, ULONG length,
                           PLARGE_INTEGER offset, PULONG key);

/* The null device takes as many bytes as it is given, but they must be readable: zeroes that are
 * mapped for the purpose where these are not enough. Linux writes no more than MOST_BYTES
 * at a time, so a packet cannot report more under Wine. */
enum { MOST_BYTES = 0x7FFFF000, MOST_ATTEMPTS = 20 };

/* ntstatus.h and winnt.h cannot be included together. */
#define NTSTATUS_END_OF_FILE            ((NTSTATUS)0xC0000011)
#define NTSTATUS_NO_MEMORY              ((NTSTATUS)0xC0000017)
#define NTSTATUS_QUOTA_EXCEEDED         ((NTSTATUS)0xC0000044)
#define NTSTATUS_INSUFFICIENT_RESOURCES ((NTSTATUS)0xC000009A)
#define NTSTATUS_TOO_MANY_OPENED_FILES  ((NTSTATUS)0xC000011F)
#define NTSTATUS_COMMITMENT_LIMIT       ((NTSTATUS)0xC000012D)

/* Never written; not const, because 64 KB of .rdata would be a quarter of the DLL's file. */
static unsigned char zeroes[64 * 1024];

/* Windows queues no packet for a request that fails before it returns, as all that could fail here
 * do, so there the packet of a failure has to be a good one. */
static bool fails(NTSTATUS status)
{
  return status != 0 && system_is_wine();
}

bool packet_begin(struct completion_packet *packet, DWORD count, NTSTATUS status)
{
  *packet = (struct completion_packet){.bytes = zeroes, .count = count};
  if (fails(status))
    packet->status = status;
  if (count <= sizeof zeroes || packet->status != 0)
    return true;
  if (count > MOST_BYTES)
    return false;
  packet->own_bytes = VirtualAlloc(NULL, count, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY);
  packet->bytes = packet->own_bytes;
  return packet->own_bytes != NULL;
}

void packet_end(const struct completion_packet *packet)
{
  if (packet->own_bytes != NULL)
    VirtualFree(packet->own_bytes, 0, MEM_RELEASE);
}

/* The null device answers before it returns; should it ever not, the status block is its
 * own until it does. */
static void wait_for(const IO_STATUS_BLOCK *block, NTSTATUS status)
{
  const volatile NTSTATUS *const now = &block->Status;

  while (status == STATUS_PENDING && *now == STATUS_PENDING)
    SwitchToThread();
}

static NTSTATUS write_bytes(const struct completion_packet *packet, HANDLE device, void *context)
{
  IO_STATUS_BLOCK block = {.Status = STATUS_PENDING};
  LARGE_INTEGER start = {0};
  const NTSTATUS status = NtWriteFile(device, NULL, NULL, context, &block, (void *)packet->bytes,
                                      packet->count, &start, NULL);

  wait_for(&block, status);
  return status;
}

/* Wine has an ioctl of its own that ends with the status it is given, by which its ws2_32
 * fails overlapped calls: for every file in 8.0, since 10.6 (by its list of changes) for
 * sockets alone. A refusal queues nothing, and its status is never one of ours. */
#define IOCTL_WINE_COMPLETE_WITH                                                                   \
  CTL_CODE(FILE_DEVICE_NETWORK, 210, METHOD_BUFFERED, FILE_ANY_ACCESS)

static NTSTATUS complete_with(NTSTATUS status, HANDLE device, void *context)
{
  IO_STATUS_BLOCK block = {.Status = STATUS_PENDING};
  const NTSTATUS answer =
      NtDeviceIoControlFile(device, NULL, NULL, context, &block, IOCTL_WINE_COMPLETE_WITH, &status,
                            sizeof status, NULL, 0);

  return answer == status ? 0 : answer;
}

/* A read of the null device ends with STATUS_END_OF_FILE, and Wine queues a packet for
 * that: the packet then says that the operation failed, though not how. */
static NTSTATUS read_beyond_end(HANDLE device, void *context)
{
  IO_STATUS_BLOCK block = {.Status = STATUS_PENDING};
  LARGE_INTEGER start = {0};
  unsigned char byte;
  const NTSTATUS status =
      NtReadFile(device, NULL, NULL, context, &block, &byte, sizeof byte, &start, NULL);

  wait_for(&block, status);
  return status == NTSTATUS_END_OF_FILE ? 0 : status;
}

/* Too many files: Wine needs a descriptor of its own for each device. */
static bool is_shortage(NTSTATUS status)
{
  static const NTSTATUS shortages[] = {NTSTATUS_NO_MEMORY, NTSTATUS_QUOTA_EXCEEDED,
                                       NTSTATUS_INSUFFICIENT_RESOURCES,
                                       NTSTATUS_TOO_MANY_OPENED_FILES, NTSTATUS_COMMITMENT_LIMIT};

  for (size_t i = 0; i < sizeof shortages / sizeof shortages[0]; i++) {
    if (status == shortages[i])
      return true;
  }
  return false;
}

/* A shortage says nothing of whether the ioctl is refused, and the read would lose the code. */
static NTSTATUS queue_once(const struct completion_packet *packet, HANDLE device, void *overlapped)
{
  NTSTATUS answer;

  if (packet->status == 0)
    return write_bytes(packet, device, overlapped);
  answer = complete_with(packet->status, device, overlapped);
  if (answer == 0 || is_shortage(answer))
    return answer;
  return read_beyond_end(device, overlapped);
}

/* The request is finished by then, only the packet is missing, and the program might wait for
 * it for ever: nothing can be undone, so a shortage is waited out, up to a limit. What is refused for
 * another reason would be refused again. */
void packet_queue(const struct completion_packet *packet, const struct handle_device *object,
                  const WSAOVERLAPPED *overlapped)
{
  NTSTATUS status = queue_once(packet, object->device, (void *)overlapped);

  for (DWORD attempt = 1; is_shortage(status) && attempt <= MOST_ATTEMPTS; attempt++) {
    Sleep(attempt);
    status = queue_once(packet, object->device, (void *)overlapped);
  }
  if (!NT_SUCCESS(status))
    log_event("a completion packet could not be queued: status %lx", (unsigned long)status);
}
