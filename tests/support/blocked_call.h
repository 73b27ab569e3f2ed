/* A blocking call of the base provider, or of a chain over it, on a thread of its own. */
#ifndef WS2SPI_TESTS_BLOCKED_CALL_H
#define WS2SPI_TESTS_BLOCKED_CALL_H

#include "support/loopback.h"

/* The thread makes one call with the socket `s`. `result` and `error` are primed with UNTOUCHED. */
struct blocked_call {
  void (*make)(struct blocked_call *call);
  SOCKET s;
  char buffer[8];
  int result;
  int error;
  HANDLE thread;
  DWORD thread_id;
};

/* For `make`: the result is the number of bytes, of ready sockets, or SOCKET_ERROR. An accepted
 * socket is closed again. */
void blocked_receive(struct blocked_call *call);
void blocked_peek(struct blocked_call *call);
void blocked_urgent_peek(struct blocked_call *call); /* one byte, MSG_OOB */
void blocked_select(struct blocked_call *call);      /* for reading */
void blocked_accept(struct blocked_call *call);

/* Starts the thread. It may not have called yet when this returns; cancel_thread waits for that. */
void start_call(struct blocked_call *call, void (*make)(struct blocked_call *call), SOCKET s);

/* Starts the thread with a blocking hook, and returns when the hook has run: the call waits. */
void start_call_and_wait_for_hook(struct blocked_call *call,
                                  void (*make)(struct blocked_call *call), SOCKET s);

/* Returns when the call has returned. */
void join_call(struct blocked_call *call);

/* The same, and the call must have failed with `error`. */
void join_failed_call(struct blocked_call *call, int error);

#endif
