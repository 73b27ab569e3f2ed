/* Whether Winsock is up in this process (D5): what the process asked of this DLL's WSAStartup and
 * WSACleanup, and how many providers are started.
 *
 * Lock: one SRW lock inside winsock_state.c over the count of start-ups. The state and the count of
 * providers are atomic, since every WPUQueryBlockingCallback reads them. */
#ifndef WS2SPI_BLOCKING_WINSOCK_STATE_H
#define WS2SPI_BLOCKING_WINSOCK_STATE_H

#include "platform/windows_headers.h"

#include <stdatomic.h>
#include <stdbool.h>

enum { WINSOCK_NEVER_STARTED, WINSOCK_STARTED_1, WINSOCK_STARTED_2, WINSOCK_CLEANED_UP };

extern atomic_int winsock_state;
extern atomic_uint winsock_state_providers;

static inline bool winsock_state_is_cleaned_up(void)
{
  return atomic_load_explicit(&winsock_state, memory_order_relaxed) == WINSOCK_CLEANED_UP;
}

/* Winsock was started through this DLL and cleaned up since, and no provider is started: the
 * functions whose pages document WSANOTINITIALISED fail with it. */
static inline bool winsock_state_is_down(void)
{
  return winsock_state_is_cleaned_up() && atomic_load(&winsock_state_providers) == 0;
}

/* The error with which the hook functions of Winsock 1.1 fail: 0 for none, WSANOTINITIALISED
 * (started and cleaned up since) or WSAEOPNOTSUPP (the process asked for 2.x only). A process that
 * never called this DLL's WSAStartup may use hooks: the version that it asked the system for is not
 * known. */
int winsock_state_hook_error(void);

/* After each WSAStartup and WSACleanup that succeeded. */
void winsock_state_count_startup(WORD version);
void winsock_state_count_cleanup(void);

/* Around the time in which a provider can use the upcalls: from before its WSPStartup until after
 * its WSPCleanup. The base provider counts each of its own starts too. */
void winsock_state_add_provider(void);
void winsock_state_remove_provider(void);

#endif
