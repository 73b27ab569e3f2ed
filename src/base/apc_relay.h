/* Overlapped calls, and the relay for those whose completion routine must run on another thread
 * than the caller's (lpThreadId names it: a layer may start I/O on threads of its own). The system
 * would queue the routine to the calling thread. So the operation is made with an OVERLAPPED of the
 * relay; when it ends, the relay fills the client's OVERLAPPED and queues the routine with
 * WPUQueueApc (WinSock/overlapped-i-o-2).
 *
 * Lifetime: a relay frees itself after the routine has run, or when the operation did not start. */
#ifndef WS2SPI_BASE_APC_RELAY_H
#define WS2SPI_BASE_APC_RELAY_H

#include "base/base_socket.h"

struct apc_relay;

/* The last arguments of an overlapped procedure. */
struct overlapped_request {
  LPWSAOVERLAPPED overlapped;
  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
  LPWSATHREADID thread;
  struct apc_relay *relay; /* NULL: the system notifies the client */
};

/* Whether the call is overlapped. lpOverlapped is ignored on a socket that was made without
 * WSA_FLAG_OVERLAPPED. */
bool overlapped_is_requested(const struct base_socket *socket, LPWSAOVERLAPPED overlapped);

/* Checks the request, and makes a relay if one is needed. 0, WSAEFAULT, WSAENOBUFS. */
int overlapped_prepare(struct overlapped_request *request, struct base_socket *socket);

/* The arguments for the system's call. */
LPWSAOVERLAPPED overlapped_for_system(struct overlapped_request *request);
LPWSAOVERLAPPED_COMPLETION_ROUTINE
overlapped_routine_for_system(const struct overlapped_request *request);

/* Called instead of overlapped_started if the request was refused before any call of the system. The
 * client's OVERLAPPED stays as it is. */
void overlapped_discard(struct overlapped_request *request);

/* Called after the system's call, with 0 or its error, which it returns. A call that finished at
 * once has notified the client when this returns. */
int overlapped_started(struct overlapped_request *request, int error);

#endif
