/* The extension functions. Clients call them past Winsock with the handle above, so a
 * layer with handles of its own needs its own of each. They report errors as the last
 * error, and learn their layer by the socket. */
#include "procedures.h"

#include <mswsock.h>

static const GUID ids[EXTENSIONS] = {
    [ACCEPT_EX] = WSAID_ACCEPTEX,
    [CONNECT_EX] = WSAID_CONNECTEX,
    [DISCONNECT_EX] = WSAID_DISCONNECTEX,
    [TRANSMIT_FILE] = WSAID_TRANSMITFILE,
    [TRANSMIT_PACKETS] = WSAID_TRANSMITPACKETS,
    [RECV_MSG] = WSAID_WSARECVMSG,
    [SEND_MSG] = WSAID_WSASENDMSG,
};

/* --- the functions below ----------------------------------------------------------------------- */

static int ask_below(const struct call *call, const GUID *id, void **function)
{
  GUID copy = *id;
  DWORD returned;
  int error = 0;

  call->next->lpWSPIoctl(call->lower, SIO_GET_EXTENSION_FUNCTION_POINTER, &copy, sizeof copy,
                         function, sizeof *function, &returned, NULL, NULL, NULL, &error);
  return error;
}

/* Remembered for each layer: another provider's are others. */
static int function_below(const struct call *call, enum extension which, void **function)
{
  PVOID volatile *const known = &call->layer->extensions[which];
  int error = 0;

  *function = InterlockedCompareExchangePointer(known, NULL, NULL);
  if (*function != NULL)
    return 0;
  error = ask_below(call, &ids[which], function);
  if (error == 0)
    InterlockedExchangePointer(known, *function);
  return error;
}

/* --- one call --------------------------------------------------------------------------------------- */

struct extension_call {
  struct call call;
  void *function;
  struct operation *operation; /* NULL: not overlapped */
};

static bool fail(struct extension_call *extension, int error)
{
  call_end(&extension->call, 0);
  SetLastError((DWORD)error);
  return false;
}

static bool begin(struct extension_call *extension, SOCKET s, enum extension which,
                  const struct request *request, enum traffic traffic)
{
  int error;

  extension->operation = NULL;
  if (!call_begin(&extension->call, s, &error)) {
    SetLastError((DWORD)error);
    return false;
  }
  error = function_below(&extension->call, which, &extension->function);
  if (error != 0)
    return fail(extension, error);
  if (request->overlapped == NULL)
    return true;
  extension->operation = overlapped_begin(extension->call.socket, request, traffic, &error);
  return extension->operation != NULL || fail(extension, error);
}

static LPOVERLAPPED overlapped_of(const struct extension_call *extension)
{
  return extension->operation == NULL ? NULL : overlapped_for_next(extension->operation);
}

/* Right after the function below has set the last error. */
static BOOL end(struct extension_call *extension, BOOL succeeded, DWORD bytes)
{
  const int error = succeeded ? 0 : (int)GetLastError();

  if (extension->operation != NULL)
    overlapped_started(extension->operation, succeeded ? 0 : SOCKET_ERROR, &error, bytes, 0);
  call_end(&extension->call, 0);
  SetLastError((DWORD)error);
  return succeeded;
}

/* --- connections ---------------------------------------------------------------------------------------- */

static BOOL accept_below(struct extension_call *extension, const struct layered_socket *accepted,
                         PVOID buffer, DWORD data_length, DWORD local_length, DWORD remote_length,
                         LPDWORD received)
{
  const LPFN_ACCEPTEX accept_ex = (LPFN_ACCEPTEX)extension->function;
  DWORD bytes = 0;
  const BOOL succeeded = accept_ex(extension->call.lower, accepted->lower, buffer, data_length,
                                   local_length, remote_length, &bytes, overlapped_of(extension));

  if (succeeded && received != NULL)
    *received = bytes;
  return end(extension, succeeded, bytes);
}

static BOOL PASCAL layer_accept_ex(SOCKET listener, SOCKET accepted, PVOID buffer,
                                   DWORD data_length, DWORD local_length, DWORD remote_length,
                                   LPDWORD received, LPOVERLAPPED overlapped)
{
  const struct request request = {overlapped, NULL, NULL};
  struct layered_socket *const socket = socket_acquire(accepted);
  struct extension_call extension;
  BOOL succeeded = FALSE;
  DWORD error = WSAENOTSOCK;

  if (socket != NULL) {
    if (begin(&extension, listener, ACCEPT_EX, &request, RECEIVING)) {
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

static BOOL PASCAL layer_connect_ex(SOCKET s, const struct sockaddr *name, int length, PVOID data,
                                    DWORD data_length, LPDWORD sent, LPOVERLAPPED overlapped)
{
  const struct request request = {overlapped, NULL, NULL};
  struct extension_call extension;
  LPFN_CONNECTEX connect_ex;
  DWORD bytes = 0;
  BOOL succeeded;

  if (!begin(&extension, s, CONNECT_EX, &request, SENDING))
    return FALSE;
  connect_ex = (LPFN_CONNECTEX)extension.function;
  succeeded = connect_ex(extension.call.lower, name, length, data, data_length, &bytes,
                         overlapped_of(&extension));
  if (succeeded && sent != NULL)
    *sent = bytes;
  return end(&extension, succeeded, bytes);
}

static BOOL PASCAL layer_disconnect_ex(SOCKET s, LPOVERLAPPED overlapped, DWORD flags,
                                       DWORD reserved)
{
  const struct request request = {overlapped, NULL, NULL};
  struct extension_call extension;
  LPFN_DISCONNECTEX disconnect_ex;

  if (!begin(&extension, s, DISCONNECT_EX, &request, NO_TRAFFIC))
    return FALSE;
  disconnect_ex = (LPFN_DISCONNECTEX)extension.function;
  return end(&extension,
             disconnect_ex(extension.call.lower, overlapped_of(&extension), flags, reserved), 0);
}

/* --- files and packets ------------------------------------------------------------------------------------ */

/* What a TransmitFile that is not overlapped does not tell. No bytes to write means all that are left. */
static DWORD bytes_to_transmit(HANDLE file, DWORD bytes, const TRANSMIT_FILE_BUFFERS *buffers)
{
  const LARGE_INTEGER here = {.QuadPart = 0};
  LARGE_INTEGER size, position;

  if (file != NULL && bytes == 0 && GetFileSizeEx(file, &size) &&
      SetFilePointerEx(file, here, &position, FILE_CURRENT))
    bytes = (DWORD)(size.QuadPart - position.QuadPart);
  return buffers == NULL ? bytes : bytes + buffers->HeadLength + buffers->TailLength;
}

static BOOL PASCAL layer_transmit_file(SOCKET s, HANDLE file, DWORD bytes, DWORD bytes_per_send,
                                       LPOVERLAPPED overlapped, LPTRANSMIT_FILE_BUFFERS buffers,
                                       DWORD flags)
{
  const struct request request = {overlapped, NULL, NULL};
  struct extension_call extension;
  LPFN_TRANSMITFILE transmit_file;
  DWORD expected = 0;
  BOOL succeeded;

  if (!begin(&extension, s, TRANSMIT_FILE, &request, SENDING))
    return FALSE;
  if (extension.operation == NULL)
    expected = bytes_to_transmit(file, bytes, buffers);
  transmit_file = (LPFN_TRANSMITFILE)extension.function;
  succeeded = transmit_file(extension.call.lower, file, bytes, bytes_per_send,
                            overlapped_of(&extension), buffers, flags);
  if (succeeded)
    count_traffic(extension.call.socket, SENDING, expected);
  /* An overlapped one that has finished tells its length by its OVERLAPPED only. */
  return end(&extension, succeeded,
             extension.operation == NULL ? 0 : (DWORD)overlapped_of(&extension)->InternalHigh);
}

static BOOL PASCAL layer_transmit_packets(SOCKET s, LPTRANSMIT_PACKETS_ELEMENT packets, DWORD count,
                                          DWORD send_size, LPOVERLAPPED overlapped, DWORD flags)
{
  const struct request request = {overlapped, NULL, NULL};
  struct extension_call extension;
  LPFN_TRANSMITPACKETS transmit_packets;
  DWORD expected = 0;
  BOOL succeeded;

  if (!begin(&extension, s, TRANSMIT_PACKETS, &request, SENDING))
    return FALSE;
  for (DWORD i = 0; extension.operation == NULL && i < count; i++)
    expected += packets[i].cLength;
  transmit_packets = (LPFN_TRANSMITPACKETS)extension.function;
  succeeded = transmit_packets(extension.call.lower, packets, count, send_size,
                               overlapped_of(&extension), flags);
  if (succeeded)
    count_traffic(extension.call.socket, SENDING, expected);
  return end(&extension, succeeded,
             extension.operation == NULL ? 0 : (DWORD)overlapped_of(&extension)->InternalHigh);
}

/* --- messages ----------------------------------------------------------------------------------------------- */

/* A plain one counts here, an overlapped one at its end. */
static int end_message(struct extension_call *extension, int result, enum traffic traffic,
                       LPDWORD target, DWORD bytes)
{
  if (result == 0 && target != NULL)
    *target = bytes;
  if (result == 0 && extension->operation == NULL)
    count_traffic(extension->call.socket, traffic, bytes);
  end(extension, result == 0, bytes);
  return result;
}

static int PASCAL layer_recv_msg(SOCKET s, LPWSAMSG message, LPDWORD received,
                                 LPWSAOVERLAPPED overlapped,
                                 LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  const struct request request = {overlapped, routine, NULL};
  struct extension_call extension;
  LPFN_WSARECVMSG recv_msg;
  DWORD bytes = 0;

  if (!begin(&extension, s, RECV_MSG, &request, RECEIVING))
    return SOCKET_ERROR;
  recv_msg = (LPFN_WSARECVMSG)extension.function;
  return end_message(
      &extension, recv_msg(extension.call.lower, message, &bytes, overlapped_of(&extension), NULL),
      RECEIVING, received, bytes);
}

int send_message(SOCKET s, LPWSAMSG message, DWORD flags, LPDWORD sent,
                 const struct request *request, LPINT error)
{
  struct extension_call extension;
  LPFN_WSASENDMSG send_msg;
  DWORD bytes = 0;
  int result = SOCKET_ERROR;

  if (begin(&extension, s, SEND_MSG, request, SENDING)) {
    send_msg = (LPFN_WSASENDMSG)extension.function;
    result = end_message(
        &extension,
        send_msg(extension.call.lower, message, flags, &bytes, overlapped_of(&extension), NULL),
        SENDING, sent, bytes);
  }
  *error = result == 0 ? 0 : (int)GetLastError();
  return result;
}

static int PASCAL layer_send_msg(SOCKET s, LPWSAMSG message, DWORD flags, LPDWORD sent,
                                 LPWSAOVERLAPPED overlapped,
                                 LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  const struct request request = {overlapped, routine, NULL};
  int error;

  return send_message(s, message, flags, sent, &request, &error);
}

/* --- handing them out ------------------------------------------------------------------------------------------ */

static void *const functions[EXTENSIONS] = {
    [ACCEPT_EX] = (void *)layer_accept_ex,
    [CONNECT_EX] = (void *)layer_connect_ex,
    [DISCONNECT_EX] = (void *)layer_disconnect_ex,
    [TRANSMIT_FILE] = (void *)layer_transmit_file,
    [TRANSMIT_PACKETS] = (void *)layer_transmit_packets,
    [RECV_MSG] = (void *)layer_recv_msg,
    [SEND_MSG] = (void *)layer_send_msg,
};

/* GetAcceptExSockaddrs only reads a buffer: that of the layer below will do. Of a function
 * that we do not know, a pointer would be called with a handle that it does not. */
int extension_function(struct call *call, const GUID *id, void **function)
{
  static const GUID get_sockaddrs = WSAID_GETACCEPTEXSOCKADDRS;
  void *below;
  int error;

  if (IsEqualGUID(id, &get_sockaddrs))
    return ask_below(call, id, function);
  for (int which = 0; which < EXTENSIONS; which++)
    if (IsEqualGUID(id, &ids[which])) {
      error = function_below(call, (enum extension)which, &below);
      if (error == 0)
        *function = functions[which];
      return error;
    }
  return WSAEINVAL;
}
