/* WSPGetQOSByName. */
#include "base/caller_buffers.h"
#include "base/procedures.h"
#include "base/base_socket.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

static int qos_get_template(const struct base_socket *socket, const WSABUF *name, LPQOS qos)
{
  struct caller_buffers copy;
  int error = caller_can_write(qos, sizeof *qos) ? 0 : WSAEFAULT;

  if (error == 0)
    error = caller_buffers_copy(&copy, name, 1, BUFFERS_ARE_READ);
  if (error != 0)
    return error;
  /* The page has no error for a protocol without templates. */
  if (!system_winsock()->WSAGetQOSByName(socket->handle, copy.list, qos))
    error = WSAEINVAL;
  caller_buffers_free(&copy);
  return error;
}

WINBOOL WSPAPI base_get_qos_by_name(SOCKET s, LPWSABUF lpQOSName, LPQOS lpQOS, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPGetQOSByName", s, lpErrno);

  if (socket == NULL)
    return FALSE;
  return base_leave("WSPGetQOSByName", socket, lpErrno,
                    qos_get_template(socket, lpQOSName, lpQOS)) == 0;
}
