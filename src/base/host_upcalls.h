/* The upcall table of the most recent WSPStartup, which is the only one that may be used
 * (WinSock/initialization-2), and the three upcalls that this provider makes.
 *
 * Lock: one SRW lock over the copy of the table. It is not held during an upcall. */
#ifndef WS2SPI_BASE_HOST_UPCALLS_H
#define WS2SPI_BASE_HOST_UPCALLS_H

#include "platform/windows_headers.h"

#include <stdbool.h>

/* Whether the table has the upcalls that this provider needs. */
bool host_upcalls_are_complete(const WSPUPCALLTABLE *table);
void host_upcalls_store(const WSPUPCALLTABLE *table);

/* Each returns 0 or the upcall's error. */
int wpu_query_blocking_callback(DWORD id, LPBLOCKINGCALLBACK *callback, DWORD_PTR *context);
int wpu_modify_ifs_handle(DWORD id, SOCKET *handle);
int wpu_queue_apc(LPWSATHREADID thread, LPWSAUSERAPC apc, DWORD_PTR context);

#endif
