/* Steps of the scenarios that use the base provider. Each returns 0 or the first error. */
#ifndef WS2SPI_TESTS_FAULTS_BASE_STEPS_H
#define WS2SPI_TESTS_FAULTS_BASE_STEPS_H

#include "faults/shim.h"

enum { TCP_ENTRY = 1001, UDP_ENTRY = 1002 };

/* Of the base provider, while with_base runs. */
extern WSPPROC_TABLE base_table;
extern const struct shim *base_shim;

/* Starts it, runs the body, stops it again whatever the body said. */
int with_base(const struct shim *shim, int (*body)(void));

/* The same around a hook of this thread, set first. */
int with_hook(const struct shim *shim, FARPROC hook, int (*body)(void));

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
