/* Closing sockets other than by WSPCloseSocket. */
#ifndef WS2SPI_BASE_SOCKET_CLOSE_H
#define WS2SPI_BASE_SOCKET_CLOSE_H

#include "base/base_socket.h"

/* Closes a new socket that could not be registered. */
void base_socket_discard(struct base_socket *socket);

/* For WSPCleanup: ends every wait; resets the connections of sockets that this provider made, and
 * leaves adopted sockets open (ws2spi/nc-ws2spi-lpwspcleanup). */
void base_sockets_close_all(void);

#endif
