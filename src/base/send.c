/* WSPSend and WSPSendTo. */
#include "base/caller_buffers.h"
#include "base/apc_relay.h"
#include "base/procedures.h"
#include "base/wait.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

struct send_call {
  struct base_socket *socket;
  struct caller_buffers buffers;
  DWORD flags;
  DWORD sent;
  SOCKADDR_STORAGE address;
  int address_length; /* 0: no address, as in WSPSend */
};

static int send_by_system(struct send_call *call, LPWSAOVERLAPPED overlapped,
                          LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  const struct system_winsock *system = system_winsock();
  const SOCKET s = call->socket->handle;
  int result;

  if (call->address_length != 0)
    result = system->WSASendTo(s, call->buffers.list, call->buffers.count, &call->sent, call->flags,
                               (struct sockaddr *)&call->address, call->address_length, overlapped,
                               routine);
  else
    result = system->WSASend(s, call->buffers.list, call->buffers.count, &call->sent, call->flags,
                             overlapped, routine);
  return result == 0 ? 0 : base_system_error();
}

/* Inside the blocking hook no call may wait. A stream send is refused there before it has sent
 * anything, because one that had to wait could only be cancelled in the middle. */
static int send_blocking(struct send_call *call)
{
  const bool is_stream = base_socket_is_stream(call->socket);
  struct base_wait *wait;
  DWORD flags = 0;
  int started;
  int error;

  if (is_stream && blocking_in_callback())
    return WSAEINPROGRESS;
  error = base_wait_new(call->socket, &wait);
  if (error != 0)
    return error;
  wait->aborts_stream = is_stream;
  wait->memory_if_abandoned = caller_buffers_memory(&call->buffers);
  started = send_by_system(call, base_wait_overlapped(wait), NULL);
  if (started == WSA_IO_PENDING)
    base_wait_use_socket_timeout(wait, SO_SNDTIMEO);
  error = base_wait_finish(wait, started);
  if (error == 0 && started == WSA_IO_PENDING)
    error = base_wait_result(wait, &call->sent, &flags);
  base_wait_free(wait);
  return error;
}

static int send_synchronously(struct send_call *call, LPDWORD sent)
{
  int error;

  if (sent == NULL)
    return WSAEFAULT;
  error = base_socket_is_nonblocking(call->socket) ? send_by_system(call, NULL, NULL)
                                                   : send_blocking(call);
  if (error == 0 && !caller_write(sent, &call->sent, sizeof *sent))
    return WSAEFAULT;
  return error;
}

static int send_overlapped(struct send_call *call, struct overlapped_request *request, LPDWORD sent)
{
  int error = overlapped_prepare(request, call->socket);

  if (error != 0)
    return error;
  error =
      send_by_system(call, overlapped_for_system(request), overlapped_routine_for_system(request));
  if (error == 0 && sent != NULL)
    caller_write(sent, &call->sent, sizeof *sent);
  return overlapped_started(request, error);
}

static int send_checked(struct send_call *call, const WSABUF *buffers, DWORD count, LPDWORD sent,
                        struct overlapped_request *request)
{
  int error;

  if (!caller_optional_dword(sent))
    return WSAEFAULT;
  error = caller_buffers_copy(&call->buffers, buffers, count, BUFFERS_ARE_READ);
  if (error != 0)
    return error;
  if (overlapped_is_requested(call->socket, request->overlapped))
    error = send_overlapped(call, request, sent);
  else
    error = send_synchronously(call, sent);
  caller_buffers_free(&call->buffers);
  return error;
}

int WSPAPI base_send(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesSent,
                     DWORD dwFlags, LPWSAOVERLAPPED lpOverlapped,
                     LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine,
                     LPWSATHREADID lpThreadId, LPINT lpErrno)
{
  struct overlapped_request request = {lpOverlapped, lpCompletionRoutine, lpThreadId, NULL};
  struct send_call call = {.socket = base_enter("WSPSend", s, lpErrno), .flags = dwFlags};

  if (call.socket == NULL)
    return SOCKET_ERROR;
  return base_leave("WSPSend", call.socket, lpErrno,
                    send_checked(&call, lpBuffers, dwBufferCount, lpNumberOfBytesSent, &request));
}

int WSPAPI base_send_to(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount,
                        LPDWORD lpNumberOfBytesSent, DWORD dwFlags, const struct sockaddr *lpTo,
                        int iTolen, LPWSAOVERLAPPED lpOverlapped,
                        LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine,
                        LPWSATHREADID lpThreadId, LPINT lpErrno)
{
  struct overlapped_request request = {lpOverlapped, lpCompletionRoutine, lpThreadId, NULL};
  struct send_call call = {.socket = base_enter("WSPSendTo", s, lpErrno), .flags = dwFlags};

  if (call.socket == NULL)
    return SOCKET_ERROR;
  /* A stream ignores lpTo (ws2spi/nc-ws2spi-lpwspsendto). */
  if (lpTo != NULL && !base_socket_is_stream(call.socket)) {
    if (caller_address_copy(&call.address, lpTo, iTolen) != 0)
      return base_leave("WSPSendTo", call.socket, lpErrno, WSAEFAULT);
    call.address_length = iTolen;
  }
  return base_leave("WSPSendTo", call.socket, lpErrno,
                    send_checked(&call, lpBuffers, dwBufferCount, lpNumberOfBytesSent, &request));
}
