/* Procedures for which this layer replaces the handle and nothing else. */
#include "procedures.h"

int WSPAPI layer_bind(SOCKET s, const struct sockaddr *name, int length, LPINT error)
{
  struct call call;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  return call_end(&call, call.next->lpWSPBind(call.lower, name, length, error));
}

int WSPAPI layer_connect(SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller_data,
                         LPWSABUF callee_data, LPQOS sqos, LPQOS gqos, LPINT error)
{
  struct call call;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  return call_end(&call, call.next->lpWSPConnect(call.lower, name, length, caller_data, callee_data,
                                                 sqos, gqos, error));
}

int WSPAPI layer_enum_network_events(SOCKET s, WSAEVENT event, LPWSANETWORKEVENTS events,
                                     LPINT error)
{
  struct call call;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  return call_end(&call, call.next->lpWSPEnumNetworkEvents(call.lower, event, events, error));
}

int WSPAPI layer_get_peer_name(SOCKET s, struct sockaddr *name, LPINT length, LPINT error)
{
  struct call call;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  return call_end(&call, call.next->lpWSPGetPeerName(call.lower, name, length, error));
}

int WSPAPI layer_get_sock_name(SOCKET s, struct sockaddr *name, LPINT length, LPINT error)
{
  struct call call;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  return call_end(&call, call.next->lpWSPGetSockName(call.lower, name, length, error));
}

WINBOOL WSPAPI layer_get_qos_by_name(SOCKET s, LPWSABUF name, LPQOS qos, LPINT error)
{
  struct call call;

  if (!call_begin(&call, s, error))
    return FALSE;
  return call_end(&call, call.next->lpWSPGetQOSByName(call.lower, name, qos, error));
}

int WSPAPI layer_listen(SOCKET s, int backlog, LPINT error)
{
  struct call call;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  return call_end(&call, call.next->lpWSPListen(call.lower, backlog, error));
}

int WSPAPI layer_recv_disconnect(SOCKET s, LPWSABUF data, LPINT error)
{
  struct call call;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  return call_end(&call, call.next->lpWSPRecvDisconnect(call.lower, data, error));
}

int WSPAPI layer_send_disconnect(SOCKET s, LPWSABUF data, LPINT error)
{
  struct call call;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  return call_end(&call, call.next->lpWSPSendDisconnect(call.lower, data, error));
}

int WSPAPI layer_shutdown(SOCKET s, int how, LPINT error)
{
  struct call call;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  return call_end(&call, call.next->lpWSPShutdown(call.lower, how, error));
}
