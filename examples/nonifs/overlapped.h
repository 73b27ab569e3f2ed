/* An overlapped operation. The layer below gets an OVERLAPPED of ours with an event;
 * when that operation ends, the client's OVERLAPPED is filled and the client notified,
 * in the way it asked for: by event or completion port through
 * WPUCompleteOverlappedRequest, or by its completion routine through WPUQueueApc.
 *
 * Lifetime: an operation belongs to its call until overlapped_started; from then on
 * it ends itself, and holds its socket until it has. Its client's OVERLAPPED is not
 * touched any more once the client may know of the end. Operations are kept with their event
 * for the next ones; overlapped_clear frees them.
 *
 * Offset and OffsetHigh of the client's OVERLAPPED take the flags and the error of a
 * finished operation, and Internal is WSS_OPERATION_IN_PROGRESS before; that is what
 * WSPGetOverlappedResult reads (ws2spi/nf-ws2spi-wpucompleteoverlappedrequest). */
#ifndef NONIFS_OVERLAPPED_H
#define NONIFS_OVERLAPPED_H

#include "sockets.h"

struct operation;

enum traffic { NO_TRAFFIC, RECEIVING, SENDING };

/* What an overlapped procedure is given last. */
struct request {
  LPWSAOVERLAPPED overlapped;
  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
  LPWSATHREADID thread; /* NULL: the calling one */
};

/* NULL: the error is stored. Bytes are counted on `socket`. */
struct operation *overlapped_begin(struct layered_socket *socket, const struct request *request,
                                   enum traffic traffic, LPINT error);

/* AcceptEx is called on one socket and receives on another. */
void overlapped_count_on(struct operation *operation, struct layered_socket *socket);

/* For the call into the layer below, and after it. An operation that finished at once
 * has been notified of when overlapped_started returns, so the caller stores its out values before. Returns
 * `result`. */
LPWSAOVERLAPPED overlapped_for_next(struct operation *operation);
int overlapped_started(struct operation *operation, int result, const int *error, DWORD bytes,
                       DWORD flags);

void count_traffic(struct layered_socket *socket, enum traffic traffic, DWORD bytes);

/* When no operation is under way. */
void overlapped_clear(void);

#endif
