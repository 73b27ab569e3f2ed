/* What the process said through this DLL's WSAStartup and WSACleanup (D5). */
#ifndef WS2SPI_BLOCKING_WINSOCK_STATE_H
#define WS2SPI_BLOCKING_WINSOCK_STATE_H

#include "blocking/blocking.h"

/* Whether the hook functions of Winsock 1.1 are to be refused: 0,
 * WSANOTINITIALISED (started and cleaned up since) or WSAEOPNOTSUPP (only 2.x was
 * asked for). A process that never called the shim's WSAStartup may use hooks,
 * since the shim cannot know what it asked the system for. */
int winsock_state_refuses_hooks(void);

#endif
