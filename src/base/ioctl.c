/* WSPIoctl. */
#include "base/apc_relay.h"
#include "base/caller_buffers.h"
#include "base/procedures.h"
#include "base/wait.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

struct ioctl_call {
  struct base_socket *socket;
  DWORD code;
  void *in;
  DWORD in_size;
  void *out;
  DWORD out_size;
  DWORD returned;
};

static int ioctl_by_system(struct ioctl_call *call, LPWSAOVERLAPPED overlapped,
                           LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  if (system_winsock()->WSAIoctl(call->socket->handle, call->code, call->in, call->in_size,
                                 call->out, call->out_size, &call->returned, overlapped,
                                 routine) != 0)
    return base_system_error();
  return 0;
}

/* --- codes that the base provider answers itself -------------------------------------- */

static int ioctl_set_mode(const struct ioctl_call *call, struct overlapped_request *request)
{
  u_long value;
  int error;

  if (call->in_size < sizeof value || !caller_read(&value, call->in, sizeof value))
    return WSAEFAULT;
  if (!overlapped_is_requested(call->socket, request->overlapped))
    return base_socket_set_nonblocking(call->socket, value != 0);
  error = overlapped_prepare(request, call->socket);
  if (error != 0)
    return error;
  error = base_socket_set_nonblocking_overlapped(call->socket, value != 0,
                                                 overlapped_for_system(request),
                                                 overlapped_routine_for_system(request));
  return overlapped_started(request, error);
}

/* At the bottom of a chain, the socket is its own base handle for every purpose. */
static int ioctl_get_base_handle(struct ioctl_call *call, LPWSAOVERLAPPED overlapped)
{
  const SOCKET handle = call->socket->handle;

  if (call->code == SIO_BSP_HANDLE_POLL && overlapped != NULL)
    return WSAEFAULT;
  if (call->out_size < sizeof handle || !caller_write(call->out, &handle, sizeof handle))
    return WSAEFAULT;
  call->returned = sizeof handle;
  return 0;
}

/* Wine checks neither the sizes nor the pointers. */
static int ioctl_get_extension(struct ioctl_call *call)
{
  GUID id;
  void *function;
  struct ioctl_call checked = *call;
  int error;

  if (call->in_size < sizeof id || !caller_read(&id, call->in, sizeof id))
    return WSAEFAULT;
  if (call->out_size < sizeof function || !caller_can_write(call->out, sizeof function))
    return WSAEFAULT;
  checked.in = &id;
  checked.in_size = sizeof id;
  checked.out = &function;
  checked.out_size = sizeof function;
  error = ioctl_by_system(&checked, NULL, NULL);
  if (error != 0)
    return error;
  call->returned = sizeof function;
  return caller_write(call->out, &function, sizeof function) ? 0 : WSAEFAULT;
}

/* The answer has been stored. The client is notified by an overlapped call of the system that does
 * nothing else: it looks up a function, and finishes at once without a byte count, as the system's
 * own answers do. */
static int ioctl_notify(const struct ioctl_call *call, struct overlapped_request *request)
{
  GUID id = WSAID_ACCEPTEX;
  void *function;
  struct ioctl_call lookup = {.socket = call->socket,
                              .code = SIO_GET_EXTENSION_FUNCTION_POINTER,
                              .in = &id,
                              .in_size = sizeof id,
                              .out = &function,
                              .out_size = sizeof function};

  return overlapped_started(request, ioctl_by_system(&lookup, overlapped_for_system(request),
                                                     overlapped_routine_for_system(request)));
}

static int ioctl_answer(struct ioctl_call *call, struct overlapped_request *request)
{
  const bool is_overlapped = overlapped_is_requested(call->socket, request->overlapped);
  int error = is_overlapped ? overlapped_prepare(request, call->socket) : 0;

  if (error != 0)
    return error;
  if (call->code == SIO_GET_EXTENSION_FUNCTION_POINTER)
    error = ioctl_get_extension(call);
  else
    error = ioctl_get_base_handle(call, request->overlapped);
  if (!is_overlapped)
    return error;
  if (error == 0)
    return ioctl_notify(call, request);
  overlapped_discard(request);
  return error;
}

/* --- codes of the system -------------------------------------------------------------- */

static int ioctl_blocking(struct ioctl_call *call)
{
  struct base_wait *wait;
  DWORD flags;
  int started;
  int error = base_wait_new(call->socket, &wait);

  if (error != 0)
    return error;
  started = ioctl_by_system(call, base_wait_overlapped(wait), NULL);
  error = base_wait_finish(wait, started);
  if (error == 0 && started == WSA_IO_PENDING)
    error = base_wait_result(wait, &call->returned, &flags);
  base_wait_free(wait);
  return error;
}

static int ioctl_overlapped(struct ioctl_call *call, struct overlapped_request *request)
{
  int error = overlapped_prepare(request, call->socket);

  if (error != 0)
    return error;
  error =
      ioctl_by_system(call, overlapped_for_system(request), overlapped_routine_for_system(request));
  return overlapped_started(request, error);
}

static bool ioctl_buffers_are_usable(const struct ioctl_call *call)
{
  char byte;

  if (call->in_size != 0 && (!caller_read(&byte, call->in, 1) ||
                             !caller_read(&byte, caller_offset(call->in, call->in_size - 1), 1)))
    return false;
  return call->out_size == 0 || caller_can_write(call->out, call->out_size);
}

static int ioctl_pass_to_system(struct ioctl_call *call, struct overlapped_request *request)
{
  const bool may_block =
      call->code == SIO_ADDRESS_LIST_CHANGE || call->code == SIO_ROUTING_INTERFACE_CHANGE;

  if (!ioctl_buffers_are_usable(call))
    return WSAEFAULT;
  if (overlapped_is_requested(call->socket, request->overlapped))
    return ioctl_overlapped(call, request);
  if (may_block && !base_socket_is_nonblocking(call->socket))
    return ioctl_blocking(call);
  return ioctl_by_system(call, NULL, NULL);
}

/* --- the procedure -------------------------------------------------------------------- */

/* Windows, and Wine, do not support SIO_BASE_HANDLE as an overlapped operation. */
static int ioctl_dispatch(struct ioctl_call *call, struct overlapped_request *request)
{
  switch (call->code) {
  case (DWORD)FIONBIO:
    return ioctl_set_mode(call, request);
  case SIO_BASE_HANDLE:
    if (overlapped_is_requested(call->socket, request->overlapped))
      return ioctl_pass_to_system(call, request);
    return ioctl_answer(call, request);
  case SIO_GET_EXTENSION_FUNCTION_POINTER:
  case SIO_BSP_HANDLE:
  case SIO_BSP_HANDLE_SELECT:
  case SIO_BSP_HANDLE_POLL:
    return ioctl_answer(call, request);
  default:
    return ioctl_pass_to_system(call, request);
  }
}

static int ioctl_checked(struct ioctl_call *call, struct overlapped_request *request,
                         LPDWORD returned)
{
  int error;

  if (!caller_optional_dword(returned) || (returned == NULL && request->overlapped == NULL))
    return WSAEFAULT;
  error = ioctl_dispatch(call, request);
  if (error == 0 && returned != NULL &&
      !caller_write(returned, &call->returned, sizeof call->returned))
    return WSAEFAULT;
  return error;
}

int WSPAPI base_ioctl(SOCKET s, DWORD dwIoControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer,
                      LPVOID lpvOutBuffer, DWORD cbOutBuffer, LPDWORD lpcbBytesReturned,
                      LPWSAOVERLAPPED lpOverlapped,
                      LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine,
                      LPWSATHREADID lpThreadId, LPINT lpErrno)
{
  struct overlapped_request request = {lpOverlapped, lpCompletionRoutine, lpThreadId, NULL};
  struct ioctl_call call = {.socket = base_enter("WSPIoctl", s, lpErrno),
                            .code = dwIoControlCode,
                            .in = lpvInBuffer,
                            .in_size = cbInBuffer,
                            .out = lpvOutBuffer,
                            .out_size = cbOutBuffer};

  if (call.socket == NULL)
    return SOCKET_ERROR;
  return base_leave("WSPIoctl", call.socket, lpErrno,
                    ioctl_checked(&call, &request, lpcbBytesReturned));
}
