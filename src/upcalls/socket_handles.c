#include "upcalls/upcalls.h"

#include "catalog/catalog.h"
#include "platform/caller_memory.h"
#include "platform/log.h"
#include "platform/spi_error.h"
#include "sockets/overlapped_completion.h"
#include "sockets/socket_table.h"

/* An entry with XP1_IFS_HANDLES gets no handle from here (ws2spi/nf-ws2spi-wpucreatesockethandle):
 * because of the flag the system would treat it as a file system handle. */
static int socket_handles_check_entry(DWORD id)
{
  const struct catalog_entry *entry = catalog_acquire(id);
  bool is_ifs;

  if (entry == NULL)
    return WSAEINVAL;
  is_ifs = (entry->info.dwServiceFlags1 & XP1_IFS_HANDLES) != 0;
  catalog_release(entry);
  return is_ifs ? WSAEINVAL : 0;
}

/* The page documents only WSAENOBUFS. For an unknown id the code is WSAEINVAL, as the pages of the
 * other upcalls document it. */
SOCKET WSPAPI upcall_create_socket_handle(DWORD id, DWORD_PTR context, LPINT lpErrno)
{
  SOCKET handle;
  int error;

  if (!spi_begin_upcall_in("WPUCreateSocketHandle", lpErrno))
    return INVALID_SOCKET;
  error = socket_handles_check_entry(id);
  if (error == 0)
    error = socket_table_make(id, context, &handle);
  if (error == 0)
    return handle;
  log_event("WPUCreateSocketHandle: entry %lu, error %d", id, error);
  spi_fail_in("WPUCreateSocketHandle", lpErrno, error);
  return INVALID_SOCKET;
}

int WSPAPI upcall_close_socket_handle(SOCKET s, LPINT lpErrno)
{
  if (!spi_begin_upcall_in("WPUCloseSocketHandle", lpErrno))
    return SOCKET_ERROR;
  return spi_result_in("WPUCloseSocketHandle", lpErrno, socket_table_close(s) ? 0 : WSAENOTSOCK);
}

int WSPAPI upcall_query_socket_handle_context(SOCKET s, PDWORD_PTR context, LPINT lpErrno)
{
  DWORD_PTR found;

  if (!spi_begin_upcall_in("WPUQuerySocketHandleContext", lpErrno))
    return SOCKET_ERROR;
  if (!socket_table_context(s, &found))
    return spi_fail_in("WPUQuerySocketHandleContext", lpErrno, WSAENOTSOCK);
  return caller_store_pointer(context, found)
             ? 0
             : spi_fail_in("WPUQuerySocketHandleContext", lpErrno, WSAEFAULT);
}

/* ws2spi/nf-ws2spi-wpucompleteoverlappedrequest */
int WSPAPI upcall_complete_overlapped_request(SOCKET s, LPWSAOVERLAPPED overlapped, DWORD error,
                                              DWORD transferred, LPINT lpErrno)
{
  struct handle_record *record;
  int result;

  if (!spi_begin_upcall_in("WPUCompleteOverlappedRequest", lpErrno))
    return SOCKET_ERROR;
  record = socket_table_acquire(s);
  if (record == NULL)
    return spi_fail_in("WPUCompleteOverlappedRequest", lpErrno, WSAEINVAL);
  result = overlapped_complete(record, overlapped, error, transferred);
  handle_record_release(record);
  return spi_result_in("WPUCompleteOverlappedRequest", lpErrno, result);
}
