/* The sockets of this provider. Each has an upper handle, which the client uses, and wraps a socket
 * of the layer below, whose handle is the lower one.
 *
 * Lifetime: reference-counted. The table holds one reference until the close; each call and each
 * pending operation holds another. The upper handle is closed with the last reference, so that
 * operations that the close aborts are completed on it before.
 *
 * Winsock stores a context with each handle. It is an index into the table and not a pointer,
 * because a handle may belong to another provider, whose context means something else. A handle
 * belongs to this provider if the table has the same handle at that index.
 *
 * Lock: one over the table, `closing` and the references that look-ups add. It is not held in
 * calls. */
#ifndef NONIFS_SOCKETS_H
#define NONIFS_SOCKETS_H

#include "layer.h"

struct layered_socket {
  volatile LONG references;
  struct layer *layer;
  SOCKET upper;
  SOCKET lower;
  DWORD_PTR index;
  bool overlapped; /* WSA_FLAG_OVERLAPPED was given; otherwise lpOverlapped is ignored */
  bool closing;
  volatile LONG64 received;
  volatile LONG64 sent;
  /* The client's arguments of WSPAsyncSelect, guarded by the lock of the table. */
  HWND window;
  UINT message;
  long events;
};

/* A new socket is made in two steps, because an accepted connection cannot be put back:
 * socket_prepare does all that can fail. It makes the upper handle and a place in the table, where
 * look-ups do not find it yet. socket_publish adds the lower socket and makes it visible. A
 * prepared socket that is not published is freed with socket_release. NULL: the error is stored. */
struct layered_socket *socket_prepare(struct layer *layer, bool overlapped, LPINT error);
SOCKET socket_publish(struct layered_socket *socket, SOCKET lower);

/* The socket with a reference. NULL: not a socket of this provider, or one that is being closed. */
struct layered_socket *socket_acquire(SOCKET s);
void socket_hold(struct layered_socket *socket);
void socket_release(struct layered_socket *socket);

/* The socket with this lower handle whose window messages have this number, or NULL. */
struct layered_socket *socket_acquire_by_message(SOCKET lower, UINT code);

/* Begin returns false if another thread closes the socket. If the layer below refuses to close,
 * socket_stay_open takes it back; otherwise socket_end_close drops the table's reference. */
bool socket_begin_close(struct layered_socket *socket);
void socket_stay_open(struct layered_socket *socket);
void socket_end_close(struct layered_socket *socket);

/* For the last cleanup: begins the close of one socket of the layer and returns it with a
 * reference. Waits while all sockets that are left are being made or closed by other threads. NULL:
 * none is left. */
struct layered_socket *socket_begin_close_of_next(const struct layer *layer);

/* The client's arguments of WSPAsyncSelect. */
struct async_select {
  HWND window;
  UINT message;
  long events;
};
void socket_set_async_select(struct layered_socket *socket, const struct async_select *select);
struct async_select socket_async_select(struct layered_socket *socket);

#endif
