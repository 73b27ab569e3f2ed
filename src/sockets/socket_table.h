/* The catalog entry of a socket handle and, for a handle that WPUCreateSocketHandle made, the
 * provider's context and the device behind the handle.
 *
 * Lock: one SRW lock in socket_table.c; only the heap is called under it. socket_table_context
 * takes it only if a look-up without it found nothing or met a change.
 *
 * Lifetime: a record is part of a slab, and only socket_table_clear frees slabs. A reader
 * without the lock may thus read a record that is free or belongs to another handle by now, and
 * detects that by its version. The record of a made handle is reference-counted under the lock:
 * the table holds one reference, each socket_table_acquire another. The last reference closes
 * the device, so a completion that is in progress when the handle is closed never meets another
 * object. */
#ifndef WS2SPI_SOCKETS_SOCKET_TABLE_H
#define WS2SPI_SOCKETS_SOCKET_TABLE_H

#include "platform/windows_headers.h"
#include "sockets/handle_device.h"

#include <stdbool.h>

/* --- handles of other makers (WPUModifyIFSHandle) ----------------------------------- */

/* Records the entry of a handle. The last caller wins, since each IFS layer of a chain records
 * the same handle, the lowest first. WSAENOBUFS, or WSAEINVAL for a handle that we made. */
int socket_table_set(SOCKET handle, DWORD catalog_entry_id);

/* False if the handle is not in the table. */
bool socket_table_get(SOCKET handle, DWORD *catalog_entry_id);

/* To be called before the handle is closed, since the system may reuse its value. */
void socket_table_forget(SOCKET handle);

/* --- handles that we made (WPUCreateSocketHandle) ----------------------------------- */

struct handle_record;

/* Opens a device and lists its handle. WSAENOBUFS. */
int socket_table_make(DWORD catalog_entry_id, DWORD_PTR context, SOCKET *handle);

/* Unlists the handle and closes it. False if we did not make it. */
bool socket_table_close(SOCKET handle);

/* Takes no lock and writes no shared memory if we made the handle. False if we did not. */
bool socket_table_context(SOCKET handle, DWORD_PTR *context);

/* The record, with a reference. NULL if we did not make the handle. */
struct handle_record *socket_table_acquire(SOCKET handle);
const struct handle_device *handle_record_device(const struct handle_record *record);
void handle_record_release(struct handle_record *record);

/* At FreeLibrary: closes the remaining handles and devices. */
void socket_table_clear(void);

#endif
