/* One writer at a time, in any process of either word size: a named mutex. It belongs to the
 * thread that acquired it, and is released at once if that thread ends. A lock that consists of
 * registry keys, which the catalog's own form has, would stay.
 *
 * The lock is recursive for its thread, so a reader within a writer may try to acquire it. */
#ifndef WS2SPI_REGISTRY_WRITE_LOCK_H
#define WS2SPI_REGISTRY_WRITE_LOCK_H

#include "platform/windows_headers.h"

extern DWORD write_lock_timeout_ms; /* tests shorten it */

/* 0, WSANO_RECOVERY (not acquired within `timeout_ms`) or WSA_NOT_ENOUGH_MEMORY. *lock is for
 * write_lock_release. */
int write_lock_acquire(DWORD timeout_ms, HANDLE *lock);
void write_lock_release(HANDLE lock);

#endif
