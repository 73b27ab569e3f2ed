/* WSPConnect. */
#include "base/caller_buffers.h"
#include "base/procedures.h"
#include "base/wait.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

struct target {
  SOCKADDR_STORAGE address;
  int length;
};

/* What needs no wait: a default peer, or a connection that goes on by itself. */
static int connect_at_once(struct base_socket *socket, struct target *target)
{
  if (system_winsock()->WSAConnect(socket->handle, (struct sockaddr *)&target->address,
                                   target->length, NULL, NULL, NULL, NULL) == 0)
    return 0;
  return base_system_error();
}

static int find_connect_ex(SOCKET s, LPFN_CONNECTEX *function)
{
  GUID id = WSAID_CONNECTEX;
  DWORD returned;

  if (system_winsock()->WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, function,
                                 sizeof *function, &returned, NULL, NULL) != 0)
    return base_system_error();
  return 0;
}

static bool is_bound(const struct base_socket *socket)
{
  SOCKADDR_STORAGE address;
  int length = sizeof address;

  return system_winsock()->getsockname(socket->handle, (struct sockaddr *)&address, &length) == 0 &&
         ((struct sockaddr_in *)&address)->sin_port != 0;
}

/* ConnectEx, unlike connect, wants a bound socket. */
static int bind_to_any(const struct base_socket *socket)
{
  SOCKADDR_STORAGE any = {.ss_family = (short)socket->entry->family};

  if (is_bound(socket))
    return 0;
  if (system_winsock()->bind(socket->handle, (struct sockaddr *)&any,
                             address_size(socket->entry->family)) == 0)
    return 0;
  return base_system_error();
}

static bool is_listening(const struct base_socket *socket)
{
  DWORD listening = 0;
  int size = sizeof listening;

  system_winsock()->getsockopt(socket->handle, SOL_SOCKET, SO_ACCEPTCONN, (char *)&listening,
                               &size);
  return listening != 0;
}

static int start(struct base_wait *wait, LPFN_CONNECTEX connect_ex, struct target *target)
{
  DWORD sent;

  if (connect_ex(wait->socket->handle, (struct sockaddr *)&target->address, target->length, NULL, 0,
                 &sent, base_wait_overlapped(wait)))
    return 0;
  return base_system_error();
}

/* Until then the system's own calls take the socket for an unconnected one. */
static void make_connection_known(const struct base_socket *socket)
{
  system_winsock()->setsockopt(socket->handle, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, NULL, 0);
}

static int connect_waiting(struct base_wait *wait, LPFN_CONNECTEX connect_ex, struct target *target)
{
  const int started = start(wait, connect_ex, target);
  DWORD transferred;
  DWORD flags;
  int error = base_wait_finish(wait, started);

  if (error == 0 && started == WSA_IO_PENDING)
    error = base_wait_result(wait, &transferred, &flags);
  if (error == 0)
    make_connection_known(wait->socket);
  return error;
}

static int connect_blocking(struct base_socket *socket, struct target *target)
{
  LPFN_CONNECTEX connect_ex;
  struct base_wait *wait;
  int error;

  /* A started connect cannot be taken back, and inside the hook it could not wait. */
  if (blocking_in_callback())
    return WSAEINPROGRESS;
  if (is_listening(socket))
    return WSAEINVAL;
  error = find_connect_ex(socket->handle, &connect_ex);
  if (error == 0)
    error = bind_to_any(socket);
  if (error == 0)
    error = base_wait_new(socket, &wait);
  if (error != 0)
    return error;
  error = connect_waiting(wait, connect_ex, target);
  base_wait_free(wait);
  return error;
}

static bool is_unspecified(const SOCKADDR_STORAGE *address)
{
  static const struct in6_addr none = IN6ADDR_ANY_INIT;

  if (address->ss_family == AF_INET6)
    return memcmp(&((const struct sockaddr_in6 *)address)->sin6_addr, &none, sizeof none) == 0;
  return ((const struct sockaddr_in *)address)->sin_addr.s_addr == INADDR_ANY;
}

/* ConnectEx and connect disagree on some bad addresses; these are connect's errors. */
static int check_stream_target(const struct base_socket *socket, const struct target *target)
{
  if (target->length < address_size(socket->entry->family))
    return WSAEFAULT;
  if (target->address.ss_family != socket->entry->family)
    return WSAEAFNOSUPPORT;
  if (((const struct sockaddr_in *)&target->address)->sin_port == 0 ||
      is_unspecified(&target->address))
    return WSAEADDRNOTAVAIL;
  return 0;
}

static int connect_checked(struct base_socket *socket, struct target *target)
{
  int error;

  if (!base_socket_is_stream(socket))
    return connect_at_once(socket, target);
  error = check_stream_target(socket, target);
  if (error != 0)
    return error;
  return base_socket_is_nonblocking(socket) ? connect_at_once(socket, target)
                                            : connect_blocking(socket, target);
}

int WSPAPI base_connect(SOCKET s, const struct sockaddr *name, int namelen, LPWSABUF lpCallerData,
                        LPWSABUF lpCalleeData, LPQOS lpSQOS, LPQOS lpGQOS, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPConnect", s, lpErrno);
  struct target target = {.length = namelen};
  int error;

  (void)lpCalleeData; /* no transport of ours carries connect data */
  if (socket == NULL)
    return SOCKET_ERROR;
  error = caller_peer_copy(&target.address, name, namelen, lpCallerData, lpSQOS, lpGQOS);
  if (error == 0)
    error = connect_checked(socket, &target);
  return base_leave("WSPConnect", socket, lpErrno, error);
}
