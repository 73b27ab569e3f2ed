/* The engine of every call that may have to wait: one overlapped operation of the
 * system's, tested once, then waited for, with the client's blocking hook run
 * between waits if there is one.
 *
 * Lifetime: a wait is a heap block that owns all it needs (event, OVERLAPPED, a
 * reference on its socket, memory handed to it), because its thread may end inside
 * a hook; the thread's detach then abandons it. It is reference-counted: one
 * reference is its thread's, another is held by a closing thread while that cancels
 * the operation. Blocks are reused with their events. A hook may switch fibers, so
 * that the call comes back on another thread; the thread that began the wait must then
 * not end before the call has returned, and keeps the block until it ends itself.
 *
 * The order of the calls: base_wait_new; start a system call with
 * base_wait_overlapped; if that is pending, base_wait_finish; base_wait_free. The
 * middle two may be repeated: that is still one blocking operation. */
#ifndef WS2SPI_BASE_WAIT_H
#define WS2SPI_BASE_WAIT_H

#include "base/base_socket.h"
#include "blocking/blocking.h"

#include <stdint.h>

struct base_wait {
  struct blocking_operation operation; /* first: abandon gets its address */
  struct base_socket *socket;          /* NULL for a select, which has many */
  OVERLAPPED overlapped;
  HANDLE event;
  HANDLE io_handle; /* what the operation was started on */
  HANDLE wake;
  bool tears;      /* a stream send: its socket is compromised if it is ended */
  bool pending;    /* the system owns the OVERLAPPED */
  bool begun;      /* as a blocking operation of this thread */
  unsigned rounds; /* operations in a row that did not wait */
  ULONGLONG deadline;
  int timeout_error; /* the deadline could not be found out: no wait then */
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  void *owned;       /* freed with the wait */
  void *call_memory; /* of the call that waits: freed only if its thread ends */
  atomic_int references;
  atomic_bool interrupted; /* a socket it waits for was closed or compromised */
  struct base_wait *next_in_list;
  bool (*concerns)(const void *call, SOCKET s);
  const void *call; /* for `concerns` */
  /* What the system writes at completion, while the caller's frame may be gone. */
  SOCKADDR_STORAGE address;
  int address_length;
  DWORD flags;
};

#define BASE_NO_DEADLINE UINT64_MAX

/* 0 or an error: WSAENOBUFS, WSAENOTSOCK on a socket that is being closed, or
 * WSAECONNABORTED on one that is compromised. The blocking callback will be asked for
 * in the name of the socket's entry. */
int base_wait_new(struct base_socket *socket, struct base_wait **wait);

/* The same for several sockets, in the name of entry `id`. `concerns_socket` tells
 * whether a socket is among them; it is called by other threads until
 * base_wait_free, and may only look at the call. */
int base_wait_new_for_many(DWORD id, bool (*concerns_socket)(const void *call, SOCKET s),
                           const void *call, struct base_wait **wait);

void base_wait_free(struct base_wait *wait);

/* For the system's call. Its event has the low bit set, so that no completion
 * packet goes to a port that the client associated with the socket. */
LPWSAOVERLAPPED base_wait_overlapped(struct base_wait *wait);

/* What such a call returned: 0 for finished, or the system's error. A pending
 * operation is waited for. In the end the operation is over, whatever happened.
 * 0: it ran to its end, and base_wait_result has its outcome. Otherwise it was
 * ended: WSAEINTR (cancelled, or the socket was closed), WSAECONNABORTED (it was
 * compromised), WSAETIMEDOUT, or what the query for the callback said; or it did not
 * start, with that error. */
int base_wait_finish(struct base_wait *wait, int started);

/* Before each operation of a wait that starts operation after operation until one has
 * the wanted effect: from the second on the wait is a blocking operation, with its
 * hook, its cancel and its time-out, though none of them may ever be pending. 0, or
 * the error of a wait that was ended. */
int base_wait_again(struct base_wait *wait);

/* Milliseconds from now; 0: none. Looked at by base_wait_finish only. */
void base_wait_set_timeout(struct base_wait *wait, DWORD milliseconds);

/* SO_RCVTIMEO or SO_SNDTIMEO of its socket, which overlapped I/O ignores. Should the system not
 * say, base_wait_finish ends the operation with that error: it could wait for ever. */
void base_wait_use_socket_timeout(struct base_wait *wait, int option);

/* The outcome of a system socket operation that ran to its end. */
int base_wait_result(struct base_wait *wait, DWORD *transferred, DWORD *flags);

/* Ends the waits on a socket that is marked as closing or compromised, selects
 * included; these report WSAEINTR in either case. */
void base_waits_interrupt(struct base_socket *socket);

/* Until no wait is under way any more, or the time has passed. */
void base_waits_drain(DWORD milliseconds);

/* At FreeLibrary. */
void base_wait_clear(void);

#endif
