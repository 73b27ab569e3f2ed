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

static int ioctl_set_mode(const struct ioctl_call *call)
{
  u_long value;

  if (call->in_size < sizeof value || !caller_read(&value, call->in, sizeof value))
    return WSAEFAULT;
  return base_socket_set_nonblocking(call->socket, value != 0);
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

static bool ioctl_is_answered_here(DWORD code)
{
  return code == (DWORD)FIONBIO || code == SIO_GET_EXTENSION_FUNCTION_POINTER ||
         code == SIO_BASE_HANDLE || code == SIO_BSP_HANDLE || code == SIO_BSP_HANDLE_SELECT ||
         code == SIO_BSP_HANDLE_POLL;
}

static int ioctl_find_answer(struct ioctl_call *call, LPWSAOVERLAPPED overlapped)
{
  if (call->code == (DWORD)FIONBIO)
    return ioctl_set_mode(call);
  if (call->code == SIO_GET_EXTENSION_FUNCTION_POINTER)
    return ioctl_get_extension(call);
  return ioctl_get_base_handle(call, overlapped);
}

static int ioctl_answer(struct ioctl_call *call, struct overlapped_request *request)
{
  int error;

  if (!overlapped_is_requested(call->socket, request->overlapped))
    return ioctl_find_answer(call, request->overlapped);
  error = overlapped_prepare_answer(request, call->socket);
  if (error != 0)
    return error;
  error = ioctl_find_answer(call, request->overlapped);
  overlapped_answered(request, error, call->returned);
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

static int ioctl_checked(struct ioctl_call *call, struct overlapped_request *request,
                         LPDWORD returned)
{
  int error;

  if (!caller_optional_dword(returned) || (returned == NULL && request->overlapped == NULL))
    return WSAEFAULT;
  error = ioctl_is_answered_here(call->code) ? ioctl_answer(call, request)
                                             : ioctl_pass_to_system(call, request);
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
