/* A call of the client's on its way through this layer.
 *
 * Every call stands in a list of its thread (of its fiber, rather), innermost first, while it is
 * in the layer below. WSPCancelBlockingCall finds there which layer this thread is
 * inside; and a thread that ends inside the client's blocking hook, which may be run
 * down there, gives back the references of the calls that never return.
 *
 * Lifetime: a call lives on the stack, from call_begin to call_end. */
#ifndef NONIFS_CALLS_H
#define NONIFS_CALLS_H

#include "sockets.h"

struct call {
  struct call *outer;
  struct layer *layer;
  const WSPPROC_TABLE *next;     /* of the layer below */
  struct layered_socket *socket; /* NULL: a call without one, or with many */
  SOCKET lower;
  struct layered_socket **many; /* for a select */
  unsigned count;
};

/* Before the first call. */
bool calls_start(void);

/* False: `s` is not a socket of ours, WSAENOTSOCK is stored. */
bool call_begin(struct call *call, SOCKET s, LPINT error);
/* False: the layer is not started, or about to stop; WSAENETDOWN is stored. */
bool call_begin_without_socket(struct call *call, struct layer *layer, LPINT error);
/* Takes over the references and the memory. */
void call_begin_with_many(struct call *call, struct layered_socket **many, unsigned count);

/* Returns `result`, for the caller to return. */
int call_end(struct call *call, int result);

/* Whether this thread is in a call into the layer below this one. */
bool call_is_inside(const struct layer *layer);

#endif
