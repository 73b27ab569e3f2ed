/* Completion packets for the port with which a handle that we made is associated. */
#ifndef WS2SPI_SOCKETS_IOCP_POST_H
#define WS2SPI_SOCKETS_IOCP_POST_H

#include "sockets/handle_device.h"

struct iocp_packet {
  NTSTATUS status;
  const void *bytes; /* as many readable bytes as the packet reports */
  void *own_bytes;   /* the same, if they were allocated for this packet */
  DWORD count;
};

/* Allocates what a packet that reports `count` bytes needs. With a status other than 0, which
 * must be an NTSTATUS_FROM_WIN32, the packet reports a failure and no bytes:
 * GetQueuedCompletionStatus then fails, with the code of the status where the system allows it.
 * False if so many bytes cannot be reported. */
bool iocp_packet_prepare(struct iocp_packet *packet, DWORD count, NTSTATUS status);
void iocp_packet_free(const struct iocp_packet *packet);

/* Posts the packet, with the address `overlapped` and the key of the association, to the port,
 * if any. Does not access the OVERLAPPED. */
void iocp_packet_post(const struct iocp_packet *packet, const struct handle_device *device,
                      const WSAOVERLAPPED *overlapped);

#endif
