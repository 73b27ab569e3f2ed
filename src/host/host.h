/* Loads and starts the provider of a catalog entry, once per ProviderId and process, and counts the
 * starts.
 *
 * Lifetime: a started provider is reference-counted. The host holds a reference while it calls the
 * provider, so its DLL is not unloaded during the call.
 *
 * Lock: one SRW lock in host.c guards the table of providers. It is never held across LoadLibrary,
 * WSPStartup, WSPCleanup or any other call out of this room. A thread that needs a provider which
 * another thread is starting or stopping waits on a condition variable. */
#ifndef WS2SPI_HOST_HOST_H
#define WS2SPI_HOST_HOST_H

#include "platform/windows_headers.h"

/* 0 and a copy of the procedure table, or WSAEINVAL (no such entry),
 * WSAEINPROGRESS (this thread is already starting that provider),
 * WSAEPROVIDERFAILEDINIT, WSAEINVALIDPROVIDER, WSAEINVALIDPROCTABLE,
 * WSA_NOT_ENOUGH_MEMORY. */
int host_start_provider(DWORD id, WSPPROC_TABLE *table);

/* Undoes one start. The last one calls WSPCleanup and unloads the DLL. WSAEINVAL: not started
 * with that id; WSAEINPROGRESS: this thread is already starting or stopping it; or the error of
 * WSPCleanup, and then the provider stays started. */
int host_stop_provider(DWORD id);

/* Calls lpWSPCancelBlockingCall of the provider with this id if the host has started it. For a
 * base entry it calls that of this DLL's base provider, no matter what has started that. Returns
 * 0 if the provider accepted or is not started, else its error. */
int host_cancel_blocking_call(DWORD id);

/* At FreeLibrary: frees the records. Providers that are still started are not called, because the
 * loader's lock is held. */
void host_clear(void);

#endif
