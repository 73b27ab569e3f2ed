/* WSPShutdown, WSPSendDisconnect, WSPRecvDisconnect. None of them blocks. */
#include "base/caller_buffers.h"
#include "base/procedures.h"
#include "base/base_socket.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

int WSPAPI base_shutdown(SOCKET s, int how, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPShutdown", s, lpErrno);
  int error = 0;

  if (socket == NULL)
    return SOCKET_ERROR;
  if (system_winsock()->shutdown(socket->handle, how) != 0)
    error = base_system_error();
  return base_leave("WSPShutdown", socket, lpErrno, error);
}

/* The base protocols carry no disconnect data. */
static int shutdown_refuse_data(const WSABUF *data)
{
  bool has_data = false;
  const int error = caller_check_data(data, &has_data);

  if (error != 0)
    return error;
  return has_data ? WSAENOPROTOOPT : 0;
}

int WSPAPI base_send_disconnect(SOCKET s, LPWSABUF lpOutboundDisconnectData, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPSendDisconnect", s, lpErrno);
  int error;

  if (socket == NULL)
    return SOCKET_ERROR;
  error = shutdown_refuse_data(lpOutboundDisconnectData);
  if (error == 0 && system_winsock()->WSASendDisconnect(socket->handle, NULL) != 0)
    error = base_system_error();
  return base_leave("WSPSendDisconnect", socket, lpErrno, error);
}

int WSPAPI base_recv_disconnect(SOCKET s, LPWSABUF lpInboundDisconnectData, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPRecvDisconnect", s, lpErrno);
  int error;

  if (socket == NULL)
    return SOCKET_ERROR;
  error = shutdown_refuse_data(lpInboundDisconnectData);
  if (error == 0 && system_winsock()->WSARecvDisconnect(socket->handle, NULL) != 0)
    error = base_system_error();
  return base_leave("WSPRecvDisconnect", socket, lpErrno, error);
}
