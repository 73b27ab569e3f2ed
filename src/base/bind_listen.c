/* The names of a socket: WSPBind, WSPGetSockName, WSPGetPeerName; and WSPListen. */
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
  /* The page has no code of its own for the wrong family (ws2spi/nc-ws2spi-lpwspbind). */
  if (error == 0 &&
      (address.ss_family != socket->entry->family || namelen < address_size(socket->entry->family)))
    error = WSAEFAULT;
  if (error == 0 &&
      system_winsock()->bind(socket->handle, (struct sockaddr *)&address, namelen) != 0)
    error = base_system_error();
  return base_leave("WSPBind", socket, lpErrno, error);
}

static int get_name(const struct base_socket *socket,
                    int(WSAAPI *get)(SOCKET, struct sockaddr *, int *), struct sockaddr *name,
                    LPINT namelen)
{
  SOCKADDR_STORAGE address;
  int length = sizeof address;

  if (!caller_address_can_take(name, namelen, address_size(socket->entry->family)))
    return WSAEFAULT;
  if (get(socket->handle, (struct sockaddr *)&address, &length) != 0)
    return base_system_error();
  return caller_address_store(name, namelen, &address, length);
}

int WSPAPI base_get_sock_name(SOCKET s, struct sockaddr *name, LPINT namelen, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPGetSockName", s, lpErrno);

  if (socket == NULL)
    return SOCKET_ERROR;
  return base_leave("WSPGetSockName", socket, lpErrno,
                    get_name(socket, system_winsock()->getsockname, name, namelen));
}

int WSPAPI base_get_peer_name(SOCKET s, struct sockaddr *name, LPINT namelen, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPGetPeerName", s, lpErrno);

  if (socket == NULL)
    return SOCKET_ERROR;
  return base_leave("WSPGetPeerName", socket, lpErrno,
                    get_name(socket, system_winsock()->getpeername, name, namelen));
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
