#include "upcalls/upcalls.h"

#include "blocking/winsock_state.h"
#include "catalog/catalog.h"
#include "platform/log.h"
#include "platform/spi_error.h"
#include "sockets/socket_table.h"

static bool is_handle(SOCKET s)
{
  DWORD flags;

  return s != 0 && s != INVALID_SOCKET && GetHandleInformation((HANDLE)s, &flags);
}

/* WSAEINVAL is the page's code for a bad handle and ReactOS's for a bad id: both. */
static int record(DWORD id, SOCKET proposed)
{
  const struct socket_record entry = {.catalog_entry_id = id};

  if (winsock_state_is_down())
    return WSANOTINITIALISED;
  if (!catalog_contains(id) || !is_handle(proposed))
    return WSAEINVAL;
  return socket_table_set(proposed, &entry);
}

/* ws2spi/nf-ws2spi-wpumodifyifshandle lets the handle come back changed; ours never is. */
SOCKET WSPAPI upcall_modify_ifs_handle(DWORD id, SOCKET proposed, LPINT lpErrno)
{
  int error;

  if (!spi_begin_in("WPUModifyIFSHandle", lpErrno))
    return INVALID_SOCKET;
  error = record(id, proposed);
  if (error == 0)
    return proposed;
  log_event("WPUModifyIFSHandle: entry %lu, handle %p, error %d", id, (void *)proposed, error);
  spi_fail_in("WPUModifyIFSHandle", lpErrno, error);
  return INVALID_SOCKET;
}
