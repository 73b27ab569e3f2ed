/* The waits that have to end when a socket is closed or its stream is aborted. */
#include "base/wait_internal.h"

/* A wait for one socket is in the list of its record. A select may have many sockets, so all
 * selects are in one list. */
static SRWLOCK selects_lock = SRWLOCK_INIT;
static struct base_wait *selects;

struct wait_list {
  SRWLOCK *lock;
  struct base_wait **head;
};

/* The list of a socket; NULL: of the selects. */
static struct wait_list wait_registry_list(struct base_socket *socket)
{
  if (socket != NULL)
    return (struct wait_list){&socket->lock, &socket->waits};
  return (struct wait_list){&selects_lock, &selects};
}

bool wait_registry_add(struct base_wait *wait)
{
  const struct wait_list list = wait_registry_list(wait->socket);
  bool usable;

  AcquireSRWLockExclusive(list.lock);
  usable = wait->socket == NULL ||
           (!atomic_load(&wait->socket->closing) && !atomic_load(&wait->socket->stream_aborted));
  if (usable) {
    wait->next_in_list = *list.head;
    *list.head = wait;
  }
  ReleaseSRWLockExclusive(list.lock);
  return usable;
}

void wait_registry_remove(struct base_wait *wait)
{
  const struct wait_list list = wait_registry_list(wait->socket);

  AcquireSRWLockExclusive(list.lock);
  for (struct base_wait **link = list.head; *link != NULL; link = &(*link)->next_in_list) {
    if (*link == wait) {
      *link = wait->next_in_list;
      break;
    }
  }
  ReleaseSRWLockExclusive(list.lock);
}

/* Marks one wait that is not interrupted yet and returns it with a reference. NULL: none is left.
 * */
static struct base_wait *wait_registry_mark_next(struct wait_list list,
                                                 const struct base_socket *socket, SOCKET closed)
{
  struct base_wait *wait;

  AcquireSRWLockExclusive(list.lock);
  for (wait = *list.head; wait != NULL; wait = wait->next_in_list) {
    if (!atomic_load(&wait->interrupted) &&
        (wait->involves == NULL || wait->involves(wait->call, socket->handle))) {
      wait->closed_socket = closed;
      atomic_store(&wait->interrupted, true);
      atomic_fetch_add(&wait->references, 1);
      break;
    }
  }
  ReleaseSRWLockExclusive(list.lock);
  return wait;
}

static void wait_registry_interrupt(struct wait_list list, const struct base_socket *socket,
                                    SOCKET closed)
{
  struct base_wait *wait;

  while ((wait = wait_registry_mark_next(list, socket, closed)) != NULL) {
    CancelIoEx(wait->io_handle, &wait->overlapped);
    wait_pool_release(wait);
  }
}

/* The system ends the operations of a socket that is closed, but not while a duplicate of it exists
 * in this process or another. */
void base_waits_interrupt(struct base_socket *socket, SOCKET closed)
{
  wait_registry_interrupt(wait_registry_list(socket), socket, closed);
  wait_registry_interrupt(wait_registry_list(NULL), socket, closed);
}
