/* WSPBind, WSPListen, WSPGetSockName, WSPGetPeerName. */
#include "base/caller_buffers.h"
#include "base/procedures.h"
#include "base/base_socket.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

int WSPAPI base_bind(SOCKET s, const struct sockaddr *name, int namelen, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPBind", s, lpErrno);
  SOCKADDR_STORAGE address;
  int error;

  if (socket == NULL)
    return SOCKET_ERROR;
  error = caller_address_copy(&address, name, namelen);
  /* The page has no separate error for the wrong family (ws2spi/nc-ws2spi-lpwspbind). */
  if (error == 0 && (address.ss_family != socket->protocol->family ||
                     namelen < address_size(socket->protocol->family)))
    error = WSAEFAULT;
  if (error == 0 &&
      system_winsock()->bind(socket->handle, (struct sockaddr *)&address, namelen) != 0)
    error = base_system_error();
  return base_leave("WSPBind", socket, lpErrno, error);
}

static int bind_get_own_name(const struct base_socket *socket, SOCKADDR_STORAGE *address,
                             int *length)
{
  if (system_winsock()->getsockname(socket->handle, (struct sockaddr *)address, length) != 0)
    return base_system_error();
  return 0;
}

/* After a cancelled ConnectEx, Wine 10's getpeername still returns the peer. SO_CONNECT_TIME shows
 * that the stream is not connected. */
static int bind_get_peer_name(const struct base_socket *socket, SOCKADDR_STORAGE *address,
                              int *length)
{
  const DWORD never = (DWORD)-1;
  DWORD seconds = 0;
  int size = sizeof seconds;

  if (system_winsock()->getpeername(socket->handle, (struct sockaddr *)address, length) != 0)
    return base_system_error();
  if (!base_socket_is_stream(socket))
    return 0;
  if (system_winsock()->getsockopt(socket->handle, SOL_SOCKET, SO_CONNECT_TIME, (char *)&seconds,
                                   &size) != 0)
    return base_system_error();
  return seconds == never ? WSAENOTCONN : 0;
}

static int bind_store_name(const struct base_socket *socket,
                           int (*get)(const struct base_socket *, SOCKADDR_STORAGE *, int *),
                           struct sockaddr *name, LPINT namelen)
{
  SOCKADDR_STORAGE address;
  int length = sizeof address;
  int error;

  if (!caller_address_has_room(name, namelen, address_size(socket->protocol->family)))
    return WSAEFAULT;
  error = get(socket, &address, &length);
  if (error != 0)
    return error;
  return caller_address_store(name, namelen, &address, length);
}

int WSPAPI base_get_sock_name(SOCKET s, struct sockaddr *name, LPINT namelen, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPGetSockName", s, lpErrno);

  if (socket == NULL)
    return SOCKET_ERROR;
  return base_leave("WSPGetSockName", socket, lpErrno,
                    bind_store_name(socket, bind_get_own_name, name, namelen));
}

int WSPAPI base_get_peer_name(SOCKET s, struct sockaddr *name, LPINT namelen, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPGetPeerName", s, lpErrno);

  if (socket == NULL)
    return SOCKET_ERROR;
  return base_leave("WSPGetPeerName", socket, lpErrno,
                    bind_store_name(socket, bind_get_peer_name, name, namelen));
}

int WSPAPI base_listen(SOCKET s, int backlog, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPListen", s, lpErrno);
  int error = 0;

  if (socket == NULL)
    return SOCKET_ERROR;
  if (!base_socket_is_stream(socket))
    error = WSAEOPNOTSUPP;
  else if (system_winsock()->listen(socket->handle, backlog) != 0)
    error = base_system_error();
  return base_leave("WSPListen", socket, lpErrno, error);
}
