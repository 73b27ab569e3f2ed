/* Steps of the scenarios that use the base provider. Each returns 0 or the first error. */
#ifndef WS2SPI_TESTS_INJECTION_BASE_STEPS_H
#define WS2SPI_TESTS_INJECTION_BASE_STEPS_H

#include "injection/shim.h"

enum { TCP_ENTRY = 1001, UDP_ENTRY = 1002 };

/* The base provider's procedures, while with_base runs. */
extern WSPPROC_TABLE base_table;

#define BASE(function) CALL_AS(#function, base_table.lp##function)
extern const struct shim *base_shim;

/* Failures that scenarios of the base provider recover from (struct recovered), by the calls that
 * they make. */
#define BASE_RECOVERS                                                                              \
  {                                                                                                \
    "Ws2SpiStopProvider", "WSACleanup", "the provider is stopped, and cannot be stopped again"     \
  }
#define STREAM_RECOVERS                                                                            \
  {"WSPConnect", "getsockopt",                                                                     \
   "asks whether the socket listens; without an answer the connect is refused"},                   \
      {"WSPConnect", "getsockname",                                                                \
       "asks whether the socket is bound; without an answer the bind fails"},                      \
      {"WSPConnect", "setsockopt", "the socket is connected, which cannot be undone"},             \
      {"WSPConnect", "CreateEventW", "needed for a wait; the socket may be connected by then"},    \
  {                                                                                                \
    "WSPCloseSocket", "getsockopt",                                                                \
        "it asks for SO_LINGER; without an answer this thread closes the socket"                   \
  }

/* Starts the provider, runs the body and stops the provider, also if the body failed. */
int with_base(const struct shim *shim, int (*body)(void));

/* The same, started by the WSPStartup that the DLL exports, with upcalls that can be made to fail:
 * "upcall WPUQueryBlockingCallback" and so on. */
int with_base_over_our_upcalls(const struct shim *shim, int (*body)(void));

/* As with_base, with a hook on this thread, which is set first. */
int with_hook(const struct shim *shim, FARPROC hook, int (*body)(void));
int with_hook_over_our_upcalls(const struct shim *shim, FARPROC hook, int (*body)(void));

/* The first of the two that is an error. */
int first_error(int one, int other);

/* Opens the peer, a listener of the system's own Winsock. Once, before everything else. */
int open_peer(void);
int close_peer(void);
const struct sockaddr_in *peer_address(void);

/* A stream socket that is connected to the peer, and the peer's end. Both are closed after the
 * body. */
struct connection {
  SOCKET s;
  SOCKET peer;
};
int with_connection(int (*body)(const struct connection *connection));

/* A bound loopback socket, closed after the body. */
int with_socket(int type, int (*body)(SOCKET s));
int close_base_socket(SOCKET s);

#endif
