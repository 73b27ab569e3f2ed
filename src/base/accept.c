/* WSPAccept. Nothing accepts in advance, so a cancelled call loses no connection. */
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

enum { RESERVE = 4096 };

struct accepting {
  struct base_socket *listener;
  struct base_socket *record; /* of the accepted socket */
  void *reserve;
  LPCONDITIONPROC condition;
  DWORD_PTR condition_data;
  SOCKET accepted;
  SOCKADDR_STORAGE address;
  int address_length;
};

static int accept_at_once(struct accepting *call)
{
  call->address_length = sizeof call->address;
  call->accepted =
      system_winsock()->WSAAccept(call->listener->handle, (struct sockaddr *)&call->address,
                                  &call->address_length, call->condition, call->condition_data);
  return call->accepted == INVALID_SOCKET ? base_system_error() : 0;
}

static int accept_in_section(struct accepting *call)
{
  int error = base_section_enter(call->listener);

  if (error != 0)
    return error;
  error = accept_at_once(call);
  base_section_leave(call->listener);
  return error;
}

/* Another thread may take the connection first; then the wait goes on. */
static int accept_waiting(struct accepting *call, struct base_wait *wait)
{
  int error;

  do {
    error = afd_poll_wait_for(wait, AFD_ACCEPT);
    if (error == 0)
      error = accept_in_section(call);
  } while (error == WSAEWOULDBLOCK);
  return error;
}

static int accept_blocking(struct accepting *call)
{
  struct base_wait *wait;
  int error = accept_in_section(call);

  if (error != WSAEWOULDBLOCK)
    return error;
  error = base_wait_new(call->listener, &wait);
  if (error != 0)
    return error == WSAENOTSOCK ? WSAEINTR : error;
  error = accept_waiting(call, wait);
  base_wait_free(wait);
  return error;
}

/* The accepted socket has inherited the mode of a section, not the client's. */
static int give_mode(const struct accepting *call, struct base_socket *accepted)
{
  if (!atomic_load(&call->listener->nonblocking))
    return base_socket_set_nonblocking(accepted, false);
  base_socket_note_nonblocking(accepted);
  return 0;
}

/* Memory set aside before the connection was taken, for what the tables need then. */
static bool give_back_reserve(struct accepting *call)
{
  const bool given = call->reserve != NULL;

  heap_free(call->reserve);
  call->reserve = NULL;
  return given;
}

static int register_accepted(struct accepting *call)
{
  int error = give_mode(call, call->record);

  if (error != 0)
    return error;
  do
    error = base_modify_ifs_handle(call->record->entry->id, &call->accepted);
  while (error != 0 && give_back_reserve(call));
  return error == 0 && !base_is_started() ? WSAENETDOWN : error;
}

static bool list_record(struct accepting *call)
{
  bool listed;

  do
    listed = base_socket_list(call->record, call->accepted);
  while (!listed && give_back_reserve(call));
  return listed;
}

static int list_accepted(struct accepting *call)
{
  int error;

  if (!list_record(call)) {
    system_winsock()->closesocket(call->accepted);
    return WSAENOBUFS;
  }
  error = register_accepted(call);
  if (error != 0)
    base_socket_discard(call->record);
  return error;
}

static int accept_and_list(struct accepting *call)
{
  int error =
      base_socket_is_nonblocking(call->listener) ? accept_at_once(call) : accept_blocking(call);

  if (error != 0)
    return error;
  error = list_accepted(call);
  if (error != 0)
    call->accepted = INVALID_SOCKET;
  return error;
}

/* What memory it takes is sought before the connection is: that cannot be given back. */
static int accept_and_register(struct accepting *call)
{
  int error;

  call->record = base_socket_new(call->listener->entry, call->listener->overlapped);
  call->reserve = heap_allocate(RESERVE);
  error = call->record != NULL && call->reserve != NULL ? accept_and_list(call) : WSAENOBUFS;
  heap_free(call->reserve);
  if (call->record != NULL)
    base_socket_release(call->record);
  return error;
}

static bool condition_is_callable(LPCONDITIONPROC condition)
{
  const void *address;

  memcpy(&address, &condition, sizeof address);
  return condition == NULL || caller_can_execute(address);
}

/* Before anything is accepted: a connection whose address could not be stored
 * would be lost. */
static int check(const struct accepting *call, struct sockaddr *addr, LPINT addrlen)
{
  if (addr != NULL &&
      !caller_address_can_take(addr, addrlen, address_size(call->listener->entry->family)))
    return WSAEFAULT;
  if (!condition_is_callable(call->condition))
    return WSAEFAULT;
  return base_socket_is_stream(call->listener) ? 0 : WSAEOPNOTSUPP;
}

SOCKET WSPAPI base_accept(SOCKET s, struct sockaddr *addr, LPINT addrlen,
                          LPCONDITIONPROC lpfnCondition, DWORD_PTR dwCallbackData, LPINT lpErrno)
{
  struct accepting call = {.listener = base_enter("WSPAccept", s, lpErrno),
                           .condition = lpfnCondition,
                           .condition_data = dwCallbackData,
                           .accepted = INVALID_SOCKET};
  int error;

  if (call.listener == NULL)
    return INVALID_SOCKET;
  error = check(&call, addr, addrlen);
  if (error == 0)
    error = accept_and_register(&call);
  if (error == 0 && addr != NULL)
    caller_address_store(addr, addrlen, &call.address, call.address_length);
  base_leave("WSPAccept", call.listener, lpErrno, error);
  return call.accepted;
}
