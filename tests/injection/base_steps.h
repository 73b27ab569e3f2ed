/* Steps of the scenarios that use the base provider. Each returns 0 or the first error. */
#ifndef WS2SPI_TESTS_FAULTS_BASE_STEPS_H
#define WS2SPI_TESTS_FAULTS_BASE_STEPS_H

#include "injection/shim.h"

enum { TCP_ENTRY = 1001, UDP_ENTRY = 1002 };

/* Of the base provider, while with_base runs. */
extern WSPPROC_TABLE base_table;

#define BASE(function) CALL_AS(#function, base_table.lp##function)
extern const struct shim *base_shim;

/* What a scenario of the base provider gets over (struct made_up_for), by the calls it makes. */
#define BASE_MAKES_UP_FOR                                                                          \
  {                                                                                                \
    "Ws2SpiStopProvider", "WSACleanup", "it is stopped all the same, and cannot be stopped again"  \
  }
#define STREAM_MAKES_UP_FOR                                                                        \
  {"WSPConnect", "getsockopt", "whether it listens: the connect itself is refused then"},          \
      {"WSPConnect", "getsockname", "whether it is bound: binding it tells"},                      \
      {"WSPConnect", "setsockopt", "it is connected, and cannot be taken back"},                   \
      {"WSPConnect", "CreateEventW", "of a wait; it may have connected by then"},                  \
  {                                                                                                \
    "WSPCloseSocket", "getsockopt", "whether it lingers: it is closed by this thread then"         \
  }

/* Starts it, runs the body, stops it again whatever the body said. */
int with_base(const struct shim *shim, int (*body)(void));

/* The same, started by the WSPStartup that the DLL exports, over upcalls that can be made to fail:
 * "upcall WPUQueryBlockingCallback" and so on. */
int with_base_over_our_upcalls(const struct shim *shim, int (*body)(void));

/* The same as with_base around a hook of this thread, set first. */
int with_hook(const struct shim *shim, FARPROC hook, int (*body)(void));
int with_hook_over_our_upcalls(const struct shim *shim, FARPROC hook, int (*body)(void));

/* The first of two that is an error. */
int first_error(int one, int other);

/* The peer is a listener of the system's own Winsock: once, before all else. */
int open_peer(void);
int close_peer(void);
const struct sockaddr_in *peer_address(void);

/* A stream socket connected to it, and the peer's end; both closed after the body. */
struct connection {
  SOCKET s;
  SOCKET peer;
};
int with_connection(int (*body)(const struct connection *connection));

/* A loopback socket, bound; closed after the body. */
int with_socket(int type, int (*body)(SOCKET s));
int close_base_socket(SOCKET s);

#endif
