/* What callers hand in, copied and checked before the system sees it: under Wine
 * the system itself faults on some bad pointers. */
#ifndef WS2SPI_BASE_CALLER_BUFFERS_H
#define WS2SPI_BASE_CALLER_BUFFERS_H

#include "platform/windows_headers.h"

#include <stdbool.h>

/* A copy of a WSABUF array; small ones need no memory of the heap. */
struct caller_buffers {
  WSABUF *list;
  DWORD count;
  bool on_heap;
  WSABUF few[8];
};

enum buffer_use { BUFFERS_ARE_READ, BUFFERS_ARE_WRITTEN };

/* 0, WSAEFAULT, WSAEINVAL (none) or WSAENOBUFS. */
int caller_buffers_copy(struct caller_buffers *buffers, const WSABUF *array, DWORD count,
                        enum buffer_use use);
void caller_buffers_free(struct caller_buffers *buffers);

/* The heap memory of a copy, or NULL. */
void *caller_buffers_memory(const struct caller_buffers *buffers);

/* WSAEFAULT if it cannot be read, or is longer than any address. */
int caller_address_copy(SOCKADDR_STORAGE *address, const struct sockaddr *name, int length);

/* Whether an out-address can take one of at least `least` bytes. */
bool caller_address_can_take(struct sockaddr *address, int *length, int least);

/* The shortest address of a family. */
int address_size(int family);

/* Stores an address into what caller_address_can_take approved. */
int caller_address_store(struct sockaddr *address, int *length, const SOCKADDR_STORAGE *value,
                         int value_length);

/* NULL, or where a DWORD can be stored. */
bool caller_optional_dword(LPDWORD target);

/* Whether the caller gave data or flow specifications: some, none, or a bad pointer. */
int caller_has_data(const WSABUF *buffer, bool *given);

/* What WSPConnect and WSPJoinLeaf are given alike: a copy of the address, and a refusal
 * of connect data (WSAEPROTONOSUPPORT) and flow specifications (WSAEOPNOTSUPP), which
 * no transport of ours carries. */
int caller_peer_copy(SOCKADDR_STORAGE *address, const struct sockaddr *name, int length,
                     const WSABUF *caller_data, const QOS *sqos, const QOS *gqos);

#endif
