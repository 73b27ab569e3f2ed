/* A call of the client that is passed to the layer below.
 *
 * While it is there, it is in a list of its fiber, innermost call first. WSPCancelBlockingCall
 * looks in the list whether this thread is inside the layer. If the thread ends inside the client's
 * blocking hook, which the layer below may run, the references of the calls in its list are
 * released.
 *
 * Lifetime: a call is on the stack, from call_begin to call_end. */
#ifndef NONIFS_CALLS_H
#define NONIFS_CALLS_H

#include "sockets.h"

struct call {
  struct call *outer;
  struct layer *layer;
  const WSPPROC_TABLE *next;     /* of the layer below */
  struct layered_socket *socket; /* NULL: a call without a socket, or with many */
  SOCKET lower;
  struct layered_socket **many; /* for a select */
  unsigned count;
};

/* Must succeed before the first call. */
bool calls_start(void);

/* False: `s` is not a socket of this provider; WSAENOTSOCK is stored. */
bool call_begin(struct call *call, SOCKET s, LPINT error);
/* False: the layer is not started, or is stopping; WSAENETDOWN is stored. */
bool call_begin_without_socket(struct call *call, struct layer *layer, LPINT error);
/* The call owns the references and the memory from now on. */
void call_begin_with_many(struct call *call, struct layered_socket **many, unsigned count);

/* Returns `result`, for the caller to return. */
int call_end(struct call *call, int result);

/* Whether this thread is in a call into the layer below this one. */
bool call_is_inside(const struct layer *layer);

#endif
