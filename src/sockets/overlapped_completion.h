/* The end of an overlapped request on a handle that we made. */
#ifndef WS2SPI_SOCKETS_OVERLAPPED_COMPLETION_H
#define WS2SPI_SOCKETS_OVERLAPPED_COMPLETION_H

#include "sockets/socket_table.h"

/* WPUCompleteOverlappedRequest, less lpErrno. The OVERLAPPED is a caller's pointer. 0, or
 * WSAEFAULT, WSAEINVAL, WSAENOBUFS, and then nothing is completed. */
int overlapped_complete(const struct handle_record *socket, WSAOVERLAPPED *overlapped, DWORD error,
                        DWORD transferred);

#endif
