/* WSPRecv and WSPRecvFrom. */
#include "base/afd_poll.h"
#include "base/caller_buffers.h"
#include "base/apc_relay.h"
#include "base/procedures.h"
#include "base/wait.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

struct receive_call {
  struct base_socket *socket;
  struct caller_buffers buffers;
  bool with_address; /* WSPRecvFrom */
  struct sockaddr *from;
  LPINT from_length;
  DWORD flags;
  DWORD received;
  SOCKADDR_STORAGE address;
  int address_length;
};

static int receive_by_system(struct receive_call *call, DWORD *flags, struct sockaddr *from,
                             int *length, LPWSAOVERLAPPED overlapped,
                             LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  const struct system_winsock *system = system_winsock();
  const SOCKET s = call->socket->handle;
  int result;

  if (call->with_address)
    result = system->WSARecvFrom(s, call->buffers.list, call->buffers.count, &call->received, flags,
                                 from, length, overlapped, routine);
  else
    result = system->WSARecv(s, call->buffers.list, call->buffers.count, &call->received, flags,
                             overlapped, routine);
  return result == 0 ? 0 : base_system_error();
}

static int receive_now(struct receive_call *call)
{
  call->address_length = sizeof call->address;
  return receive_by_system(call, &call->flags, (struct sockaddr *)&call->address,
                           &call->address_length, NULL, NULL);
}

/* Overlapped calls do not support MSG_PEEK. So the peek is tried without waiting; if there is no
 * data, the call waits for readiness and tries again, since another reader may take the data first.
 * */
static int receive_peek(struct receive_call *call, struct base_wait *wait)
{
  const DWORD flags = call->flags;
  const ULONG data = (flags & MSG_OOB) != 0 ? AFD_OUT_OF_BAND : AFD_RECEIVE;
  bool has_timeout = false;
  int error;

  for (;;) {
    error = base_nonblocking_begin(call->socket);
    if (error != 0)
      return error;
    error = receive_now(call);
    base_nonblocking_end(call->socket);
    if (error != WSAEWOULDBLOCK)
      return error;
    call->flags = flags;
    if (!has_timeout)
      base_wait_use_socket_timeout(wait, SO_RCVTIMEO);
    has_timeout = true;
    error = afd_poll_wait_for(wait, data | AFD_DISCONNECT | AFD_ABORT);
    if (error != 0)
      return error;
  }
}

/* The system writes flags and address to the wait, because this frame may be gone by then. */
static int receive_overlapped_and_wait(struct receive_call *call, struct base_wait *wait)
{
  int started;
  int error;

  wait->flags = call->flags;
  wait->address_length = sizeof wait->address;
  started = receive_by_system(call, &wait->flags, (struct sockaddr *)&wait->address,
                              &wait->address_length, base_wait_overlapped(wait), NULL);
  if (started == WSA_IO_PENDING)
    base_wait_use_socket_timeout(wait, SO_RCVTIMEO);
  error = base_wait_finish(wait, started);
  if (error == 0 && started == WSA_IO_PENDING)
    error = base_wait_result(wait, &call->received, &wait->flags);
  call->flags = wait->flags;
  call->address = wait->address;
  call->address_length = wait->address_length;
  return error;
}

static int receive_blocking(struct receive_call *call)
{
  struct base_wait *wait;
  int error = base_wait_new(call->socket, &wait);

  if (error != 0)
    return error;
  wait->memory_if_abandoned = caller_buffers_memory(&call->buffers);
  if ((call->flags & MSG_PEEK) != 0)
    error = receive_peek(call, wait);
  else
    error = receive_overlapped_and_wait(call, wait);
  base_wait_free(wait);
  return error;
}

static int receive_synchronously(struct receive_call *call, LPDWORD received, LPDWORD flags)
{
  int error;

  if (received == NULL)
    return WSAEFAULT;
  error = base_socket_is_nonblocking(call->socket) ? receive_now(call) : receive_blocking(call);
  /* WSAEMSGSIZE: the datagram was received, but the end of it did not fit. */
  if (error != 0 && error != WSAEMSGSIZE)
    return error;
  if (!caller_write(received, &call->received, sizeof *received) ||
      !caller_write(flags, &call->flags, sizeof *flags))
    return WSAEFAULT;
  if (call->from != NULL && call->address_length > 0 &&
      caller_address_store(call->from, call->from_length, &call->address, call->address_length) !=
          0)
    return WSAEFAULT;
  return error;
}

static int receive_overlapped(struct receive_call *call, struct overlapped_request *request,
                              LPDWORD received, LPDWORD flags)
{
  int error = overlapped_prepare(request, call->socket);

  if (error != 0)
    return error;
  error = receive_by_system(call, &call->flags, call->from, call->from_length,
                            overlapped_for_system(request), overlapped_routine_for_system(request));
  if (error == 0) {
    if (received != NULL)
      caller_write(received, &call->received, sizeof *received);
    caller_write(flags, &call->flags, sizeof *flags);
  }
  /* The datagram was received in part, and the system notifies the client of that. After any error
   * but WSA_IO_PENDING there must be no notification (ws2spi/nc-ws2spi-lpwsprecv). */
  if (error == WSAEMSGSIZE)
    error = WSA_IO_PENDING;
  return overlapped_started(request, error);
}

static int receive(struct receive_call *call, const WSABUF *buffers, DWORD count, LPDWORD received,
                   LPDWORD flags, struct overlapped_request *request)
{
  int error;

  /* A stream reports no address (ws2spi/nc-ws2spi-lpwsprecvfrom). */
  if (base_socket_is_stream(call->socket) || call->from == NULL) {
    call->from = NULL;
    call->from_length = NULL;
  }
  if (!caller_optional_dword(received) || !caller_read(&call->flags, flags, sizeof *flags) ||
      !caller_can_write(flags, sizeof *flags))
    return WSAEFAULT;
  if (call->from != NULL && !caller_address_has_room(call->from, call->from_length,
                                                     address_size(call->socket->protocol->family)))
    return WSAEFAULT;
  error = caller_buffers_copy(&call->buffers, buffers, count, BUFFERS_ARE_WRITTEN);
  if (error != 0)
    return error;
  if (overlapped_is_requested(call->socket, request->overlapped))
    error = receive_overlapped(call, request, received, flags);
  else
    error = receive_synchronously(call, received, flags);
  caller_buffers_free(&call->buffers);
  return error;
}

int WSPAPI base_recv(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount,
                     LPDWORD lpNumberOfBytesRecvd, LPDWORD lpFlags, LPWSAOVERLAPPED lpOverlapped,
                     LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine,
                     LPWSATHREADID lpThreadId, LPINT lpErrno)
{
  struct overlapped_request request = {lpOverlapped, lpCompletionRoutine, lpThreadId, NULL};
  struct receive_call call = {.socket = base_enter("WSPRecv", s, lpErrno)};

  if (call.socket == NULL)
    return SOCKET_ERROR;
  return base_leave(
      "WSPRecv", call.socket, lpErrno,
      receive(&call, lpBuffers, dwBufferCount, lpNumberOfBytesRecvd, lpFlags, &request));
}

int WSPAPI base_recv_from(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount,
                          LPDWORD lpNumberOfBytesRecvd, LPDWORD lpFlags, struct sockaddr *lpFrom,
                          LPINT lpFromlen, LPWSAOVERLAPPED lpOverlapped,
                          LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine,
                          LPWSATHREADID lpThreadId, LPINT lpErrno)
{
  struct overlapped_request request = {lpOverlapped, lpCompletionRoutine, lpThreadId, NULL};
  struct receive_call call = {.socket = base_enter("WSPRecvFrom", s, lpErrno),
                              .with_address = true,
                              .from = lpFrom,
                              .from_length = lpFromlen};

  if (call.socket == NULL)
    return SOCKET_ERROR;
  return base_leave(
      "WSPRecvFrom", call.socket, lpErrno,
      receive(&call, lpBuffers, dwBufferCount, lpNumberOfBytesRecvd, lpFlags, &request));
}
