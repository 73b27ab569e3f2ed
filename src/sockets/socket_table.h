/* Which catalog entry a socket handle belongs to, and the provider's context.
 *
 * Lock: one SRW lock inside socket_table.c; nothing is called under it. */
#ifndef WS2SPI_SOCKETS_SOCKET_TABLE_H
#define WS2SPI_SOCKETS_SOCKET_TABLE_H

#include "platform/windows_headers.h"

#include <stdbool.h>

struct socket_record {
  DWORD catalog_entry_id;
  DWORD_PTR context;
};

/* Records a handle; the last caller wins, since each IFS layer of a chain
 * records the same handle, bottom up (WPUModifyIFSHandle). WSAENOBUFS. */
int socket_table_set(SOCKET handle, const struct socket_record *record);

bool socket_table_get(SOCKET handle, struct socket_record *record);

/* Before the handle is closed: a reused value must never meet the old record. */
void socket_table_forget(SOCKET handle);

/* At FreeLibrary. */
void socket_table_clear(void);

#endif
