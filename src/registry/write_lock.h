/* One writer at a time, of whatever process and word size: a named mutex. It is the
 * thread's that took it, and a thread that ends with it gives it up at once, which a
 * lock made of registry keys (as the catalog's own form has) could not.
 *
 * Recursive for the thread, so a reader within a writer may try for it. */
#ifndef WS2SPI_REGISTRY_WRITE_LOCK_H
#define WS2SPI_REGISTRY_WRITE_LOCK_H

#include "platform/windows_headers.h"

extern DWORD write_lock_patience; /* milliseconds; tests have less of it */

/* 0, WSANO_RECOVERY (not within `milliseconds`) or WSA_NOT_ENOUGH_MEMORY. *lock is for
 * write_lock_give. */
int write_lock_take(DWORD milliseconds, HANDLE *lock);
void write_lock_give(HANDLE lock);

#endif
