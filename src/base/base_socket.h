/* The record that this provider keeps for a socket handle, beside the system's own state.
 *
 * Lifetime: reference-counted. The table holds one reference; each call on the socket and each wait
 * holds another. While its handle is being closed, a record stays in the table with `closing` set:
 * look-ups fail, and the handle cannot be adopted again. A new socket with the same handle value
 * replaces the record.
 *
 * Locks: one SRW lock guards the table and the setting of `closing`. A lock in each record guards
 * its blocking mode, nonblocking_calls and the list of its waits (selects are listed under a lock
 * of wait_registry.c). Two system calls are made under a record's lock; neither ever waits. They
 * are FIONBIO, because the count and the mode must change together, and the SO_LINGER of
 * base_socket_abort_stream, because the handle must not be closed in between. */
#ifndef WS2SPI_BASE_BASE_SOCKET_H
#define WS2SPI_BASE_BASE_SOCKET_H

#include "base/base_protocols.h"
#include "platform/windows_headers.h"

#include <stdatomic.h>
#include <stdbool.h>

struct base_wait;

struct base_socket {
  SOCKET handle;
  const struct base_protocol *protocol;
  bool overlapped; /* WSA_FLAG_OVERLAPPED was given; the system's socket always has it */
  atomic_int references;
  bool adopted; /* not made by this provider */
  atomic_bool closing;
  atomic_bool stream_aborted; /* only a close succeeds */
  atomic_bool nonblocking;    /* as the client set it, whatever the system's mode is now */
  atomic_bool shared;         /* another record may have the same system socket (a duplicate) */
  SRWLOCK lock;
  unsigned nonblocking_calls; /* between base_nonblocking_begin and _end */
  struct base_wait *waits;
  struct base_socket *next_to_close;
};

/* --- the table ------------------------------------------------------------------------ */

/* A record with a reference for the caller and without a handle. NULL: out of memory. */
struct base_socket *base_socket_new(const struct base_protocol *protocol, bool overlapped);

/* Lists the record under the handle of a new socket. False: out of memory. */
bool base_socket_list(struct base_socket *socket, SOCKET handle);

/* The record of a handle, with a reference. A handle that is not listed is adopted, as blocking and
 * overlapped, if the system says that it is a socket of one of the base protocols: it may be
 * inherited or made before this DLL was loaded. NULL: not a socket. */
struct base_socket *base_socket_acquire(SOCKET handle);
void base_socket_release(struct base_socket *socket);

/* Sets `closing`. False: another thread closes it already. */
bool base_socket_begin_close(struct base_socket *socket);

/* Called when the handle is closed. */
void base_socket_unlist(struct base_socket *socket);

/* Sets `closing` for every socket that does not have it. They are returned as a list linked by
 * next_to_close, each with a reference. */
struct base_socket *base_socket_begin_close_of_all(void);

/* At FreeLibrary. */
void base_socket_clear(void);

/* --- one call on a socket ------------------------------------------------------------- */

/* The first step of every procedure that has a socket. Returns the record with a reference and sets
 * *lpErrno to 0, or stores the error and returns NULL. A socket whose stream was aborted is refused
 * (ws2spi/nc-ws2spi-lpwspcancelblockingcall). `function` is the documented name, for the log. */
struct base_socket *base_enter(const char *function, SOCKET s, LPINT lpErrno);

/* The last step: returns 0, or stores the code and returns SOCKET_ERROR. */
int base_leave(const char *function, struct base_socket *socket, LPINT lpErrno, int code);

/* The error of the system call that has just failed. */
int base_system_error(void);

/* --- blocking mode -------------------------------------------------------------------- */

static inline bool base_socket_is_stream(const struct base_socket *socket)
{
  return socket->protocol->type == SOCK_STREAM;
}

/* Asked before each call whose behaviour depends on the client's mode. All duplicates share the
 * mode of the system's socket, and base_nonblocking_end on another record may have made it
 * blocking. If the client's mode is non-blocking, the system's mode is therefore set again. */
bool base_socket_is_nonblocking(struct base_socket *socket);

/* FIONBIO. 0, or the system's error with the recorded mode unchanged. */
int base_socket_set_nonblocking(struct base_socket *socket, bool nonblocking);

/* The same as an overlapped operation, of whose end the system notifies the client. */
int base_socket_set_nonblocking_overlapped(struct base_socket *socket, bool nonblocking,
                                           LPWSAOVERLAPPED overlapped,
                                           LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);

/* Records that WSPAsyncSelect or WSPEventSelect has made the system's socket non-blocking. */
void base_socket_note_nonblocking(struct base_socket *socket);

/* Between the two, the system's socket is non-blocking whatever the client's mode is, so that a
 * call that has no overlapped form can be tried without waiting. Several threads may be in between
 * at once: the first begin changes the mode, the last end restores it. Begin returns WSAEINTR if
 * the socket is being closed. */
int base_nonblocking_begin(struct base_socket *socket);
void base_nonblocking_end(struct base_socket *socket);

/* For a stream send of which a part may have been sent while the rest never will be: a close will
 * reset the connection, no other procedure succeeds, and waits of other threads on the socket are
 * ended. */
void base_socket_abort_stream(struct base_socket *socket);

#endif
