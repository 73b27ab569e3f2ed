/* What this provider knows of a socket handle beyond what the system knows.
 *
 * Lifetime: reference-counted. The table holds one reference, every call on the
 * socket and every wait another. A record stays listed, marked as closing, until the
 * close of its handle has returned, so that nobody adopts a handle that is about to
 * go; it is found by nobody, and a new socket with the same handle value replaces it.
 *
 * Locks: one SRW lock over the table and the setting of `closing`. One in each record
 * over its blocking mode, its non-blocking sections and its list of waits (wait_registry.c
 * has another, over the list of selects). The FIONBIO of a section is made under the
 * record's lock, because the count and the mode must change together,
 * and the SO_LINGER of a compromise, because the handle must not be closed meanwhile:
 * the only calls out under a lock, allowed because neither ever waits. */
#ifndef WS2SPI_BASE_BASE_SOCKET_H
#define WS2SPI_BASE_BASE_SOCKET_H

#include "base/base_protocols.h"
#include "platform/windows_headers.h"

#include <stdatomic.h>
#include <stdbool.h>

struct base_wait;

struct base_socket {
  SOCKET handle;
  const struct base_entry *entry;
  bool overlapped; /* as asked for; the system's socket is always overlapped */
  atomic_int references;
  bool adopted; /* not made by this provider */
  atomic_bool closing;
  atomic_bool compromised; /* by a torn send: only a close succeeds */
  atomic_bool nonblocking; /* as the client set it, whatever a section does */
  atomic_bool shared;      /* there may be another record of the same socket */
  SRWLOCK lock;
  unsigned sections;
  struct base_wait *waits;
  struct base_socket *next_doomed;
};

/* --- the table ------------------------------------------------------------------- */

/* A record with a reference for the caller, and no handle yet; NULL: memory is
 * exhausted. */
struct base_socket *base_socket_new(const struct base_entry *entry, bool overlapped);

/* Lists it under the handle of a socket that has just been made. False: memory is
 * exhausted. */
bool base_socket_list(struct base_socket *socket, SOCKET handle);

/* A handle that is not in the table is adopted, as blocking and overlapped, if the
 * system says that it is a socket of one of our families (inherited handles, and
 * sockets made before the shim was there). NULL: not a socket. */
struct base_socket *base_socket_acquire(SOCKET handle);
void base_socket_release(struct base_socket *socket);

/* Marks it as closing. False if it was already: somebody else closes it. */
bool base_socket_begin_close(struct base_socket *socket);

/* When its handle is closed. */
void base_socket_unlist(struct base_socket *socket);

/* Marks all as closing that were not: a chain by next_doomed, with a reference each. */
struct base_socket *base_socket_begin_close_of_all(void);

/* At FreeLibrary. */
void base_socket_clear(void);

/* --- one call on a socket ---------------------------------------------------------- */

/* How every procedure with a socket begins: *lpErrno is 0 and the record has a
 * reference, or NULL is returned with the error stored. A socket whose data stream
 * was compromised takes nothing but a close (ws2spi/nc-ws2spi-lpwspcancelblockingcall).
 * `function` is the documented name, for the log. */
struct base_socket *base_enter(const char *function, SOCKET s, LPINT lpErrno);

/* And how it ends: 0, or SOCKET_ERROR with the code stored. */
int base_leave(const char *function, struct base_socket *socket, LPINT lpErrno, int code);

/* The code of the system's call that has just failed. */
int base_system_error(void);

/* --- its mode ------------------------------------------------------------------------ */

static inline bool base_socket_is_stream(const struct base_socket *socket)
{
  return socket->entry->type == SOCK_STREAM;
}

/* Asked before each call that the client's mode is for. The mode of the system's
 * socket belongs to all its duplicates, so that a section of another record may have
 * taken it back; if so it is made anew. */
bool base_socket_is_nonblocking(struct base_socket *socket);

/* 0 or the system's error, with the recorded mode as before. */
int base_socket_set_nonblocking(struct base_socket *socket, bool nonblocking);

/* WSPAsyncSelect and WSPEventSelect have switched the system's socket already. */
void base_socket_note_nonblocking(struct base_socket *socket);

/* A stretch in which a blocking socket is non-blocking for the system, so that a
 * call that overlapped I/O does not offer can be tried without waiting. Sections of
 * several threads may overlap; the first makes the mode, the last takes it back. */
/* WSAEINTR on a socket that is being closed. */
int base_section_enter(struct base_socket *socket);
void base_section_leave(struct base_socket *socket);

/* Part of a stream send was taken, or may have been, and the rest never will be: the
 * connection ends with a reset when it is closed, and nothing but a close succeeds.
 * The waits of other threads on the socket are ended. */
void base_socket_compromise(struct base_socket *socket);

#endif
