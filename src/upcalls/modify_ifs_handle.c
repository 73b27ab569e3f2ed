#include "upcalls/upcalls.h"

#include "blocking/winsock_state.h"
#include "catalog/catalog.h"
#include "platform/log.h"
#include "platform/spi_error.h"
#include "sockets/socket_table.h"

static bool modify_ifs_is_handle(SOCKET s)
{
  DWORD flags;

  return s != 0 && s != INVALID_SOCKET && GetHandleInformation((HANDLE)s, &flags);
}

/* The page documents WSAEINVAL for a bad handle; ReactOS returns it for a bad id. Here it is
 * both. */
static int modify_ifs_record(DWORD id, SOCKET proposed)
{
  if (winsock_state_is_down())
    return WSANOTINITIALISED;
  if (!catalog_contains(id) || !modify_ifs_is_handle(proposed))
    return WSAEINVAL;
  return socket_table_set(proposed, id);
}

/* ws2spi/nf-ws2spi-wpumodifyifshandle allows another handle to be returned; here it is always
 * the same. */
SOCKET WSPAPI upcall_modify_ifs_handle(DWORD id, SOCKET proposed, LPINT lpErrno)
{
  int error;

  if (!spi_begin_upcall_in("WPUModifyIFSHandle", lpErrno))
    return INVALID_SOCKET;
  error = modify_ifs_record(id, proposed);
  if (error == 0)
    return proposed;
  log_event("WPUModifyIFSHandle: entry %lu, handle %p, error %d", id, (void *)proposed, error);
  spi_fail_in("WPUModifyIFSHandle", lpErrno, error);
  return INVALID_SOCKET;
}
