#include "sockets.h"

#include "async_message.h"

#include <stdlib.h>

/* A place of the table has a socket, from socket_prepare to its last release, or the index of the
 * next free place. */
struct place {
  struct layered_socket *socket;
  bool published;
  DWORD_PTR next_free;
};

#define NONE ((DWORD_PTR)-1)

static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
static struct place *places;
static DWORD_PTR capacity;
/* The first one has been free for the longest time, which async_message.h needs. */
static DWORD_PTR first_free = NONE;
static DWORD_PTR last_free = NONE;

/* --- places; called under the lock ---------------------------------------------------- */

static bool grow(void)
{
  const DWORD_PTR larger = capacity == 0 ? 64 : 2 * capacity;
  struct place *const grown = realloc(places, larger * sizeof *grown);

  if (grown == NULL)
    return false;
  places = grown;
  for (DWORD_PTR i = capacity; i < larger; i++)
    places[i] = (struct place){NULL, false, i + 1 < larger ? i + 1 : NONE};
  first_free = capacity;
  last_free = larger - 1;
  capacity = larger;
  return true;
}

static bool take_place(struct layered_socket *socket)
{
  if (first_free == NONE && !grow())
    return false;
  socket->index = first_free;
  first_free = places[socket->index].next_free;
  places[socket->index] = (struct place){socket, false, NONE};
  return true;
}

static void free_place(DWORD_PTR index)
{
  places[index] = (struct place){NULL, false, NONE};
  if (first_free == NONE)
    first_free = index;
  else
    places[last_free].next_free = index;
  last_free = index;
}

/* --- a new socket --------------------------------------------------------------------- */

static bool enter_table(struct layered_socket *socket)
{
  bool entered;

  AcquireSRWLockExclusive(&lock);
  entered = take_place(socket);
  ReleaseSRWLockExclusive(&lock);
  return entered;
}

static void leave_table(const struct layered_socket *socket)
{
  AcquireSRWLockExclusive(&lock);
  free_place(socket->index);
  ReleaseSRWLockExclusive(&lock);
  WakeAllConditionVariable(&changed);
}

struct layered_socket *socket_prepare(struct layer *layer, bool overlapped, LPINT error)
{
  const WSPUPCALLTABLE upcalls = current_upcalls();
  struct layered_socket *const socket = calloc(1, sizeof *socket);

  *error = WSAENOBUFS;
  if (socket == NULL)
    return NULL;
  socket->references = 1;
  socket->layer = layer;
  socket->overlapped = overlapped;
  socket->lower = INVALID_SOCKET;
  if (!enter_table(socket)) {
    free(socket);
    return NULL;
  }
  socket->upper = upcalls.lpWPUCreateSocketHandle(layer->own_id, socket->index, error);
  if (socket->upper != INVALID_SOCKET)
    return socket;
  leave_table(socket);
  free(socket);
  return NULL;
}

SOCKET socket_publish(struct layered_socket *socket, SOCKET lower)
{
  const SOCKET upper = socket->upper;

  AcquireSRWLockExclusive(&lock);
  socket->lower = lower;
  places[socket->index].published = true;
  ReleaseSRWLockExclusive(&lock);
  WakeAllConditionVariable(&changed);
  return upper;
}

/* --- references ----------------------------------------------------------------------- */

/* Called under the lock. */
static struct layered_socket *find(DWORD_PTR index, SOCKET upper)
{
  struct layered_socket *socket;

  if (index >= capacity || !places[index].published)
    return NULL;
  socket = places[index].socket;
  return socket->upper == upper && !socket->closing ? socket : NULL;
}

void socket_hold(struct layered_socket *socket)
{
  InterlockedIncrement(&socket->references);
}

struct layered_socket *socket_acquire(SOCKET s)
{
  const WSPUPCALLTABLE upcalls = current_upcalls();
  struct layered_socket *socket;
  DWORD_PTR index;
  int error;

  if (upcalls.lpWPUQuerySocketHandleContext(s, &index, &error) != 0)
    return NULL;
  AcquireSRWLockShared(&lock);
  socket = find(index, s);
  if (socket != NULL)
    socket_hold(socket);
  ReleaseSRWLockShared(&lock);
  return socket;
}

/* The place is freed after the handle is closed, because the last cleanup waits for the place. */
void socket_release(struct layered_socket *socket)
{
  const WSPUPCALLTABLE upcalls = current_upcalls();
  int error;

  if (InterlockedDecrement(&socket->references) != 0)
    return;
  upcalls.lpWPUCloseSocketHandle(socket->upper, &error);
  leave_table(socket);
  free(socket);
}

/* Several places share a message number if there are more sockets than numbers. */
struct layered_socket *socket_acquire_by_message(SOCKET lower, UINT code)
{
  struct layered_socket *found = NULL;

  AcquireSRWLockShared(&lock);
  for (DWORD_PTR i = code - FIRST_CODE; i < capacity && found == NULL; i += CODES)
    if (places[i].published && places[i].socket->lower == lower && !places[i].socket->closing)
      found = places[i].socket;
  if (found != NULL)
    socket_hold(found);
  ReleaseSRWLockShared(&lock);
  return found;
}

/* --- closing -------------------------------------------------------------------------- */

bool socket_begin_close(struct layered_socket *socket)
{
  bool first;

  AcquireSRWLockExclusive(&lock);
  first = !socket->closing;
  socket->closing = true;
  ReleaseSRWLockExclusive(&lock);
  return first;
}

void socket_stay_open(struct layered_socket *socket)
{
  AcquireSRWLockExclusive(&lock);
  socket->closing = false;
  ReleaseSRWLockExclusive(&lock);
  WakeAllConditionVariable(&changed);
}

/* Drops the reference of the table. */
void socket_end_close(struct layered_socket *socket)
{
  socket_release(socket);
}

/* Called under the lock. Stores a socket of the layer that can be closed, or NULL. Returns whether
 * the layer has any socket. */
static bool find_open(const struct layer *layer, struct layered_socket **open)
{
  bool any = false;

  *open = NULL;
  for (DWORD_PTR i = 0; i < capacity && *open == NULL; i++)
    if (places[i].socket != NULL && places[i].socket->layer == layer) {
      any = true;
      if (places[i].published && !places[i].socket->closing)
        *open = places[i].socket;
    }
  return any;
}

struct layered_socket *socket_begin_close_of_next(const struct layer *layer)
{
  struct layered_socket *socket;

  AcquireSRWLockExclusive(&lock);
  while (find_open(layer, &socket) && socket == NULL)
    SleepConditionVariableSRW(&changed, &lock, INFINITE, 0);
  if (socket != NULL) {
    socket->closing = true;
    socket_hold(socket);
  }
  ReleaseSRWLockExclusive(&lock);
  return socket;
}

/* --- WSPAsyncSelect ------------------------------------------------------------------- */

void socket_set_async_select(struct layered_socket *socket, const struct async_select *select)
{
  AcquireSRWLockExclusive(&lock);
  socket->window = select->window;
  socket->message = select->message;
  socket->events = select->events;
  ReleaseSRWLockExclusive(&lock);
}

struct async_select socket_async_select(struct layered_socket *socket)
{
  struct async_select select;

  AcquireSRWLockShared(&lock);
  select = (struct async_select){socket->window, socket->message, socket->events};
  ReleaseSRWLockShared(&lock);
  return select;
}
