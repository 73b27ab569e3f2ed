/* Protocol chains of the example providers, installed in the catalog and started with
 * Ws2SpiStartProvider. A test program runs all of its tests through each chain. */
#ifndef WS2SPI_TESTS_CHAINS_H
#define WS2SPI_TESTS_CHAINS_H

#include "support/cmocka_headers.h"
#include "support/loopback.h"

struct chain {
  const char *name;
  BOOL own_handles;       /* the top layer is not an IFS provider */
  BOOL over_chain;        /* its second entry is the lower layer's chain, not its hidden entry */
  const WCHAR *layers[2]; /* DLLs, the top one first; NULL: none */
  DWORD tcp_entry;
  DWORD udp_entry;
  WSPPROC_TABLE tcp;
  WSPPROC_TABLE udp;
};

/* The chain that is being tested. `base` of support/loopback.h is its TCP table, so the functions
 * there use sockets of this chain. */
extern struct chain chain;

/* Makes `base` the table for UDP or TCP. Every test begins with TCP. */
void use_udp(void);
void use_tcp(void);

/* The catalog entry with this id. */
WSAPROTOCOL_INFOW entry_info(DWORD id);

/* Install and start the chain with this number, 0 to CHAINS - 1; stop and remove it. */
enum { CHAINS = 6 };
void begin_chain(int number);
void end_chain(void);

/* Runs the tests through each chain. Returns how many failed, for main to return. */
int run_through_chains(const struct CMUnitTest *tests, size_t count);

/* The system's handle of a socket, for calls that bypass the chain. */
SOCKET system_handle(SOCKET s);

/* For install_hook: sends one byte with the system's socket that the parameter points to. */
void send_past_the_chain(void *system_socket);

/* A bound datagram socket of the chain, and its address. */
SOCKET new_datagram(struct sockaddr_in *address);

#endif
