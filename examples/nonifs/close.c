/* WSPCloseSocket, and the last WSPCleanup, which closes all sockets that are left. */
#include "procedures.h"

/* The lower socket is closed first. That aborts its pending operations, which are then completed on
 * the upper handle; the last of them closes the upper handle. */
static int close_below(struct call *call, LPINT error)
{
  const int result = call->next->lpWSPCloseSocket(call->lower, error);

  /* A lingering close fails with one of these on a non-blocking socket and inside a blocking hook.
   * The socket is then still open. */
  if (result != 0 && (*error == WSAEWOULDBLOCK || *error == WSAEINPROGRESS)) {
    socket_stay_open(call->socket);
    return result;
  }
  say("[nonifs] socket closed, %lld bytes received, %lld sent\n",
      (long long)InterlockedCompareExchange64(&call->socket->received, 0, 0),
      (long long)InterlockedCompareExchange64(&call->socket->sent, 0, 0));
  socket_end_close(call->socket);
  return result;
}

int WSPAPI layer_close_socket(SOCKET s, LPINT error)
{
  struct call call;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  if (socket_begin_close(call.socket))
    return call_end(&call, close_below(&call, error));
  *error = WSAENOTSOCK;
  return call_end(&call, SOCKET_ERROR);
}

/* Open connections are reset, not closed gracefully (ws2spi/nc-ws2spi-lpwspcleanup). A close that
 * lingers would take too long. */
static void reset(const struct layered_socket *socket)
{
  const struct linger at_once = {1, 0};
  int error;

  socket->layer->next.lpWSPSetSockOpt(socket->lower, SOL_SOCKET, SO_LINGER, (const char *)&at_once,
                                      sizeof at_once, &error);
  socket->layer->next.lpWSPCloseSocket(socket->lower, &error);
}

void close_sockets_of(struct layer *layer)
{
  struct layered_socket *socket;

  while ((socket = socket_begin_close_of_next(layer)) != NULL) {
    reset(socket);
    socket_end_close(socket);
    socket_release(socket);
  }
}
