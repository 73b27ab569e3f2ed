/* WSPGetSockOpt and WSPSetSockOpt. They are passed down, except for options whose value is a
 * descriptor or the socket's catalog entry. */
#include "procedures.h"

#include <mswsock.h>
#include <string.h>

static int protocol_info(const struct call *call, char *value, LPINT length, LPINT error)
{
  WSAPROTOCOL_INFOW info;
  int result;

  if (value == NULL || length == NULL || *length < (int)sizeof info) {
    *error = WSAEFAULT;
    return SOCKET_ERROR;
  }
  result =
      call->next->lpWSPGetSockOpt(call->lower, SOL_SOCKET, SO_PROTOCOL_INFOW, value, length, error);
  if (result == 0) {
    memcpy(&info, value, sizeof info);
    chain_describe(call->layer, &info);
    memcpy(value, &info, sizeof info);
  }
  return result;
}

int WSPAPI layer_get_sock_opt(SOCKET s, int level, int option, char *value, LPINT length,
                              LPINT error)
{
  struct call call;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  if (level == SOL_SOCKET && option == SO_PROTOCOL_INFOW)
    return call_end(&call, protocol_info(&call, value, length, error));
  return call_end(&call,
                  call.next->lpWSPGetSockOpt(call.lower, level, option, value, length, error));
}

/* After AcceptEx this option connects the accepted socket with its listener. */
static int update_accept_context(const struct call *call, const char *value, int length,
                                 LPINT error)
{
  struct layered_socket *listener;
  SOCKET s;
  int result;

  if (value == NULL || length < (int)sizeof s) {
    *error = WSAEFAULT;
    return SOCKET_ERROR;
  }
  memcpy(&s, value, sizeof s);
  listener = socket_acquire(s);
  if (listener == NULL) {
    *error = WSAENOTSOCK;
    return SOCKET_ERROR;
  }
  result =
      call->next->lpWSPSetSockOpt(call->lower, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT,
                                  (const char *)&listener->lower, sizeof listener->lower, error);
  socket_release(listener);
  return result;
}

int WSPAPI layer_set_sock_opt(SOCKET s, int level, int option, const char *value, int length,
                              LPINT error)
{
  struct call call;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  if (level == SOL_SOCKET && option == SO_UPDATE_ACCEPT_CONTEXT)
    return call_end(&call, update_accept_context(&call, value, length, error));
  return call_end(&call,
                  call.next->lpWSPSetSockOpt(call.lower, level, option, value, length, error));
}
