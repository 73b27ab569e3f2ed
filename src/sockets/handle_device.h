/* The kernel object behind a handle that WPUCreateSocketHandle gives out.
 *
 * It must be a real one: programs pass socket handles to CreateIoCompletionPort,
 * GetHandleInformation and CloseHandle, and its value must never be a live socket's. It is
 * the null device, opened for overlapped access. What is given out is a second handle of
 * it that allows nothing but waiting and cannot be closed by CloseHandle: ReadFile and
 * WriteFile on it are refused, and the system's own socket calls say WSAENOTSOCK. The first
 * handle stays here, for completion packets: a completion port belongs to the object,
 * so what is finished through the one handle arrives where the other was associated. */
#ifndef WS2SPI_SOCKETS_HANDLE_DEVICE_H
#define WS2SPI_SOCKETS_HANDLE_DEVICE_H

#include "platform/windows_headers.h"

#include <stdbool.h>
#include <winternl.h>

struct handle_device {
  SOCKET handle; /* given out */
  HANDLE device; /* ours */
};

bool handle_device_open(struct handle_device *object);

/* A handle that has lost its protection is the program's: it may have been closed, and its value be
 * another object's by now. */
void handle_device_close_handle(const struct handle_device *object);
void handle_device_close_device(const struct handle_device *object);

/* What packet_begin took, for one packet of so many bytes. */
struct completion_packet {
  NTSTATUS status;
  const void *bytes;
  void *own_bytes; /* for packet_end */
  DWORD count;
};

/* With a status other than 0, which must be an NTSTATUS_FROM_WIN32, the packet is that of a failure
 * and carries no bytes: GetQueuedCompletionStatus fails, with the status's code where the system
 * allows it. False: so many bytes cannot be reported. */
bool packet_begin(struct completion_packet *packet, DWORD count, NTSTATUS status);
void packet_end(const struct completion_packet *packet);

/* Queues a packet with the bytes, the OVERLAPPED's address and the key of the association to
 * the port that the handle is associated with, if any; nothing that `overlapped` points to is
 * touched. */
void packet_queue(const struct completion_packet *packet, const struct handle_device *object,
                  const WSAOVERLAPPED *overlapped);

#endif
