/* WSPRecv and WSPRecvFrom. */
#include "base/afd_poll.h"
#include "base/caller_buffers.h"
#include "base/apc_relay.h"
#include "base/procedures.h"
#include "base/wait.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

/* One call, checked. `with_address` tells WSPRecvFrom from WSPRecv. */
struct receive {
  struct base_socket *socket;
  struct caller_buffers buffers;
  DWORD flags;
  DWORD received;
  bool with_address;
  struct sockaddr *from;
  LPINT from_length;
  SOCKADDR_STORAGE address;
  int address_length;
};

static bool wants_address(const struct receive *call)
{
  return call->with_address && call->from != NULL && !base_socket_is_stream(call->socket);
}

static int system_receive(struct receive *call, DWORD *flags, struct sockaddr *from, int *length,
                          LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
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

static int receive_at_once(struct receive *call)
{
  call->address_length = sizeof call->address;
  return system_receive(call, &call->flags, (struct sockaddr *)&call->address,
                        &call->address_length, NULL, NULL);
}

static int receive_waiting(struct receive *call, struct base_wait *wait)
{
  int started;
  int error;

  wait->flags = call->flags;
  wait->address_length = sizeof wait->address;
  started = system_receive(call, &wait->flags, (struct sockaddr *)&wait->address,
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

static int peek_at_once(struct receive *call)
{
  const DWORD flags = call->flags;
  int error = base_section_enter(call->socket);

  if (error != 0)
    return error;
  error = receive_at_once(call);
  base_section_leave(call->socket);
  if (error == WSAEWOULDBLOCK)
    call->flags = flags;
  return error;
}

/* MSG_PEEK is not for overlapped calls: try without waiting, wait for readiness,
 * and try again, as long as another reader comes first. */
static int peek_waiting(struct receive *call, struct base_wait *wait)
{
  const ULONG data = (call->flags & MSG_OOB) != 0 ? AFD_OUT_OF_BAND : AFD_RECEIVE;
  int error = peek_at_once(call);

  if (error == WSAEWOULDBLOCK)
    base_wait_use_socket_timeout(wait, SO_RCVTIMEO);
  while (error == WSAEWOULDBLOCK) {
    error = afd_poll_wait_for(wait, data | AFD_DISCONNECT | AFD_ABORT);
    if (error == 0)
      error = peek_at_once(call);
  }
  return error;
}

static int receive_blocking(struct receive *call)
{
  struct base_wait *wait;
  int error = base_wait_new(call->socket, &wait);

  if (error != 0)
    return error;
  wait->call_memory = caller_buffers_memory(&call->buffers);
  error = (call->flags & MSG_PEEK) != 0 ? peek_waiting(call, wait) : receive_waiting(call, wait);
  base_wait_free(wait);
  return error;
}

/* A datagram that was too long has been received all the same. */
static bool has_outcome(int error)
{
  return error == 0 || error == WSAEMSGSIZE;
}

static int store_outcome(struct receive *call, LPDWORD received, LPDWORD flags, int error)
{
  if (!has_outcome(error))
    return error;
  if (received != NULL && !caller_write(received, &call->received, sizeof *received))
    return WSAEFAULT;
  if (!caller_write(flags, &call->flags, sizeof *flags))
    return WSAEFAULT;
  if (wants_address(call) && call->address_length > 0 &&
      caller_address_store(call->from, call->from_length, &call->address, call->address_length) !=
          0)
    return WSAEFAULT;
  return error;
}

static int receive_synchronously(struct receive *call, LPDWORD received, LPDWORD flags)
{
  int error;

  if (received == NULL)
    return WSAEFAULT;
  error = base_socket_is_nonblocking(call->socket) ? receive_at_once(call) : receive_blocking(call);
  return store_outcome(call, received, flags, error);
}

static int receive_overlapped(struct receive *call, struct overlapped_request *request,
                              LPDWORD received, LPDWORD flags)
{
  int error = overlapped_prepare(request, call->socket);

  if (error != 0)
    return error;
  error = system_receive(call, &call->flags, wants_address(call) ? call->from : NULL,
                         wants_address(call) ? call->from_length : NULL,
                         overlapped_for_system(request), overlapped_routine_for_system(request));
  if (error == 0) {
    if (received != NULL)
      caller_write(received, &call->received, sizeof *received);
    caller_write(flags, &call->flags, sizeof *flags);
  }
  return overlapped_started(request, error);
}

static int check(struct receive *call, const WSABUF *buffers, DWORD count, LPDWORD received,
                 LPDWORD flags)
{
  if (!caller_optional_dword(received) || !caller_read(&call->flags, flags, sizeof *flags) ||
      !caller_can_write(flags, sizeof *flags))
    return WSAEFAULT;
  if (wants_address(call) && !caller_address_can_take(call->from, call->from_length,
                                                      address_size(call->socket->entry->family)))
    return WSAEFAULT;
  return caller_buffers_copy(&call->buffers, buffers, count, BUFFERS_ARE_WRITTEN);
}

static int receive(struct receive *call, const WSABUF *buffers, DWORD count, LPDWORD received,
                   LPDWORD flags, struct overlapped_request *request)
{
  int error = check(call, buffers, count, received, flags);

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
  struct receive call = {.socket = base_enter("WSPRecv", s, lpErrno)};

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
  struct receive call = {.socket = base_enter("WSPRecvFrom", s, lpErrno),
                         .with_address = true,
                         .from = lpFrom,
                         .from_length = lpFromlen};

  if (call.socket == NULL)
    return SOCKET_ERROR;
  return base_leave(
      "WSPRecvFrom", call.socket, lpErrno,
      receive(&call, lpBuffers, dwBufferCount, lpNumberOfBytesRecvd, lpFlags, &request));
}
