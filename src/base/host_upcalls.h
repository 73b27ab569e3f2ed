/* The upcall table this provider was handed at its most recent WSPStartup
 * (WinSock/initialization-2: only the most recent one may be used), and the three
 * upcalls it makes.
 *
 * Lock: one SRW lock over the copy, held while a pointer is fetched and not while
 * it is called. */
#ifndef WS2SPI_BASE_HOST_UPCALLS_H
#define WS2SPI_BASE_HOST_UPCALLS_H

#include "platform/windows_headers.h"

#include <stdbool.h>

/* Whether the upcalls this provider needs are all there. */
bool base_upcalls_complete(const WSPUPCALLTABLE *table);
void base_upcalls_keep(const WSPUPCALLTABLE *table);

/* Each returns 0 or the upcall's error. */
int base_query_blocking_callback(DWORD id, LPBLOCKINGCALLBACK *callback, DWORD_PTR *context);
int base_modify_ifs_handle(DWORD id, SOCKET *handle);
int base_queue_apc(LPWSATHREADID thread, LPWSAUSERAPC apc, DWORD_PTR context);

#endif
