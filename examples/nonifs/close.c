/* WSPCloseSocket, and what the last WSPCleanup does to the sockets that are left. */
#include "procedures.h"

/* The socket below is closed first: its pending operations are aborted by that, and are
 * completed on the handle above, which goes when the last of them is over. */
static int close_below(struct call *call, LPINT error)
{
  const int result = call->next->lpWSPCloseSocket(call->lower, error);

  /* A lingering close of a non-blocking socket, or one in a blocking hook, has not
   * even begun. */
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

/* Open connections are reset and not closed in order (ws2spi/nc-ws2spi-lpwspcleanup);
 * and a close that lingers would not be over in time. */
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
