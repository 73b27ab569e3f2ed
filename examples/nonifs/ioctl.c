/* WSPIoctl. Most codes are passed down. This layer answers those that return or take descriptors or
 * functions. */
#include "procedures.h"

#include <mswsock.h>
#include <string.h>

struct ioctl {
  DWORD code;
  LPVOID in;
  DWORD in_size;
  LPVOID out;
  DWORD out_size;
  DWORD returned;
};

static int store_handle(struct ioctl *ioctl, SOCKET handle)
{
  if (ioctl->out == NULL || ioctl->out_size < sizeof handle)
    return WSAEFAULT;
  memcpy(ioctl->out, &handle, sizeof handle);
  ioctl->returned = sizeof handle;
  return 0;
}

static int store_function(struct call *call, struct ioctl *ioctl)
{
  void *function;
  GUID id;
  int error;

  if (ioctl->in == NULL || ioctl->in_size < sizeof id || ioctl->out == NULL ||
      ioctl->out_size < sizeof function)
    return WSAEFAULT;
  memcpy(&id, ioctl->in, sizeof id);
  error = extension_function(call, &id, &function);
  if (error != 0)
    return error;
  memcpy(ioctl->out, &function, sizeof function);
  ioctl->returned = sizeof function;
  return 0;
}

/* Winsock's WSASendMsg sends this code to the handle that SIO_BSP_HANDLE returns. */
static int send_described(struct call *call, struct ioctl *ioctl)
{
  WSASENDMSG what;
  struct request request = {0};
  int error = 0;

  if (ioctl->in == NULL || ioctl->in_size < sizeof what)
    return WSAEFAULT;
  memcpy(&what, ioctl->in, sizeof what);
  request.overlapped = what.lpOverlapped;
  request.routine = what.lpCompletionRoutine;
  send_message(call->socket->upper, what.lpMsg, what.dwFlags, what.lpNumberOfBytesSent, &request,
               &error);
  if (ioctl->out != NULL && ioctl->out_size >= sizeof(DWORD)) {
    memcpy(ioctl->out, &error, sizeof(DWORD));
    ioctl->returned = sizeof(DWORD);
  }
  return error;
}

/* A layer must not answer SIO_BASE_HANDLE. SIO_BSP_HANDLE_POLL is passed down as well, because a
 * poll transfers no bytes that this layer would count. */
static bool is_answered_here(DWORD code)
{
  return code == SIO_GET_EXTENSION_FUNCTION_POINTER || code == SIO_QUERY_TARGET_PNP_HANDLE ||
         code == SIO_BSP_HANDLE || code == SIO_BSP_HANDLE_SELECT || code == SIO_EXT_SENDMSG;
}

static int find_answer(struct call *call, struct ioctl *ioctl)
{
  switch (ioctl->code) {
  case SIO_GET_EXTENSION_FUNCTION_POINTER:
    return store_function(call, ioctl);
  case SIO_QUERY_TARGET_PNP_HANDLE:
    return store_handle(ioctl, call->lower);
  case SIO_EXT_SENDMSG:
    return send_described(call, ioctl);
  default:
    return store_handle(ioctl, call->socket->upper);
  }
}

static int answer(struct call *call, struct ioctl *ioctl, LPINT error)
{
  *error = find_answer(call, ioctl);
  return *error == 0 ? 0 : SOCKET_ERROR;
}

static int pass_down(const struct call *call, struct ioctl *ioctl, LPWSAOVERLAPPED overlapped,
                     LPWSATHREADID thread, LPINT error)
{
  return call->next->lpWSPIoctl(call->lower, ioctl->code, ioctl->in, ioctl->in_size, ioctl->out,
                                ioctl->out_size, &ioctl->returned, overlapped, NULL, thread, error);
}

static int overlapped_ioctl(struct call *call, struct ioctl *ioctl, LPDWORD returned,
                            const struct request *request, LPINT error)
{
  struct operation *const operation = overlapped_begin(call->socket, request, NO_TRAFFIC, error);
  int result;

  if (operation == NULL)
    return SOCKET_ERROR;
  if (is_answered_here(ioctl->code))
    result = answer(call, ioctl, error);
  else
    result = pass_down(call, ioctl, overlapped_for_next(operation), request->thread, error);
  if (result == 0 && returned != NULL)
    *returned = ioctl->returned;
  return overlapped_started(operation, result, error, ioctl->returned, 0);
}

static int plain_ioctl(struct call *call, struct ioctl *ioctl, LPDWORD returned, LPINT error)
{
  int result;

  if (returned == NULL) {
    *error = WSAEFAULT;
    return SOCKET_ERROR;
  }
  if (is_answered_here(ioctl->code))
    result = answer(call, ioctl, error);
  else
    result = pass_down(call, ioctl, NULL, NULL, error);
  if (result == 0)
    *returned = ioctl->returned;
  return result;
}

int WSPAPI layer_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
                       LPDWORD returned, LPWSAOVERLAPPED overlapped,
                       LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
                       LPINT error)
{
  struct ioctl ioctl = {code, in, in_size, out, out_size, 0};
  const struct request request = {overlapped, routine, thread};
  struct call call;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  /* SIO_EXT_SENDMSG has an OVERLAPPED of its own in its input. */
  if (overlapped != NULL && call.socket->overlapped && code != SIO_EXT_SENDMSG)
    return call_end(&call, overlapped_ioctl(&call, &ioctl, returned, &request, error));
  return call_end(&call, plain_ioctl(&call, &ioctl, returned, error));
}
