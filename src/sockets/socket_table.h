/* Which catalog entry a socket handle belongs to, and for a handle that
 * WPUCreateSocketHandle made, the provider's context and the object behind it.
 *
 * Lock: one SRW lock inside socket_table.c; nothing is called under it but the heap.
 * socket_table_context takes it only where a look without it found nothing or met a change.
 *
 * Lifetime: a record is one of a slab, and slabs are freed by socket_table_clear alone, so
 * that a reader without the lock may look at a record that was given up or is another
 * handle's by now; its version tells. A made handle's record is reference-counted, under the
 * lock: the table holds one reference, every socket_table_acquire another. The last one closes the
 * object behind the handle, so a completion that is under way when the handle is closed
 * never meets another object. */
#ifndef WS2SPI_SOCKETS_SOCKET_TABLE_H
#define WS2SPI_SOCKETS_SOCKET_TABLE_H

#include "platform/windows_headers.h"
#include "sockets/handle_device.h"

#include <stdbool.h>

/* --- handles of other makers (WPUModifyIFSHandle) ------------------------------------ */

struct socket_record {
  DWORD catalog_entry_id;
};

/* Records a handle; the last caller wins, since each IFS layer of a chain
 * records the same handle, bottom up. WSAENOBUFS; WSAEINVAL: a handle that we made. */
int socket_table_set(SOCKET handle, const struct socket_record *record);

bool socket_table_get(SOCKET handle, struct socket_record *record);

/* Before the handle is closed: a reused value must never meet the old record. */
void socket_table_forget(SOCKET handle);

/* --- handles that we made (WPUCreateSocketHandle) -------------------------------------- */

struct handle_record;

/* Makes an object and lists its handle. WSAENOBUFS. */
int socket_table_make(DWORD catalog_entry_id, DWORD_PTR context, SOCKET *handle);

/* Unlists the handle and closes it. False: not one of ours. */
bool socket_table_close(SOCKET handle);

/* No lock and no write to shared memory for a handle of ours. False: not one. */
bool socket_table_context(SOCKET handle, DWORD_PTR *context);

/* For work on the object; NULL: not a handle of ours. */
struct handle_record *socket_table_acquire(SOCKET handle);
const struct handle_device *handle_record_object(const struct handle_record *socket);
void handle_record_release(struct handle_record *socket);

/* At FreeLibrary: closes what is left. */
void socket_table_clear(void);

#endif
