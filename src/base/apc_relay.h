/* An overlapped call whose completion routine must run on another thread than the
 * caller's (lpThreadId names it; layers that start I/O from threads of their own do
 * that). The system would queue the routine to the calling thread, so the operation
 * is made with an OVERLAPPED of ours, and its end is relayed: the client's OVERLAPPED
 * is filled and the routine queued by WPUQueueApc (WinSock/overlapped-i-o-2). An
 * answer of this provider's own takes the same way to its routine.
 *
 * Lifetime: a relay frees itself after the routine has run, or when the operation
 * did not start. */
#ifndef WS2SPI_BASE_APC_RELAY_H
#define WS2SPI_BASE_APC_RELAY_H

#include "base/base_socket.h"

struct completion_relay;

/* What the caller of an overlapped procedure gave. */
struct overlapped_request {
  LPWSAOVERLAPPED overlapped;
  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
  LPWSATHREADID thread;
  struct completion_relay *relay;
};

/* Whether the call is overlapped at all: lpOverlapped is ignored on sockets that
 * were not made for it. */
bool overlapped_is_requested(const struct base_socket *socket, LPWSAOVERLAPPED overlapped);

/* Checks the request and fetches a relay if it needs one. 0, WSAEFAULT, WSAENOBUFS. */
int overlapped_prepare(struct overlapped_request *request, struct base_socket *socket);

/* What the system's call gets. */
LPWSAOVERLAPPED overlapped_for_system(struct overlapped_request *request);
LPWSAOVERLAPPED_COMPLETION_ROUTINE
overlapped_routine_for_system(const struct overlapped_request *request);

/* After it: 0 or its error, passed through. A call that finished at once has given its
 * notification when this returns. */
int overlapped_started(struct overlapped_request *request, int error);

/* The same for what this provider answers itself, without the system: prepare, and
 * when the answer is there or has failed, complete. Completion ports get no packet. */
int overlapped_prepare_answer(struct overlapped_request *request, struct base_socket *socket);
void overlapped_answered(struct overlapped_request *request, int error, DWORD transferred);

#endif
