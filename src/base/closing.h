/* What WSPCleanup needs of close.c. */
#ifndef WS2SPI_BASE_CLOSING_H
#define WS2SPI_BASE_CLOSING_H

#include "base/socket_record.h"

/* For a record that is unlisted already: the peer sees a reset. */
void base_socket_reset_and_close(struct base_socket *socket);

#endif
