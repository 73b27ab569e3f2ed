/* WSPAccept. No connection is accepted in advance, so a cancelled call loses none. */
#include "base/afd_poll.h"
#include "base/base.h"
#include "base/caller_buffers.h"
#include "base/socket_close.h"
#include "base/procedures.h"
#include "base/host_upcalls.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

enum { RESERVE_BYTES = 4096 };

/* An accepted connection cannot be put back, so all memory for it is allocated before: its record,
 * and a reserve that is freed if the tables run out of memory. */
struct accept_call {
  struct base_socket *listener;
  struct base_socket *record; /* of the accepted socket */
  void *reserve;
  LPCONDITIONPROC condition;
  DWORD_PTR condition_data;
  SOCKET accepted;
  SOCKADDR_STORAGE address;
  int address_length;
};

static int accept_now(struct accept_call *call)
{
  call->address_length = sizeof call->address;
  call->accepted =
      system_winsock()->WSAAccept(call->listener->handle, (struct sockaddr *)&call->address,
                                  &call->address_length, call->condition, call->condition_data);
  return call->accepted == INVALID_SOCKET ? base_system_error() : 0;
}

static int accept_without_waiting(struct accept_call *call)
{
  int error = base_nonblocking_begin(call->listener);

  if (error != 0)
    return error;
  error = accept_now(call);
  base_nonblocking_end(call->listener);
  return error;
}

static int accept_blocking(struct accept_call *call)
{
  struct base_wait *wait;
  int error = accept_without_waiting(call);

  if (error != WSAEWOULDBLOCK)
    return error;
  error = base_wait_new(call->listener, &wait);
  if (error != 0)
    return error == WSAENOTSOCK ? WSAEINTR : error;
  /* WSAEWOULDBLOCK: another thread has accepted the connection first. */
  do {
    error = afd_poll_wait_for(wait, AFD_ACCEPT);
    if (error == 0)
      error = accept_without_waiting(call);
  } while (error == WSAEWOULDBLOCK);
  base_wait_free(wait);
  return error;
}

/* An accepted socket inherits the listener's system mode, which may differ from the client's mode.
 * */
static int accept_set_mode(const struct accept_call *call)
{
  if (!atomic_load(&call->listener->nonblocking))
    return base_socket_set_nonblocking(call->record, false);
  base_socket_note_nonblocking(call->record);
  return 0;
}

/* False: the reserve is used up. */
static bool accept_free_reserve(struct accept_call *call)
{
  const bool freed = call->reserve != NULL;

  heap_free(call->reserve);
  call->reserve = NULL;
  return freed;
}

static int accept_register(struct accept_call *call)
{
  int error = accept_set_mode(call);

  if (error != 0)
    return error;
  do
    error = wpu_modify_ifs_handle(base_protocol_id(call->record->protocol), &call->accepted);
  while (error != 0 && accept_free_reserve(call));
  return error == 0 && !base_is_started() ? WSAENETDOWN : error;
}

static int accept_list(struct accept_call *call)
{
  bool listed;
  int error;

  do
    listed = base_socket_list(call->record, call->accepted);
  while (!listed && accept_free_reserve(call));
  if (!listed) {
    system_winsock()->closesocket(call->accepted);
    return WSAENOBUFS;
  }
  error = accept_register(call);
  if (error != 0)
    base_socket_discard(call->record);
  return error;
}

static int accept_with_reserve(struct accept_call *call)
{
  int error;

  call->record = base_socket_new(call->listener->protocol, call->listener->overlapped);
  call->reserve = heap_allocate(RESERVE_BYTES);
  if (call->record == NULL || call->reserve == NULL)
    error = WSAENOBUFS;
  else if (base_socket_is_nonblocking(call->listener))
    error = accept_now(call);
  else
    error = accept_blocking(call);
  if (error == 0) {
    error = accept_list(call);
    if (error != 0)
      call->accepted = INVALID_SOCKET;
  }
  heap_free(call->reserve);
  if (call->record != NULL)
    base_socket_release(call->record);
  return error;
}

/* A connection whose address cannot be stored would be lost, so pointers are checked first. */
static int accept_check(const struct accept_call *call, struct sockaddr *addr, LPINT addrlen)
{
  const void *condition;

  if (addr != NULL &&
      !caller_address_has_room(addr, addrlen, address_size(call->listener->protocol->family)))
    return WSAEFAULT;
  memcpy(&condition, &call->condition, sizeof condition);
  if (condition != NULL && !caller_can_execute(condition))
    return WSAEFAULT;
  return base_socket_is_stream(call->listener) ? 0 : WSAEOPNOTSUPP;
}

SOCKET WSPAPI base_accept(SOCKET s, struct sockaddr *addr, LPINT addrlen,
                          LPCONDITIONPROC lpfnCondition, DWORD_PTR dwCallbackData, LPINT lpErrno)
{
  struct accept_call call = {.listener = base_enter("WSPAccept", s, lpErrno),
                             .condition = lpfnCondition,
                             .condition_data = dwCallbackData,
                             .accepted = INVALID_SOCKET};
  int error;

  if (call.listener == NULL)
    return INVALID_SOCKET;
  error = accept_check(&call, addr, addrlen);
  if (error == 0)
    error = accept_with_reserve(&call);
  if (error == 0 && addr != NULL)
    caller_address_store(addr, addrlen, &call.address, call.address_length);
  base_leave("WSPAccept", call.listener, lpErrno, error);
  return call.accepted;
}
