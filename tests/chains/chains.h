/* Protocol chains of the example providers, installed in the catalog and started through the
 * host. A test program runs all of its tests through each. */
#ifndef WS2SPI_TESTS_CHAINS_H
#define WS2SPI_TESTS_CHAINS_H

#include "support/cmocka_headers.h"
#include "support/loopback.h"

struct chain {
  const char *name;
  BOOL own_handles;       /* the top layer is not an IFS provider */
  BOOL over_chain;        /* the lower layer stands in it as a chain, not as itself */
  const WCHAR *layers[2]; /* DLLs, the top one first; NULL: none */
  DWORD tcp_entry;
  DWORD udp_entry;
  WSPPROC_TABLE tcp;
  WSPPROC_TABLE udp;
};

/* The one whose turn it is. `base` of support/loopback.h is its TCP table, so that what
 * is there makes sockets of this chain. */
extern struct chain chain;

/* From here on `base` is the table for UDP or TCP; every test begins with TCP. */
void use_udp(void);
void use_tcp(void);

/* The catalog entry of that id. */
WSAPROTOCOL_INFOW entry_info(DWORD id);

/* Installs and starts one of the chains, 0 to CHAINS - 1; stops and removes it. */
enum { CHAINS = 6 };
void begin_chain(int number);
void end_chain(void);

/* The whole of a test program: its tests through each chain; how many failed. */
int run_through_chains(const struct CMUnitTest *tests, size_t count);

/* The handle that the system knows, for calls past the chain. */
SOCKET system_handle(SOCKET s);

/* For install_hook: sends one byte from the socket of the system's that it points at. */
void send_past_the_chain(void *system_socket);

/* A bound datagram socket of the chain, and its address. */
SOCKET new_datagram(struct sockaddr_in *address);

#endif
