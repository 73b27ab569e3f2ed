/* WSPConnect. */
#include "base/caller_buffers.h"
#include "base/procedures.h"
#include "base/wait.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

struct connect_target {
  SOCKADDR_STORAGE address;
  int length;
};

/* For a default peer of a datagram socket, and for a non-blocking connect. */
static int connect_now(struct base_socket *socket, struct connect_target *target)
{
  if (system_winsock()->WSAConnect(socket->handle, (struct sockaddr *)&target->address,
                                   target->length, NULL, NULL, NULL, NULL) == 0)
    return 0;
  return base_system_error();
}

static int connect_find_connect_ex(SOCKET s, LPFN_CONNECTEX *function)
{
  GUID id = WSAID_CONNECTEX;
  DWORD returned;

  if (system_winsock()->WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, function,
                                 sizeof *function, &returned, NULL, NULL) != 0)
    return base_system_error();
  return 0;
}

/* ConnectEx, unlike connect, requires a bound socket. */
static int connect_bind(const struct base_socket *socket)
{
  SOCKADDR_STORAGE any = {.ss_family = (short)socket->protocol->family};
  SOCKADDR_STORAGE own;
  int length = sizeof own;

  if (system_winsock()->getsockname(socket->handle, (struct sockaddr *)&own, &length) == 0 &&
      ((struct sockaddr_in *)&own)->sin_port != 0)
    return 0;
  if (system_winsock()->bind(socket->handle, (struct sockaddr *)&any,
                             address_size(socket->protocol->family)) == 0)
    return 0;
  return base_system_error();
}

static bool connect_is_listening(const struct base_socket *socket)
{
  DWORD listening = 0;
  int size = sizeof listening;

  system_winsock()->getsockopt(socket->handle, SOL_SOCKET, SO_ACCEPTCONN, (char *)&listening,
                               &size);
  return listening != 0;
}

static int connect_and_wait(struct base_wait *wait, LPFN_CONNECTEX connect_ex,
                            struct connect_target *target)
{
  const SOCKET s = wait->socket->handle;
  DWORD transferred;
  DWORD flags;
  int started = 0;
  int error;

  if (!connect_ex(s, (struct sockaddr *)&target->address, target->length, NULL, 0, &transferred,
                  base_wait_overlapped(wait)))
    started = base_system_error();
  error = base_wait_finish(wait, started);
  if (error == 0 && started == WSA_IO_PENDING)
    error = base_wait_result(wait, &transferred, &flags);
  /* Until then the system's other calls treat the socket as not connected. */
  if (error == 0)
    system_winsock()->setsockopt(s, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, NULL, 0);
  return error;
}

static int connect_blocking(struct base_socket *socket, struct connect_target *target)
{
  LPFN_CONNECTEX connect_ex;
  struct base_wait *wait;
  int error;

  /* Inside the hook a connect may not wait, and one that has started cannot be undone. So it is
   * refused before it starts. */
  if (blocking_in_callback())
    return WSAEINPROGRESS;
  if (connect_is_listening(socket))
    return WSAEINVAL;
  error = connect_find_connect_ex(socket->handle, &connect_ex);
  if (error == 0)
    error = connect_bind(socket);
  if (error == 0)
    error = base_wait_new(socket, &wait);
  if (error != 0)
    return error;
  error = connect_and_wait(wait, connect_ex, target);
  base_wait_free(wait);
  return error;
}

static bool connect_is_any_address(const SOCKADDR_STORAGE *address)
{
  static const struct in6_addr any = IN6ADDR_ANY_INIT;

  if (address->ss_family == AF_INET6)
    return memcmp(&((const struct sockaddr_in6 *)address)->sin6_addr, &any, sizeof any) == 0;
  return ((const struct sockaddr_in *)address)->sin_addr.s_addr == INADDR_ANY;
}

/* ConnectEx reports other errors than connect for some bad addresses; these are connect's. */
static int connect_check_target(const struct base_socket *socket,
                                const struct connect_target *target)
{
  if (target->length < address_size(socket->protocol->family))
    return WSAEFAULT;
  if (target->address.ss_family != socket->protocol->family)
    return WSAEAFNOSUPPORT;
  if (((const struct sockaddr_in *)&target->address)->sin_port == 0 ||
      connect_is_any_address(&target->address))
    return WSAEADDRNOTAVAIL;
  return 0;
}

static int connect_checked(struct base_socket *socket, struct connect_target *target)
{
  int error;

  if (!base_socket_is_stream(socket))
    return connect_now(socket, target);
  error = connect_check_target(socket, target);
  if (error != 0)
    return error;
  return base_socket_is_nonblocking(socket) ? connect_now(socket, target)
                                            : connect_blocking(socket, target);
}

int WSPAPI base_connect(SOCKET s, const struct sockaddr *name, int namelen, LPWSABUF lpCallerData,
                        LPWSABUF lpCalleeData, LPQOS lpSQOS, LPQOS lpGQOS, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPConnect", s, lpErrno);
  struct connect_target target = {.length = namelen};
  int error;

  (void)lpCalleeData; /* the base protocols carry no connect data */
  if (socket == NULL)
    return SOCKET_ERROR;
  error = caller_peer_copy(&target.address, name, namelen, lpCallerData, lpSQOS, lpGQOS);
  if (error == 0)
    error = connect_checked(socket, &target);
  return base_leave("WSPConnect", socket, lpErrno, error);
}
