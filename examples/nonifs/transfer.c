/* WSPRecv, WSPRecvFrom, WSPSend, WSPSendTo. A blocking call is only passed on: the base provider
 * queries the blocking callback itself, and the error of a cancelled call is passed back to the
 * client. */
#include "procedures.h"

/* lpOverlapped is ignored on sockets that were made without WSA_FLAG_OVERLAPPED. */
static bool is_overlapped(const struct call *call, LPWSAOVERLAPPED overlapped)
{
  return overlapped != NULL && call->socket->overlapped;
}

static void store(LPDWORD target, DWORD value)
{
  if (target != NULL)
    *target = value;
}

/* --- receiving ------------------------------------------------------------------------ */

/* `from` and `from_length` are the client's pointers of WSPRecvFrom. They must stay valid until the
 * operation ends, and are passed down unchanged. */
struct receive {
  LPWSABUF buffers;
  DWORD count;
  bool with_address;
  struct sockaddr *from;
  LPINT from_length;
};

static int receive_below(const struct call *call, const struct receive *what, LPDWORD received,
                         LPDWORD flags, LPWSAOVERLAPPED overlapped, LPWSATHREADID thread,
                         LPINT error)
{
  if (what->with_address)
    return call->next->lpWSPRecvFrom(call->lower, what->buffers, what->count, received, flags,
                                     what->from, what->from_length, overlapped, NULL, thread,
                                     error);
  return call->next->lpWSPRecv(call->lower, what->buffers, what->count, received, flags, overlapped,
                               NULL, thread, error);
}

static int receive_overlapped(const struct call *call, const struct receive *what, LPDWORD received,
                              LPDWORD flags, const struct request *request, LPINT error)
{
  DWORD bytes = 0, flags_below;
  struct operation *operation;
  int result;

  if (flags == NULL) {
    *error = WSAEFAULT;
    return SOCKET_ERROR;
  }
  flags_below = *flags;
  operation = overlapped_begin(call->socket, request, RECEIVING, error);
  if (operation == NULL)
    return SOCKET_ERROR;
  result = receive_below(call, what, &bytes, &flags_below, overlapped_for_next(operation),
                         request->thread, error);
  if (result == 0) {
    store(received, bytes);
    *flags = flags_below;
  }
  return overlapped_started(operation, result, error, bytes, flags_below);
}

static int receive(SOCKET s, const struct receive *what, LPDWORD received, LPDWORD flags,
                   const struct request *request, LPINT error)
{
  struct call call;
  int result;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  if (is_overlapped(&call, request->overlapped))
    return call_end(&call, receive_overlapped(&call, what, received, flags, request, error));
  result = receive_below(&call, what, received, flags, NULL, NULL, error);
  if (result == 0)
    count_traffic(call.socket, RECEIVING, *received);
  return call_end(&call, result);
}

int WSPAPI layer_recv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                      LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                      LPWSATHREADID thread, LPINT error)
{
  const struct receive what = {buffers, count, false, NULL, NULL};
  const struct request request = {overlapped, routine, thread};

  return receive(s, &what, received, flags, &request, error);
}

int WSPAPI layer_recv_from(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                           struct sockaddr *from, LPINT from_length, LPWSAOVERLAPPED overlapped,
                           LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
                           LPINT error)
{
  const struct receive what = {buffers, count, true, from, from_length};
  const struct request request = {overlapped, routine, thread};

  return receive(s, &what, received, flags, &request, error);
}

/* --- sending -------------------------------------------------------------------------- */

struct sending {
  LPWSABUF buffers;
  DWORD count;
  DWORD flags;
  bool with_address;
  const struct sockaddr *to;
  int to_length;
};

static int send_below(const struct call *call, const struct sending *what, LPDWORD sent,
                      LPWSAOVERLAPPED overlapped, LPWSATHREADID thread, LPINT error)
{
  if (what->with_address)
    return call->next->lpWSPSendTo(call->lower, what->buffers, what->count, sent, what->flags,
                                   what->to, what->to_length, overlapped, NULL, thread, error);
  return call->next->lpWSPSend(call->lower, what->buffers, what->count, sent, what->flags,
                               overlapped, NULL, thread, error);
}

static int send_overlapped(const struct call *call, const struct sending *what, LPDWORD sent,
                           const struct request *request, LPINT error)
{
  struct operation *const operation = overlapped_begin(call->socket, request, SENDING, error);
  DWORD bytes = 0;
  int result;

  if (operation == NULL)
    return SOCKET_ERROR;
  result = send_below(call, what, &bytes, overlapped_for_next(operation), request->thread, error);
  if (result == 0)
    store(sent, bytes);
  return overlapped_started(operation, result, error, bytes, 0);
}

static int send_either_way(SOCKET s, const struct sending *what, LPDWORD sent,
                           const struct request *request, LPINT error)
{
  struct call call;
  int result;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  if (is_overlapped(&call, request->overlapped))
    return call_end(&call, send_overlapped(&call, what, sent, request, error));
  result = send_below(&call, what, sent, NULL, NULL, error);
  if (result == 0)
    count_traffic(call.socket, SENDING, *sent);
  return call_end(&call, result);
}

int WSPAPI layer_send(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                      LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                      LPWSATHREADID thread, LPINT error)
{
  const struct sending what = {buffers, count, flags, false, NULL, 0};
  const struct request request = {overlapped, routine, thread};

  return send_either_way(s, &what, sent, &request, error);
}

int WSPAPI layer_send_to(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                         const struct sockaddr *to, int to_length, LPWSAOVERLAPPED overlapped,
                         LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
                         LPINT error)
{
  const struct sending what = {buffers, count, flags, true, to, to_length};
  const struct request request = {overlapped, routine, thread};

  return send_either_way(s, &what, sent, &request, error);
}
