/* What closes sockets besides WSPCloseSocket. */
#ifndef WS2SPI_BASE_SOCKET_CLOSE_H
#define WS2SPI_BASE_SOCKET_CLOSE_H

#include "base/base_socket.h"

/* A socket that its maker could not hand out. */
void base_socket_discard(struct base_socket *socket);

/* At WSPCleanup: ends every wait; the peers of sockets that this provider made see a
 * reset, those that it adopted stay open (ws2spi/nc-ws2spi-lpwspcleanup). */
void base_sockets_close_all(void);

#endif
