/* An overlapped operation. The layer below gets an OVERLAPPED of this layer, with an event. When
 * that operation ends, this layer fills the client's OVERLAPPED and notifies the client in the way
 * that it has chosen: WPUCompleteOverlappedRequest for an event or a completion port, WPUQueueApc
 * for a completion routine.
 *
 * Lifetime: an operation belongs to its call until overlapped_started. After that it ends by
 * itself, and holds a reference on its socket until then. The client's OVERLAPPED is not accessed
 * any more once the client may know that the operation has ended. Operations are reused with their
 * events; overlapped_clear frees them.
 *
 * While an operation is pending, Internal of the client's OVERLAPPED is WSS_OPERATION_IN_PROGRESS.
 * When it has ended, Offset has its flags and OffsetHigh its error. WSPGetOverlappedResult reads
 * these (ws2spi/nf-ws2spi-wpucompleteoverlappedrequest). */
#ifndef NONIFS_OVERLAPPED_H
#define NONIFS_OVERLAPPED_H

#include "sockets.h"

struct operation;

enum traffic { NO_TRAFFIC, RECEIVING, SENDING };

/* The last arguments of an overlapped procedure. */
struct request {
  LPWSAOVERLAPPED overlapped;
  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
  LPWSATHREADID thread; /* NULL: the calling thread */
};

/* NULL: the error is stored. Transferred bytes are counted for `socket`. */
struct operation *overlapped_begin(struct layered_socket *socket, const struct request *request,
                                   enum traffic traffic, LPINT error);

/* Counts the bytes for another socket: AcceptEx receives on the accepted one. */
void overlapped_count_on(struct operation *operation, struct layered_socket *socket);

/* The OVERLAPPED for the layer below, and the step after its call, which returns `result`. If the
 * operation finished at once, the client has been notified when overlapped_started returns, so out
 * values must be stored before. */
LPWSAOVERLAPPED overlapped_for_next(struct operation *operation);
int overlapped_started(struct operation *operation, int result, const int *error, DWORD bytes,
                       DWORD flags);

void count_traffic(struct layered_socket *socket, enum traffic traffic, DWORD bytes);

/* May only be called when no operation is pending. */
void overlapped_clear(void);

#endif
