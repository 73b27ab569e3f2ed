/* WSPSelect. The system's own select finds what is ready now; if nothing is, a poll waits. */
#include "base/afd_poll.h"
#include "base/base.h"
#include "base/procedures.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

#include <limits.h>

enum { SETS = 3, FIRST_HANDLE = offsetof(fd_set, fd_array) };

static const ULONG ready_events[SETS] = {
    AFD_RECEIVE | AFD_DISCONNECT | AFD_ABORT | AFD_ACCEPT,
    AFD_SEND,
    AFD_OUT_OF_BAND | AFD_CONNECT_FAIL,
};

/* The caller's sets and two copies of each: `given` as they were, `ready` with what is ready. All
 * copies are in one piece of memory, since a set may hold more than FD_SETSIZE sockets. A set that
 * the caller does not have is NULL in all three. */
struct select_call {
  fd_set *caller[SETS];
  fd_set *given[SETS];
  fd_set *ready[SETS];
  size_t size[SETS];
  void *memory;
  ULONG sockets; /* of all sets together */
  bool forever;
  ULONGLONG milliseconds;
};

/* Only the last handle of a set is read here, which shows that the count can be true. */
static int select_measure_sets(struct select_call *call)
{
  for (int i = 0; i < SETS; i++) {
    u_int count;
    SOCKET last;

    if (call->caller[i] == NULL)
      continue;
    if (!caller_read(&count, caller_offset(call->caller[i], offsetof(fd_set, fd_count)),
                     sizeof count))
      return WSAEFAULT;
    if (count == 0)
      return WSAEINVAL;
    if (count > (UINT_MAX / 8 - FIRST_HANDLE) / sizeof(SOCKET) ||
        !caller_read(&last,
                     caller_offset(call->caller[i], FIRST_HANDLE + (count - 1) * sizeof last),
                     sizeof last))
      return WSAEFAULT;
    call->size[i] = FIRST_HANDLE + count * sizeof(SOCKET);
    call->sockets += count;
  }
  return call->sockets != 0 ? 0 : WSAEINVAL;
}

/* The count is the measured one: another thread may have changed it since. Writing the copy back
 * shows that the result can be stored. */
static bool select_copy_set(fd_set *caller, fd_set *copy, size_t size)
{
  copy->fd_count = (u_int)((size - FIRST_HANDLE) / sizeof(SOCKET));
  return caller_read(copy->fd_array, caller_offset(caller, FIRST_HANDLE), size - FIRST_HANDLE) &&
         caller_write(caller, copy, size);
}

static int select_copy_sets(struct select_call *call)
{
  char *at = heap_allocate(2 * (call->size[0] + call->size[1] + call->size[2]));

  call->memory = at;
  if (at == NULL)
    return WSAENOBUFS;
  for (int i = 0; i < SETS; i++) {
    if (call->caller[i] == NULL)
      continue;
    call->given[i] = (fd_set *)at;
    call->ready[i] = (fd_set *)(at + call->size[i]);
    at += 2 * call->size[i];
    if (!select_copy_set(call->caller[i], call->given[i], call->size[i]))
      return WSAEFAULT;
  }
  return 0;
}

static int select_read_timeout(struct select_call *call, WS2SPI_SELECT_TIMEVAL *timeout)
{
  struct timeval copy;

  call->forever = timeout == NULL;
  if (call->forever)
    return 0;
  if (!caller_read(&copy, timeout, sizeof copy))
    return WSAEFAULT;
  if (copy.tv_sec < 0 || copy.tv_usec < 0 || copy.tv_usec >= 1000000)
    return WSAEINVAL;
  call->milliseconds = (ULONGLONG)copy.tv_sec * 1000 + ((ULONGLONG)copy.tv_usec + 999) / 1000;
  return 0;
}

/* This also refuses handles that are not sockets. */
static int select_now(struct select_call *call, int *count)
{
  struct timeval none = {0, 0};

  for (int i = 0; i < SETS; i++) {
    if (call->ready[i] != NULL)
      memcpy(call->ready[i], call->given[i], call->size[i]);
  }
  *count = system_winsock()->select(0, call->ready[0], call->ready[1], call->ready[2], &none);
  return *count == SOCKET_ERROR ? base_system_error() : 0;
}

static struct afd_poll *select_new_poll(const struct select_call *call)
{
  struct afd_poll *poll = afd_poll_new(call->sockets);
  struct afd_poll_socket *next = poll == NULL ? NULL : poll->sockets;

  for (int set = 0; next != NULL && set < SETS; set++) {
    for (u_int i = 0; call->given[set] != NULL && i < call->given[set]->fd_count; i++, next++) {
      next->handle = (HANDLE)call->given[set]->fd_array[i];
      next->events = ready_events[set] | AFD_LOCAL_CLOSE;
    }
  }
  return poll;
}

/* The poll reports a socket that is in several sets once or several times. */
static ULONG select_polled_events(const struct afd_poll *poll, SOCKET s)
{
  ULONG events = 0;

  for (ULONG i = 0; i < poll->count; i++) {
    if (poll->sockets[i].handle == (HANDLE)s)
      events |= poll->sockets[i].events;
  }
  return events;
}

/* Fills `ready` from the poll. Another select would not do: if it found nothing any more, or judged
 * readiness differently, the wait would spin. */
static int select_read_poll(const struct select_call *call, const struct afd_poll *poll, int *count)
{
  *count = 0;
  for (int set = 0; set < SETS; set++) {
    const fd_set *given = call->given[set];
    fd_set *ready = call->ready[set];

    if (given == NULL)
      continue;
    ready->fd_count = 0;
    for (u_int i = 0; i < given->fd_count; i++) {
      const ULONG events = select_polled_events(poll, given->fd_array[i]);

      if ((events & AFD_LOCAL_CLOSE) != 0)
        return WSAEINTR;
      if ((events & ready_events[set]) != 0)
        ready->fd_array[ready->fd_count++] = given->fd_array[i];
    }
    *count += (int)ready->fd_count;
  }
  return 0;
}

static void select_empty_sets(struct select_call *call)
{
  for (int i = 0; i < SETS; i++) {
    if (call->ready[i] != NULL)
      call->ready[i]->fd_count = 0;
  }
}

static int select_wait(struct select_call *call, struct base_wait *wait, int *count)
{
  struct afd_poll *poll;
  int error;

  do {
    heap_free(wait->owned_memory);
    poll = wait->owned_memory = select_new_poll(call);
    if (poll == NULL)
      return WSAENOBUFS;
    error = afd_poll_wait(wait, poll);
    if (error == WSAETIMEDOUT) {
      select_empty_sets(call);
      *count = 0;
      return 0;
    }
    if (error == 0)
      error = select_read_poll(call, poll, count);
  } while (error == 0 && *count == 0);
  return error;
}

/* The catalog id of a select is that of its first socket, as ReactOS chooses the provider. 0: it is
 * not a socket. */
static DWORD select_entry_id(const struct select_call *call)
{
  const fd_set *first = call->given[0] != NULL   ? call->given[0]
                        : call->given[1] != NULL ? call->given[1]
                                                 : call->given[2];
  struct base_socket *socket = base_socket_acquire(first->fd_array[0]);
  DWORD id = 0;

  if (socket != NULL) {
    id = base_protocol_id(socket->protocol);
    base_socket_release(socket);
  }
  return id;
}

static bool select_involves(const void *select_call, SOCKET s)
{
  const struct select_call *call = select_call;

  for (int set = 0; set < SETS; set++) {
    for (u_int i = 0; call->given[set] != NULL && i < call->given[set]->fd_count; i++) {
      if (call->given[set]->fd_array[i] == s)
        return true;
    }
  }
  return false;
}

static int select_blocking(struct select_call *call, int *count)
{
  const DWORD id = select_entry_id(call);
  struct base_wait *wait;
  int error = id == 0 ? WSAENOTSOCK : base_wait_new_for_select(id, select_involves, call, &wait);

  if (error != 0)
    return error;
  wait->memory_if_abandoned = call->memory;
  if (!call->forever)
    base_wait_set_timeout(wait,
                          call->milliseconds > MAXDWORD ? MAXDWORD : (DWORD)call->milliseconds);
  error = select_wait(call, wait, count);
  base_wait_free(wait);
  return error;
}

static int select_store_ready(const struct select_call *call)
{
  for (int i = 0; i < SETS; i++) {
    if (call->ready[i] != NULL &&
        !caller_write(call->caller[i], call->ready[i],
                      FIRST_HANDLE + call->ready[i]->fd_count * sizeof(SOCKET)))
      return WSAEFAULT;
  }
  return 0;
}

static int select_checked(struct select_call *call, int *count)
{
  int error = select_copy_sets(call);

  if (error == 0)
    error = select_now(call, count);
  if (error == 0 && *count == 0 && (call->forever || call->milliseconds != 0))
    error = select_blocking(call, count);
  if (error == 0)
    error = select_store_ready(call);
  heap_free(call->memory);
  return error;
}

int WSPAPI base_select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds,
                       WS2SPI_SELECT_TIMEVAL *timeout, LPINT lpErrno)
{
  struct select_call call = {.caller = {readfds, writefds, exceptfds}};
  int count = 0;
  int error;

  (void)nfds;
  if (!spi_begin_in("WSPSelect", lpErrno))
    return SOCKET_ERROR;
  error = base_is_started() ? select_measure_sets(&call) : WSAENETDOWN;
  if (error == 0)
    error = select_read_timeout(&call, timeout);
  if (error == 0)
    error = select_checked(&call, &count);
  return error == 0 ? count : spi_fail_in("WSPSelect", lpErrno, error);
}
