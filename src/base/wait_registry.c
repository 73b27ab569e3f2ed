/* Which waits a socket concerns that is closed, or compromised. */
#include "base/wait_internal.h"

/* Waits for one socket are listed with it; selects, which have many, all together. */
static SRWLOCK selects_lock = SRWLOCK_INIT;
static struct base_wait *selects;

struct wait_list {
  SRWLOCK *lock;
  struct base_wait **head;
};

static struct wait_list list_of(struct base_socket *socket)
{
  if (socket != NULL)
    return (struct wait_list){&socket->lock, &socket->waits};
  return (struct wait_list){&selects_lock, &selects};
}

bool wait_list_add(struct base_wait *wait)
{
  const struct wait_list list = list_of(wait->socket);
  bool open;

  AcquireSRWLockExclusive(list.lock);
  open = wait->socket == NULL ||
         (!atomic_load(&wait->socket->closing) && !atomic_load(&wait->socket->compromised));
  if (open) {
    wait->next_in_list = *list.head;
    *list.head = wait;
  }
  ReleaseSRWLockExclusive(list.lock);
  return open;
}

void wait_list_remove(struct base_wait *wait)
{
  const struct wait_list list = list_of(wait->socket);

  AcquireSRWLockExclusive(list.lock);
  for (struct base_wait **link = list.head; *link != NULL; link = &(*link)->next_in_list) {
    if (*link == wait) {
      *link = wait->next_in_list;
      break;
    }
  }
  ReleaseSRWLockExclusive(list.lock);
}

static bool concerns(const struct base_wait *wait, SOCKET s)
{
  return wait->concerns == NULL || wait->concerns(wait->call, s);
}

/* A wait that is still to be interrupted, marked and referenced; NULL: no more. */
static struct base_wait *next_to_interrupt(struct wait_list list, SOCKET s)
{
  struct base_wait *wait;

  AcquireSRWLockExclusive(list.lock);
  for (wait = *list.head; wait != NULL; wait = wait->next_in_list) {
    if (!atomic_load(&wait->interrupted) && concerns(wait, s)) {
      atomic_store(&wait->interrupted, true);
      atomic_fetch_add(&wait->references, 1);
      break;
    }
  }
  ReleaseSRWLockExclusive(list.lock);
  return wait;
}

static void interrupt_all(struct wait_list list, SOCKET s)
{
  struct base_wait *wait;

  while ((wait = next_to_interrupt(list, s)) != NULL) {
    CancelIoEx(wait->io_handle, &wait->overlapped);
    wait_block_release(wait);
  }
}

/* The close that follows would end them too, but not while there is a duplicate of
 * the socket, here or in another process. */
void base_waits_interrupt(struct base_socket *socket)
{
  interrupt_all(list_of(socket), socket->handle);
  interrupt_all(list_of(NULL), socket->handle);
}
