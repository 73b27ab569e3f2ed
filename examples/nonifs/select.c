/* WSPSelect. The sets are translated to lower handles, and the ready sockets back to upper ones. */
#include "procedures.h"

#include <stddef.h>
#include <stdlib.h>

enum { SETS = 3 };

/* The client may pass the same memory for several sets; these have the same set below, too. */
struct selection {
  fd_set *client[SETS];
  fd_set *below[SETS]; /* NULL where the client's set is NULL */
  /* The sockets of all sets, one set after the other; owned by the call once it has begun. */
  struct layered_socket **many;
  unsigned count;
};

/* Whether an earlier set is in the same memory. */
static bool is_repeated(const struct selection *selection, int set)
{
  for (int i = 0; i < set; i++)
    if (selection->client[i] == selection->client[set])
      return true;
  return false;
}

static unsigned size_of(const fd_set *set)
{
  return set == NULL ? 0 : set->fd_count;
}

static size_t bytes_of(unsigned count)
{
  return offsetof(fd_set, fd_array) + count * sizeof(SOCKET);
}

/* One block of memory: the sockets, followed by the sets for the layer below. */
static int allocate(struct selection *selection)
{
  size_t bytes = 0;
  unsigned count = 0;
  char *at;

  for (int i = 0; i < SETS; i++) {
    bytes += bytes_of(size_of(selection->client[i]));
    count += size_of(selection->client[i]);
  }
  if (count == 0)
    return WSAEINVAL;
  selection->many = malloc(count * sizeof(PVOID) + bytes);
  if (selection->many == NULL)
    return WSAENOBUFS;
  at = (char *)(selection->many + count);
  for (int i = 0; i < SETS; i++) {
    if (selection->client[i] == NULL)
      continue;
    for (int same = 0; same < i; same++)
      if (selection->client[same] == selection->client[i])
        selection->below[i] = selection->below[same];
    if (selection->below[i] == NULL) {
      selection->below[i] = (fd_set *)at;
      at += bytes_of(size_of(selection->client[i]));
    }
  }
  return 0;
}

static int translate(struct selection *selection)
{
  for (int set = 0; set < SETS; set++) {
    const unsigned count = size_of(selection->client[set]);

    if (is_repeated(selection, set))
      continue;
    for (unsigned i = 0; i < count; i++) {
      struct layered_socket *const socket = socket_acquire(selection->client[set]->fd_array[i]);

      if (socket == NULL)
        return WSAENOTSOCK;
      selection->many[selection->count++] = socket;
      selection->below[set]->fd_array[i] = socket->lower;
    }
    if (selection->below[set] != NULL)
      selection->below[set]->fd_count = count;
  }
  return 0;
}

static void release_all(struct selection *selection)
{
  for (unsigned i = 0; i < selection->count; i++)
    socket_release(selection->many[i]);
  free(selection->many);
}

static bool contains(const fd_set *set, unsigned count, SOCKET s)
{
  for (unsigned i = 0; i < count; i++)
    if (set->fd_array[i] == s)
      return true;
  return false;
}

/* Reduces the client's sets in place: ready sockets move to the front. A socket that is twice in a
 * set is kept once. */
static void keep_ready(const struct selection *selection)
{
  unsigned next = 0;

  for (int set = 0; set < SETS; set++) {
    fd_set *const client = selection->client[set];
    const fd_set *const below = selection->below[set];
    const unsigned count = size_of(client);
    unsigned kept = 0;

    if (client == NULL || is_repeated(selection, set))
      continue;
    for (unsigned i = 0; i < count; i++, next++)
      if (contains(below, below->fd_count, selection->many[next]->lower) &&
          !contains(client, kept, client->fd_array[i]))
        client->fd_array[kept++] = client->fd_array[i];
    client->fd_count = kept;
  }
}

static bool are_empty(const struct selection *selection)
{
  for (int set = 0; set < SETS; set++)
    if (size_of(selection->below[set]) != 0)
      return false;
  return true;
}

int WSPAPI layer_select(int unused, fd_set *readable, fd_set *writable, fd_set *exceptional,
                        WS2SPI_SELECT_TIMEVAL *timeout, LPINT error)
{
  struct selection selection = {.client = {readable, writable, exceptional}};
  struct call call;
  int result;

  (void)unused;
  *error = allocate(&selection);
  if (*error == 0)
    *error = translate(&selection);
  if (*error != 0) {
    release_all(&selection);
    return SOCKET_ERROR;
  }
  /* All sockets belong to one provider (ws2spi/nc-ws2spi-lpwspselect), so all have the same layer
   * below. */
  call_begin_with_many(&call, selection.many, selection.count);
  result = call.next->lpWSPSelect(0, selection.below[0], selection.below[1], selection.below[2],
                                  timeout, error);
  /* A failure leaves the sets, unless a socket was closed during the wait: then they are empty. */
  if (result != SOCKET_ERROR || are_empty(&selection))
    keep_ready(&selection);
  return call_end(&call, result);
}
