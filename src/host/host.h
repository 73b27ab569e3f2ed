/* Loads and starts the provider of a catalog entry, once per ProviderId and
 * process, counted.
 *
 * Lifetime: a started provider is reference-counted; a call into it made by the
 * host holds a reference, so its DLL cannot be unloaded meanwhile.
 *
 * Lock: one SRW lock inside host.c over the table of providers. It is never held
 * across LoadLibrary, WSPStartup, WSPCleanup or any other call out. A thread that
 * needs a provider which another thread is starting or stopping waits for it on a
 * condition variable. */
#ifndef WS2SPI_HOST_HOST_H
#define WS2SPI_HOST_HOST_H

#include "platform/windows_headers.h"

/* 0 and a copy of the procedure table, or WSAEINVAL (no such entry),
 * WSAEINPROGRESS (this thread is already starting that provider),
 * WSAEPROVIDERFAILEDINIT, WSAEINVALIDPROVIDER, WSAEINVALIDPROCTABLE,
 * WSA_NOT_ENOUGH_MEMORY. */
int host_start_provider(DWORD id, WSPPROC_TABLE *table);

/* Undoes one start. The last one calls WSPCleanup and unloads. WSAEINVAL: not
 * started under that id; WSAEINPROGRESS: this thread is already starting or stopping it; or
 * what WSPCleanup reported, and then the provider stays started. */
int host_stop_provider(DWORD id);

/* Calls lpWSPCancelBlockingCall of the provider with this id if it is started:
 * the host's, or, for a base entry, this DLL's own base provider however it was
 * started. 0 if it accepted or is not started, else its error. */
int host_cancel_blocking_call(DWORD id);

/* At FreeLibrary: frees the records; providers still started are not called,
 * because the loader's lock is held. */
void host_clear(void);

#endif
