/* Arguments that callers pass by pointer, copied and checked before the system sees them: under
 * Wine the system itself faults on some bad pointers. */
#ifndef WS2SPI_BASE_CALLER_BUFFERS_H
#define WS2SPI_BASE_CALLER_BUFFERS_H

#include "platform/windows_headers.h"

#include <stdbool.h>

/* A copy of a WSABUF array. A short one needs no heap memory. */
struct caller_buffers {
  WSABUF *list;
  DWORD count;
  bool on_heap;
  WSABUF few[8];
};

enum buffer_use { BUFFERS_ARE_READ, BUFFERS_ARE_WRITTEN };

/* 0, WSAEFAULT, WSAEINVAL (no buffer, or too many) or WSAENOBUFS. */
int caller_buffers_copy(struct caller_buffers *buffers, const WSABUF *array, DWORD count,
                        enum buffer_use use);
void caller_buffers_free(struct caller_buffers *buffers);

/* The heap memory of a copy, or NULL. */
void *caller_buffers_memory(const struct caller_buffers *buffers);

/* WSAEFAULT: it cannot be read, or its length is not that of an address. */
int caller_address_copy(SOCKADDR_STORAGE *address, const struct sockaddr *name, int length);

/* Whether an address of `least` bytes can be stored for the caller. */
bool caller_address_has_room(struct sockaddr *address, int *length, int least);

/* The length of the shortest address of a family. */
int address_size(int family);

/* Stores an address where caller_address_has_room found room. 0 or WSAEFAULT. */
int caller_address_store(struct sockaddr *address, int *length, const SOCKADDR_STORAGE *value,
                         int value_length);

/* True for NULL and for a pointer to a writable DWORD. */
bool caller_optional_dword(LPDWORD target);

/* *has_data says whether the buffer, which may be NULL, has any bytes. 0 or WSAEFAULT. */
int caller_check_data(const WSABUF *buffer, bool *has_data);

/* The arguments that WSPConnect and WSPJoinLeaf share: copies the address, and refuses connect
 * data (WSAEPROTONOSUPPORT) and flow specifications (WSAEOPNOTSUPP), which no base protocol
 * carries. */
int caller_peer_copy(SOCKADDR_STORAGE *address, const struct sockaddr *name, int length,
                     const WSABUF *caller_data, const QOS *sqos, const QOS *gqos);

#endif
