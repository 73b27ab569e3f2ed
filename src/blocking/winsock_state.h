/* What the process said through this DLL's WSAStartup and WSACleanup (D5). */
#ifndef WS2SPI_BLOCKING_WINSOCK_STATE_H
#define WS2SPI_BLOCKING_WINSOCK_STATE_H

#include "blocking/blocking.h"
#include "host/host.h"

#include <stdatomic.h>

enum { WINSOCK_NEVER_STARTED, WINSOCK_STARTED_1, WINSOCK_STARTED_2, WINSOCK_CLEANED_UP };

/* Whether the hook functions of Winsock 1.1 are to be refused: 0,
 * WSANOTINITIALISED (started and cleaned up since) or WSAEOPNOTSUPP (only 2.x was
 * asked for). A process that never called the shim's WSAStartup may use hooks,
 * since the shim cannot know what it asked the system for. */
int winsock_state_refuses_hooks(void);

extern atomic_int winsock_state;

static inline bool winsock_state_is_cleaned_up(void)
{
  return atomic_load_explicit(&winsock_state, memory_order_relaxed) == WINSOCK_CLEANED_UP;
}

/* Cleaned up since the last start, and no provider is started. */
static inline bool winsock_state_is_down(void)
{
  return winsock_state_is_cleaned_up() && !host_has_providers();
}

#endif
