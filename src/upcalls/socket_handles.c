#include "upcalls/upcalls.h"

#include "catalog/catalog.h"
#include "platform/spi_error.h"

/* Handles for non-IFS providers are not built yet: none can be made, so no handle
 * is one of them. Each answers with the error its page has for that. */

SOCKET WSPAPI upcall_create_socket_handle(DWORD id, DWORD_PTR context, LPINT lpErrno)
{
  (void)context;
  spi_fail(lpErrno, catalog_contains(id) ? WSAENOBUFS : WSAEINVAL);
  return INVALID_SOCKET;
}

int WSPAPI upcall_close_socket_handle(SOCKET s, LPINT lpErrno)
{
  (void)s;
  return spi_fail(lpErrno, WSAENOTSOCK);
}

int WSPAPI upcall_query_socket_handle_context(SOCKET s, PDWORD_PTR context, LPINT lpErrno)
{
  (void)s;
  (void)context;
  return spi_fail(lpErrno, WSAENOTSOCK);
}

int WSPAPI upcall_complete_overlapped_request(SOCKET s, LPWSAOVERLAPPED overlapped, DWORD error,
                                              DWORD transferred, LPINT lpErrno)
{
  (void)s;
  (void)overlapped;
  (void)error;
  (void)transferred;
  return spi_fail(lpErrno, WSAEINVAL);
}
