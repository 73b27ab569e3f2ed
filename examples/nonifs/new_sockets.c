/* WSPSocket, WSPAccept and WSPJoinLeaf, which return new descriptors, and WSPDuplicateSocket, from
 * which another process makes one. */
#include "procedures.h"

/* If the layer below has made no socket, frees the prepared one. */
static SOCKET publish(struct layered_socket *socket, SOCKET lower)
{
  if (lower != INVALID_SOCKET)
    return socket_publish(socket, lower);
  socket_release(socket);
  return INVALID_SOCKET;
}

SOCKET layer_socket(struct layer *layer, int family, int type, int protocol,
                    LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags, LPINT error)
{
  WSAPROTOCOL_INFOW info_below = chain_info_for_next(layer, info);
  struct layered_socket *const socket =
      socket_prepare(layer, (flags & WSA_FLAG_OVERLAPPED) != 0, error);
  struct call call;
  SOCKET lower = INVALID_SOCKET;

  if (socket == NULL)
    return INVALID_SOCKET;
  if (call_begin_without_socket(&call, layer, error)) {
    lower = call.next->lpWSPSocket(family, type, protocol, &info_below, group, flags, error);
    call_end(&call, 0);
  }
  return publish(socket, lower);
}

/* The condition function gets addresses and no descriptor, so it is passed down unchanged. */
SOCKET WSPAPI layer_accept(SOCKET s, struct sockaddr *address, LPINT length,
                           LPCONDITIONPROC condition, DWORD_PTR data, LPINT error)
{
  struct call call;
  struct layered_socket *socket;
  SOCKET upper = INVALID_SOCKET, lower;

  if (!call_begin(&call, s, error))
    return INVALID_SOCKET;
  socket = socket_prepare(call.layer, call.socket->overlapped, error);
  if (socket != NULL) {
    socket_hold(socket);
    lower = call.next->lpWSPAccept(call.lower, address, length, condition, data, error);
    upper = publish(socket, lower);
    if (upper != INVALID_SOCKET)
      async_select_inherit(socket, call.socket);
    socket_release(socket);
  }
  call_end(&call, 0);
  return upper;
}

/* For a leaf the layer below returns the same socket, for a root a new one. */
SOCKET WSPAPI layer_join_leaf(SOCKET s, const struct sockaddr *name, int length,
                              LPWSABUF caller_data, LPWSABUF callee_data, LPQOS sqos, LPQOS gqos,
                              DWORD flags, LPINT error)
{
  struct call call;
  struct layered_socket *socket;
  SOCKET upper = INVALID_SOCKET, lower;

  if (!call_begin(&call, s, error))
    return INVALID_SOCKET;
  socket = socket_prepare(call.layer, call.socket->overlapped, error);
  if (socket != NULL) {
    lower = call.next->lpWSPJoinLeaf(call.lower, name, length, caller_data, callee_data, sqos, gqos,
                                     flags, error);
    if (lower == call.lower) {
      socket_release(socket);
      upper = s;
    } else {
      upper = publish(socket, lower);
    }
  }
  call_end(&call, 0);
  return upper;
}

int WSPAPI layer_duplicate_socket(SOCKET s, DWORD process, LPWSAPROTOCOL_INFOW info, LPINT error)
{
  struct call call;
  int result;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  result = call.next->lpWSPDuplicateSocket(call.lower, process, info, error);
  if (result == 0)
    chain_describe(call.layer, info);
  return call_end(&call, result);
}
