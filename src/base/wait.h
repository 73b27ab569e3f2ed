/* One blocking call of a client. An overlapped operation of the system is started, tested once and
 * then waited for; the client's blocking hook runs between two waits.
 *
 * Lifetime: a wait is a heap block, because its thread may end inside the hook; thread detach then
 * abandons the wait. It owns everything that the system writes at completion, and holds a reference
 * on its socket. It is reference-counted: its thread holds one reference, a thread that closes the
 * socket holds another while it cancels the operation. Blocks are reused with their events.
 *
 * Fibers: a hook may switch fibers, so that the call returns on another thread. The thread that
 * began the wait must not end before that, and the block stays with it until it ends.
 *
 * Order of calls: base_wait_new; a system call with base_wait_overlapped; base_wait_finish with its
 * result; base_wait_free. The middle two may be repeated within the same blocking operation. */
#ifndef WS2SPI_BASE_WAIT_H
#define WS2SPI_BASE_WAIT_H

#include "base/base_socket.h"
#include "blocking/blocking.h"

#include <stdint.h>

struct base_wait {
  struct blocking_operation operation; /* first: `abandon` receives its address */
  struct base_socket *socket;          /* NULL: a select, which has several */
  OVERLAPPED overlapped;
  HANDLE event;
  HANDLE io_handle; /* the handle that the operation was started on */
  HANDLE wake;
  bool aborts_stream; /* a stream send: its stream is aborted if it is cancelled */
  bool pending;       /* the system owns the OVERLAPPED */
  bool begun;         /* blocking_begin has been called for it */
  unsigned retries;   /* counted by base_wait_again */
  ULONGLONG deadline;
  int timeout_error; /* the socket's time-out cannot be read: the wait ends with this error */
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  void *owned_memory;        /* freed with the wait */
  void *memory_if_abandoned; /* belongs to the call; freed here only if its thread ends */
  atomic_int references;
  atomic_bool interrupted; /* a socket it waits for is closing, or its stream was aborted */
  SOCKET closed_socket;    /* of a select: the socket whose close interrupted it */
  struct base_wait *next_in_list;
  bool (*involves)(const void *call, SOCKET s); /* of a select */
  const void *call;                             /* for `involves` */
  /* Written by the system at completion, when the caller's frame may no longer exist. */
  SOCKADDR_STORAGE address;
  int address_length;
  DWORD flags;
};

#define BASE_NO_DEADLINE UINT64_MAX

/* 0, WSAENOBUFS, WSAENOTSOCK if the socket is being closed, or WSAECONNABORTED if its stream was
 * aborted. The blocking callback will be queried with the catalog id of the socket's protocol. */
int base_wait_new(struct base_socket *socket, struct base_wait **wait);

/* The same for a select, whose callback is queried with `id`. `involves` says whether a socket is
 * in its sets. Other threads call it until base_wait_free, so it may only read the call. */
int base_wait_new_for_select(DWORD id, bool (*involves)(const void *call, SOCKET s),
                             const void *call, struct base_wait **wait);

void base_wait_free(struct base_wait *wait);

/* The OVERLAPPED for the system's call. The low bit of its event is set, so that no completion
 * packet goes to a port that the client has associated with the socket. */
LPWSAOVERLAPPED base_wait_overlapped(struct base_wait *wait);

/* `started` is what the system's call returned: 0 if it has finished, or its error. A pending
 * operation is waited for; on return the operation is over in every case. 0: it ran to its end, and
 * base_wait_result has the outcome. Other values: it did not start (`started` again), or it was
 * cancelled because of WSAEINTR (a cancel, or the socket was closed), WSAECONNABORTED (its stream
 * was aborted), WSAETIMEDOUT, or a failed query for the callback. */
int base_wait_finish(struct base_wait *wait, int started);

/* Called before each operation of a wait that repeats operations until one has the wanted effect.
 * From the second on, the wait is a blocking operation with its hook, cancel and time-out, even if
 * no operation is ever pending. 0, or the error that ends the wait. */
int base_wait_again(struct base_wait *wait);

/* Milliseconds from now; 0 is no time-out. Used by base_wait_finish and base_wait_again. */
void base_wait_set_timeout(struct base_wait *wait, DWORD milliseconds);

/* Applies SO_RCVTIMEO or SO_SNDTIMEO, which overlapped operations ignore. If the system cannot say
 * what it is, base_wait_finish ends the operation with that error, since the wait might never end.
 * */
void base_wait_use_socket_timeout(struct base_wait *wait, int option);

/* The outcome of an operation on the wait's socket that ran to its end. */
int base_wait_result(struct base_wait *wait, DWORD *transferred, DWORD *flags);

/* Ends all waits on a socket that is being closed, whose stream was aborted, or that the base
 * provider gives up. base_wait_finish returns WSAEINTR. `closed`: the socket's handle if its owner
 * closes it, which a select then reports (closed_socket), else INVALID_SOCKET. */
void base_waits_interrupt(struct base_socket *socket, SOCKET closed);

/* Returns when no wait is in progress, or the time has passed. */
void base_waits_drain(DWORD milliseconds);

/* At FreeLibrary. */
void base_wait_clear(void);

#endif
