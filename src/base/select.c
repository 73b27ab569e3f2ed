/* WSPSelect: the system's own select for what is ready now, else a wait. */
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

/* The three sets, copied twice: as given, and for the system to reduce. All in one
 * piece of memory, since sets may hold more than FD_SETSIZE sockets. */
struct selection {
  fd_set *caller[SETS];
  fd_set *given[SETS];
  fd_set *ready[SETS];
  size_t size[SETS];
  void *memory;
  ULONG sockets;
  bool forever;
  ULONGLONG milliseconds;
};

static int measure(struct selection *call)
{
  bool any = false;

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
    any = true;
  }
  return any ? 0 : WSAEINVAL;
}

/* Another thread may change the set between two looks at it: its count is the one
 * that was measured. */
static bool copy_set(const fd_set *caller, fd_set *copy, size_t size)
{
  copy->fd_count = (u_int)((size - FIRST_HANDLE) / sizeof(SOCKET));
  return caller_read(copy->fd_array, caller_offset(caller, FIRST_HANDLE), size - FIRST_HANDLE);
}

static int copy_sets(struct selection *call)
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
    if (!copy_set(call->caller[i], call->given[i], call->size[i]) ||
        !caller_write(call->caller[i], call->given[i], call->size[i]))
      return WSAEFAULT;
  }
  return 0;
}

static int read_timeout(struct selection *call, WS2SPI_SELECT_TIMEVAL *timeout)
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

/* It also rejects what is not a socket. */
static int select_at_once(struct selection *call, int *count)
{
  struct timeval none = {0, 0};

  for (int i = 0; i < SETS; i++) {
    if (call->ready[i] != NULL)
      memcpy(call->ready[i], call->given[i], call->size[i]);
  }
  *count = system_winsock()->select(0, call->ready[0], call->ready[1], call->ready[2], &none);
  return *count == SOCKET_ERROR ? base_system_error() : 0;
}

static struct afd_poll *new_poll(const struct selection *call)
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

/* A socket that stands in several sets is in the answer several times, or once. */
static ULONG events_of(const struct afd_poll *poll, SOCKET s)
{
  ULONG events = 0;

  for (ULONG i = 0; i < poll->count; i++) {
    if (poll->sockets[i].handle == (HANDLE)s)
      events |= poll->sockets[i].events;
  }
  return events;
}

static int keep_ready(const struct selection *call, const struct afd_poll *poll, int set,
                      int *count)
{
  const fd_set *given = call->given[set];
  fd_set *ready = call->ready[set];

  ready->fd_count = 0;
  for (u_int i = 0; i < given->fd_count; i++) {
    const ULONG events = events_of(poll, given->fd_array[i]);

    if ((events & AFD_LOCAL_CLOSE) != 0)
      return WSAEINTR;
    if ((events & ready_events[set]) != 0)
      ready->fd_array[ready->fd_count++] = given->fd_array[i];
  }
  *count += (int)ready->fd_count;
  return 0;
}

/* From the poll's own answer, not from another select: that might see nothing any
 * more, or judge readiness differently, and the wait would spin. */
static int read_answer(const struct selection *call, const struct afd_poll *poll, int *count)
{
  int error = 0;

  *count = 0;
  for (int set = 0; set < SETS && error == 0; set++) {
    if (call->given[set] != NULL)
      error = keep_ready(call, poll, set, count);
  }
  return error;
}

static int empty_sets(struct selection *call, int *count)
{
  *count = 0;
  for (int i = 0; i < SETS; i++) {
    if (call->ready[i] != NULL)
      call->ready[i]->fd_count = 0;
  }
  return 0;
}

static int wait_until_ready(struct selection *call, struct base_wait *wait, int *count)
{
  struct afd_poll *poll;
  int error;

  do {
    heap_free(wait->owned);
    poll = wait->owned = new_poll(call);
    if (poll == NULL)
      return WSAENOBUFS;
    error = afd_poll_wait(wait, poll);
    if (error == WSAETIMEDOUT)
      return empty_sets(call, count);
    if (error == 0)
      error = read_answer(call, poll, count);
  } while (error == 0 && *count == 0);
  return error;
}

/* The catalog entry of a select is that of its first socket, as the choice of the
 * provider is (ReactOS). */
static DWORD entry_id(const struct selection *call)
{
  const fd_set *first = call->given[0] != NULL   ? call->given[0]
                        : call->given[1] != NULL ? call->given[1]
                                                 : call->given[2];
  struct base_socket *socket = base_socket_acquire(first->fd_array[0]);
  DWORD id = 0;

  if (socket != NULL) {
    id = socket->entry->id;
    base_socket_release(socket);
  }
  return id;
}

static bool is_selected(const void *selection, SOCKET s)
{
  const struct selection *call = selection;

  for (int set = 0; set < SETS; set++) {
    for (u_int i = 0; call->given[set] != NULL && i < call->given[set]->fd_count; i++) {
      if (call->given[set]->fd_array[i] == s)
        return true;
    }
  }
  return false;
}

static int select_waiting(struct selection *call, int *count)
{
  const DWORD id = entry_id(call);
  struct base_wait *wait;
  int error = id == 0 ? WSAENOTSOCK : base_wait_new_for_many(id, is_selected, call, &wait);

  if (error != 0)
    return error;
  wait->call_memory = call->memory;
  if (!call->forever)
    base_wait_set_timeout(wait,
                          call->milliseconds > MAXDWORD ? MAXDWORD : (DWORD)call->milliseconds);
  error = wait_until_ready(call, wait, count);
  base_wait_free(wait);
  return error;
}

static int write_back(const struct selection *call)
{
  for (int i = 0; i < SETS; i++) {
    if (call->ready[i] != NULL &&
        !caller_write(call->caller[i], call->ready[i],
                      FIRST_HANDLE + call->ready[i]->fd_count * sizeof(SOCKET)))
      return WSAEFAULT;
  }
  return 0;
}

static int select_checked(struct selection *call, int *count)
{
  int error = copy_sets(call);

  if (error == 0)
    error = select_at_once(call, count);
  if (error == 0 && *count == 0 && (call->forever || call->milliseconds != 0))
    error = select_waiting(call, count);
  if (error == 0)
    error = write_back(call);
  heap_free(call->memory);
  return error;
}

int WSPAPI base_select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds,
                       WS2SPI_SELECT_TIMEVAL *timeout, LPINT lpErrno)
{
  struct selection call = {.caller = {readfds, writefds, exceptfds}};
  int count = 0;
  int error;

  (void)nfds;
  if (!spi_begin_in("WSPSelect", lpErrno))
    return SOCKET_ERROR;
  error = base_is_started() ? measure(&call) : WSAENETDOWN;
  if (error == 0)
    error = read_timeout(&call, timeout);
  if (error == 0)
    error = select_checked(&call, &count);
  return error == 0 ? count : spi_fail_in("WSPSelect", lpErrno, error);
}
