/* AcceptEx, ConnectEx, DisconnectEx. */
#include "extensions.h"

static BOOL accept_below(struct extension_call *extension, const struct layered_socket *accepted,
                         PVOID buffer, DWORD data_length, DWORD local_length, DWORD remote_length,
                         LPDWORD received)
{
  const LPFN_ACCEPTEX accept_ex = (LPFN_ACCEPTEX)extension->function;
  DWORD bytes = 0;
  const BOOL succeeded =
      accept_ex(extension->call.lower, accepted->lower, buffer, data_length, local_length,
                remote_length, &bytes, extension_overlapped(extension));

  if (succeeded && received != NULL)
    *received = bytes;
  return extension_end(extension, succeeded, bytes);
}

BOOL PASCAL layer_accept_ex(SOCKET listener, SOCKET accepted, PVOID buffer, DWORD data_length,
                            DWORD local_length, DWORD remote_length, LPDWORD received,
                            LPOVERLAPPED overlapped)
{
  const struct request request = {overlapped, NULL, NULL};
  struct layered_socket *const socket = socket_acquire(accepted);
  struct extension_call extension;
  BOOL succeeded = FALSE;
  DWORD error = WSAENOTSOCK;

  if (socket != NULL) {
    if (extension_begin(&extension, listener, ACCEPT_EX, &request, RECEIVING)) {
      if (extension.operation != NULL)
        overlapped_count_on(extension.operation, socket);
      succeeded = accept_below(&extension, socket, buffer, data_length, local_length, remote_length,
                               received);
    }
    error = GetLastError();
    socket_release(socket);
  }
  SetLastError(error);
  return succeeded;
}

BOOL PASCAL layer_connect_ex(SOCKET s, const struct sockaddr *name, int length, PVOID data,
                             DWORD data_length, LPDWORD sent, LPOVERLAPPED overlapped)
{
  const struct request request = {overlapped, NULL, NULL};
  struct extension_call extension;
  LPFN_CONNECTEX connect_ex;
  DWORD bytes = 0;
  BOOL succeeded;

  if (!extension_begin(&extension, s, CONNECT_EX, &request, SENDING))
    return FALSE;
  connect_ex = (LPFN_CONNECTEX)extension.function;
  succeeded = connect_ex(extension.call.lower, name, length, data, data_length, &bytes,
                         extension_overlapped(&extension));
  if (succeeded && sent != NULL)
    *sent = bytes;
  return extension_end(&extension, succeeded, bytes);
}

BOOL PASCAL layer_disconnect_ex(SOCKET s, LPOVERLAPPED overlapped, DWORD flags, DWORD reserved)
{
  const struct request request = {overlapped, NULL, NULL};
  struct extension_call extension;
  LPFN_DISCONNECTEX disconnect_ex;

  if (!extension_begin(&extension, s, DISCONNECT_EX, &request, NO_TRAFFIC))
    return FALSE;
  disconnect_ex = (LPFN_DISCONNECTEX)extension.function;
  return extension_end(
      &extension,
      disconnect_ex(extension.call.lower, extension_overlapped(&extension), flags, reserved), 0);
}
