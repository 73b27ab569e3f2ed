/* WSPSelect. The system's own select finds what is ready now; if nothing is, a poll waits. */
#include "base/afd_poll.h"
#include "base/base.h"
#include "base/procedures.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

#include <limits.h>

enum { READ, WRITE, EXCEPT, SETS };
enum { FIRST_HANDLE = offsetof(fd_set, fd_array) };

static const ULONG ready_events[SETS] = {
    [READ] = AFD_RECEIVE | AFD_DISCONNECT | AFD_ABORT | AFD_ACCEPT,
    [WRITE] = AFD_SEND,
    [EXCEPT] = AFD_OUT_OF_BAND | AFD_CONNECT_FAIL,
};

/* The caller's sets and two copies of each: `given` as they were, `ready` with what is ready. All
 * copies are in one piece of memory, since a set may hold more than FD_SETSIZE sockets. A set that
 * is NULL or empty is NULL in both. If the caller passes the same memory for several sets, only the
 * first has copies, and `events` are those of all: like Windows, this reports a socket once. */
struct select_call {
  fd_set *caller[SETS];
  fd_set *given[SETS];
  fd_set *ready[SETS];
  ULONG events[SETS];
  size_t size[SETS];
  void *memory;
  ULONG sockets; /* of all sets together */
  bool forever;
  ULONGLONG milliseconds;
  bool closed; /* during the wait, a socket was closed that is in no set for reading */
};

/* The first set that has the same memory. */
static int select_first_alias(const struct select_call *call, int set)
{
  int first = 0;

  while (call->caller[first] != call->caller[set])
    first++;
  return first;
}

/* Only the last handle of a set is read here, which shows that the count can be true. */
static int select_measure_sets(struct select_call *call)
{
  for (int i = 0; i < SETS; i++) {
    const int first = select_first_alias(call, i);
    u_int count;
    SOCKET last;

    call->events[first] |= ready_events[i];
    if (call->caller[i] == NULL || first != i)
      continue;
    if (!caller_read(&count, caller_offset(call->caller[i], offsetof(fd_set, fd_count)),
                     sizeof count))
      return WSAEFAULT;
    if (count == 0)
      continue;
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
    if (call->size[i] == 0)
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
  if (copy.tv_sec < 0 || copy.tv_usec < 0)
    return WSAEINVAL;
  /* A million microseconds and more are accepted, as the system's select does. */
  call->milliseconds = (ULONGLONG)copy.tv_sec * 1000 + ((ULONGLONG)copy.tv_usec + 999) / 1000;
  return 0;
}

/* This also refuses handles that are not sockets. */
static int select_now(struct select_call *call, int *count)
{
  struct timeval none = {0, 0};
  fd_set *sets[SETS];

  for (int i = 0; i < SETS; i++) {
    if (call->ready[i] != NULL)
      memcpy(call->ready[i], call->given[i], call->size[i]);
  }
  for (int i = 0; i < SETS; i++)
    sets[i] = call->ready[select_first_alias(call, i)];
  *count = system_winsock()->select(0, sets[READ], sets[WRITE], sets[EXCEPT], &none);
  return *count == SOCKET_ERROR ? base_system_error() : 0;
}

static struct afd_poll *select_new_poll(const struct select_call *call)
{
  struct afd_poll *poll = afd_poll_new(call->sockets);
  struct afd_poll_socket *next = poll == NULL ? NULL : poll->sockets;

  for (int set = 0; next != NULL && set < SETS; set++) {
    for (u_int i = 0; call->given[set] != NULL && i < call->given[set]->fd_count; i++, next++) {
      next->handle = (HANDLE)call->given[set]->fd_array[i];
      next->events = call->events[set] | AFD_LOCAL_CLOSE;
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

static bool select_contains(const fd_set *set, SOCKET s)
{
  for (u_int i = 0; set != NULL && i < set->fd_count; i++) {
    if (set->fd_array[i] == s)
      return true;
  }
  return false;
}

static void select_empty_sets(struct select_call *call)
{
  for (int i = 0; i < SETS; i++) {
    if (call->ready[i] != NULL)
      call->ready[i]->fd_count = 0;
  }
}

/* Fills `ready` from the poll. Another select would not do: if it found nothing any more, or judged
 * readiness differently, the wait would spin. A socket that is closed during the wait is ready for
 * reading; in other sets it makes the call fail, with empty sets, if nothing else is ready. That is
 * what Windows does. A socket that is twice in a set is reported once. */
static int select_read_poll(struct select_call *call, const struct afd_poll *poll, int *count)
{
  call->closed = false;
  select_empty_sets(call);
  *count = 0;
  for (int set = 0; set < SETS; set++) {
    const fd_set *given = call->given[set];
    fd_set *ready = call->ready[set];
    ULONG events = call->events[set] | (set == READ ? AFD_LOCAL_CLOSE : 0);

    for (u_int i = 0; given != NULL && i < given->fd_count; i++) {
      const ULONG polled = select_polled_events(poll, given->fd_array[i]);

      if ((polled & AFD_LOCAL_CLOSE) != 0)
        call->closed = true;
      if ((polled & events) == 0 || select_contains(ready, given->fd_array[i]))
        continue;
      ready->fd_array[ready->fd_count++] = given->fd_array[i];
      (*count)++;
    }
  }
  return call->closed && *count == 0 ? WSAENOTSOCK : 0;
}

/* The close of a socket interrupted the wait before the poll could report it. */
static int select_report_closed(struct select_call *call, SOCKET s, int *count)
{
  call->closed = true;
  select_empty_sets(call);
  *count = 0;
  if (!select_contains(call->given[READ], s))
    return WSAENOTSOCK;
  call->ready[READ]->fd_array[0] = s;
  call->ready[READ]->fd_count = 1;
  *count = 1;
  return 0;
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
    if (error == WSAEINTR && wait->closed_socket != INVALID_SOCKET)
      return select_report_closed(call, wait->closed_socket, count);
    if (error == 0)
      error = select_read_poll(call, poll, count);
  } while (error == 0 && *count == 0);
  return error;
}

/* The catalog id of a select is that of its first socket, as ReactOS chooses the provider. 0: it is
 * not a socket. */
static DWORD select_entry_id(const struct select_call *call)
{
  const fd_set *first = call->given[READ] != NULL    ? call->given[READ]
                        : call->given[WRITE] != NULL ? call->given[WRITE]
                                                     : call->given[EXCEPT];
  struct base_socket *socket = first == NULL ? NULL : base_socket_acquire(first->fd_array[0]);
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

  return select_contains(call->given[READ], s) || select_contains(call->given[WRITE], s) ||
         select_contains(call->given[EXCEPT], s);
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
  if ((error == 0 || call->closed) && select_store_ready(call) != 0)
    error = WSAEFAULT;
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
