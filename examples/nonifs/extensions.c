/* The extension functions. Clients call them directly, without Winsock, with the upper handle, so a
 * layer with handles of its own needs its own functions. They report errors as the last error, and
 * find their layer by the socket. */
#include "extensions.h"

static const GUID ids[EXTENSIONS] = {
    [ACCEPT_EX] = WSAID_ACCEPTEX,
    [CONNECT_EX] = WSAID_CONNECTEX,
    [DISCONNECT_EX] = WSAID_DISCONNECTEX,
    [TRANSMIT_FILE] = WSAID_TRANSMITFILE,
    [TRANSMIT_PACKETS] = WSAID_TRANSMITPACKETS,
    [RECV_MSG] = WSAID_WSARECVMSG,
    [SEND_MSG] = WSAID_WSASENDMSG,
};

/* --- the functions below -------------------------------------------------------------- */

static int ask_below(const struct call *call, const GUID *id, void **function)
{
  GUID copy = *id;
  DWORD returned;
  int error = 0;

  call->next->lpWSPIoctl(call->lower, SIO_GET_EXTENSION_FUNCTION_POINTER, &copy, sizeof copy,
                         function, sizeof *function, &returned, NULL, NULL, NULL, &error);
  return error;
}

/* Cached for each layer, because each provider below has functions of its own. */
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

/* --- one call ------------------------------------------------------------------------- */

static bool fail(struct extension_call *extension, int error)
{
  call_end(&extension->call, 0);
  SetLastError((DWORD)error);
  return false;
}

bool extension_begin(struct extension_call *extension, SOCKET s, enum extension which,
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

LPOVERLAPPED extension_overlapped(const struct extension_call *extension)
{
  return extension->operation == NULL ? NULL : overlapped_for_next(extension->operation);
}

BOOL extension_end(struct extension_call *extension, BOOL succeeded, DWORD bytes)
{
  const int error = succeeded ? 0 : (int)GetLastError();

  if (extension->operation != NULL)
    overlapped_started(extension->operation, succeeded ? 0 : SOCKET_ERROR, &error, bytes, 0);
  call_end(&extension->call, 0);
  SetLastError((DWORD)error);
  return succeeded;
}

/* --- SIO_GET_EXTENSION_FUNCTION_POINTER ----------------------------------------------- */

static void *const functions[EXTENSIONS] = {
    [ACCEPT_EX] = (void *)layer_accept_ex,
    [CONNECT_EX] = (void *)layer_connect_ex,
    [DISCONNECT_EX] = (void *)layer_disconnect_ex,
    [TRANSMIT_FILE] = (void *)layer_transmit_file,
    [TRANSMIT_PACKETS] = (void *)layer_transmit_packets,
    [RECV_MSG] = (void *)layer_recv_msg,
    [SEND_MSG] = (void *)layer_send_msg,
};

/* GetAcceptExSockaddrs only reads a buffer, so the function of the layer below can be used. An
 * unknown function of the layer below is refused: it would be called with an upper handle. */
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
