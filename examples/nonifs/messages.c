/* WSARecvMsg and WSASendMsg. */
#include "extensions.h"

/* Bytes of an overlapped call are counted when it ends. */
static int end_message(struct extension_call *extension, int result, enum traffic traffic,
                       LPDWORD target, DWORD bytes)
{
  if (result == 0 && target != NULL)
    *target = bytes;
  if (result == 0 && extension->operation == NULL)
    count_traffic(extension->call.socket, traffic, bytes);
  extension_end(extension, result == 0, bytes);
  return result;
}

int PASCAL layer_recv_msg(SOCKET s, LPWSAMSG message, LPDWORD received, LPWSAOVERLAPPED overlapped,
                          LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  const struct request request = {overlapped, routine, NULL};
  struct extension_call extension;
  LPFN_WSARECVMSG recv_msg;
  DWORD bytes = 0;
  int result;

  if (!extension_begin(&extension, s, RECV_MSG, &request, RECEIVING))
    return SOCKET_ERROR;
  recv_msg = (LPFN_WSARECVMSG)extension.function;
  result = recv_msg(extension.call.lower, message, &bytes, extension_overlapped(&extension), NULL);
  return end_message(&extension, result, RECEIVING, received, bytes);
}

int send_message(SOCKET s, LPWSAMSG message, DWORD flags, LPDWORD sent,
                 const struct request *request, LPINT error)
{
  struct extension_call extension;
  LPFN_WSASENDMSG send_msg;
  DWORD bytes = 0;
  int result = SOCKET_ERROR;

  if (extension_begin(&extension, s, SEND_MSG, request, SENDING)) {
    send_msg = (LPFN_WSASENDMSG)extension.function;
    result = send_msg(extension.call.lower, message, flags, &bytes,
                      extension_overlapped(&extension), NULL);
    result = end_message(&extension, result, SENDING, sent, bytes);
  }
  *error = result == 0 ? 0 : (int)GetLastError();
  return result;
}

int PASCAL layer_send_msg(SOCKET s, LPWSAMSG message, DWORD flags, LPDWORD sent,
                          LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  const struct request request = {overlapped, routine, NULL};
  int error;

  return send_message(s, message, flags, sent, &request, &error);
}
