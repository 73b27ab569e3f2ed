/* Readiness of sockets as an overlapped operation: the poll request of the system's socket driver,
 * made on a private handle of that driver. It can be waited for with an event and cancelled alone,
 * and leaves the sockets as they are. wepoll and libuv use the same request. */
#ifndef WS2SPI_BASE_AFD_POLL_H
#define WS2SPI_BASE_AFD_POLL_H

#include "base/wait.h"

enum {
  AFD_RECEIVE = 0x01,
  AFD_OUT_OF_BAND = 0x02,
  AFD_SEND = 0x04,
  AFD_DISCONNECT = 0x08,
  AFD_ABORT = 0x10,
  AFD_LOCAL_CLOSE = 0x20,
  AFD_ACCEPT = 0x80,
  AFD_CONNECT_FAIL = 0x100
};

/* The driver's own layout. */
struct afd_poll_socket {
  HANDLE handle;
  ULONG events;
  LONG status;
};

struct afd_poll {
  LARGE_INTEGER timeout;
  ULONG count;
  ULONG exclusive;
  struct afd_poll_socket sockets[];
};

/* A poll without time-out whose sockets are zero. NULL: out of memory. */
struct afd_poll *afd_poll_new(ULONG sockets);

/* Waits until a socket is ready; *poll then lists those that are. The driver writes to *poll until
 * the operation is over, so the memory must belong to the wait (owned_memory). */
int afd_poll_wait(struct base_wait *wait, struct afd_poll *poll);

/* The same for the wait's one socket; makes the poll itself. */
int afd_poll_wait_for(struct base_wait *wait, ULONG events);

/* At FreeLibrary. */
void afd_poll_clear(void);

#endif
