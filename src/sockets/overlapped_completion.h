/* The completion of an overlapped request on a handle that we made. */
#ifndef WS2SPI_SOCKETS_OVERLAPPED_COMPLETION_H
#define WS2SPI_SOCKETS_OVERLAPPED_COMPLETION_H

#include "sockets/socket_table.h"

/* WPUCompleteOverlappedRequest without lpErrno. `overlapped` is a caller's pointer. Returns 0, or
 * WSAEFAULT, WSAEINVAL or WSAENOBUFS, and then nothing is completed. */
int overlapped_complete(const struct handle_record *record, WSAOVERLAPPED *overlapped, DWORD error,
                        DWORD transferred);

#endif
