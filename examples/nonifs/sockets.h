/* The sockets of this provider: each has a handle of its own, above, that the client
 * sees, and wraps a socket of the layer below.
 *
 * Lifetime: reference-counted. The table has one reference until the close, every call
 * and every pending operation another. The handle above goes with the last one: an
 * operation that the close aborts is completed on it first.
 *
 * Winsock stores a context beside each handle. Ours is an index into a table and not a
 * pointer, for a handle may be another provider's, with a context that means nothing
 * to us; it is ours if the table has the same handle there.
 *
 * Lock: one over the table, `closing` and the references that the table gives out. It
 * is not held in calls. */
#ifndef NONIFS_SOCKETS_H
#define NONIFS_SOCKETS_H

#include "layer.h"

struct layered_socket {
  volatile LONG references;
  struct layer *layer;
  SOCKET upper;
  SOCKET lower;
  DWORD_PTR index;
  bool overlapped; /* as asked for; else lpOverlapped is ignored */
  bool closing;
  volatile LONG64 received;
  volatile LONG64 sent;
  /* WSPAsyncSelect, as the client called it; under the lock of the table. */
  HWND window;
  UINT message;
  long events;
};

/* A new descriptor is made in two steps, so that what can fail has not yet cost a
 * connection that the layer below accepted: first the handle above and a place in the
 * table, in which nobody finds it; then the socket below. Until then it can be
 * given up with socket_release. NULL: the error is stored. */
struct layered_socket *socket_prepare(struct layer *layer, bool overlapped, LPINT error);
SOCKET socket_publish(struct layered_socket *socket, SOCKET lower);

/* With a reference for the caller. NULL: not a socket of ours, or one being closed. */
struct layered_socket *socket_acquire(SOCKET s);
void socket_hold(struct layered_socket *socket);
void socket_release(struct layered_socket *socket);

/* The one whose lower handle and message window code these are, or NULL. */
struct layered_socket *socket_acquire_by_message(SOCKET lower, UINT code);

/* Only one thread closes. A close that the layer below refused is taken back. */
bool socket_begin_close(struct layered_socket *socket);
void socket_stay_open(struct layered_socket *socket);
void socket_end_close(struct layered_socket *socket);

/* For the last cleanup: a socket of the layer with a reference, marked as closing. Waits while
 * those that are left are being made or closed by others; NULL: there is none any more. */
struct layered_socket *socket_begin_close_of_next(const struct layer *layer);

/* The registration of WSPAsyncSelect. */
struct async_select {
  HWND window;
  UINT message;
  long events;
};
void socket_set_async_select(struct layered_socket *socket, const struct async_select *select);
struct async_select socket_async_select(struct layered_socket *socket);

#endif
