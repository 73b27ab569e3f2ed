/* One layer: the position of this DLL in one protocol chain. The DLL may have several layers in a
 * process, one for each chain that is used, and even two in one chain, if it is installed under two
 * entries.
 *
 * Lifetime: a layer is a slot of a fixed array. It is in use, and does not change, while it has
 * been started more often than cleaned up. The last WSPCleanup waits until none of its sockets is
 * in use.
 *
 * Lock: one over the array and the upcall table. It is not held in calls. */
#ifndef NONIFS_LAYER_H
#define NONIFS_LAYER_H

#include <winsock2.h>
#include <ws2spi.h>

#include <stdbool.h>

enum { MOST_LAYERS = 16 };

/* Extension functions of the layer below that this layer's functions call. */
enum extension {
  ACCEPT_EX,
  CONNECT_EX,
  DISCONNECT_EX,
  TRANSMIT_FILE,
  TRANSMIT_PACKETS,
  RECV_MSG,
  SEND_MSG,
  EXTENSIONS
};

struct layer {
  unsigned starts;
  volatile bool stopping;       /* the last WSPCleanup is in progress */
  WSAPROTOCOL_INFOW chain_info; /* lpProtocolInfo of WSPStartup */
  int place;                    /* index in that chain */
  DWORD own_id;                 /* the catalog id that its handles are made for */
  WSAPROTOCOL_INFOW next_info;  /* catalog entry of the layer below */
  bool next_is_base;
  WSPPROC_TABLE next;
  HMODULE next_module;
  PVOID volatile extensions[EXTENSIONS]; /* NULL until the first query */
};

extern struct layer layers[MOST_LAYERS];

/* --- upcalls.c ------------------------------------------------------------------------ */

/* The upcall table of the latest WSPStartup, which is the only one that may be used
 * (ws2spi/nf-ws2spi-wspstartup). */
void upcalls_keep(const WSPUPCALLTABLE *table);
WSPUPCALLTABLE current_upcalls(void);

/* --- chain.c -------------------------------------------------------------------------- */

/* Finds this layer's position in the chain behind index `after`. Fills place, own_id, chain_info
 * and the fields of the layer below, and stores the path of that layer's DLL. False: it is not in
 * the chain. */
bool chain_find_place(struct layer *layer, const WSAPROTOCOL_INFOW *info, int after,
                      WCHAR next_path[MAX_PATH]);

/* The protocol information for the layer below, instead of the one that the client has given, which
 * may be NULL. A base provider must not see a chain and gets its own entry; another layer gets the
 * chain unchanged (WinSock/layered-protocols-and-protocol-chains-2). */
WSAPROTOCOL_INFOW chain_info_for_next(const struct layer *layer, const WSAPROTOCOL_INFOW *given);

/* Makes protocol information from the layer below name this layer's chain, so that sockets made
 * from it go through this layer. */
void chain_describe(const struct layer *layer, WSAPROTOCOL_INFOW *info);

/* --- slots.c -------------------------------------------------------------------------- */

/* The procedure table of one slot. Procedures without a socket know their layer by their slot. */
void fill_procedures(struct layer *layer, LPWSPPROC_TABLE table);

/* --- say.c ---------------------------------------------------------------------------- */

/* Prints to standard output, unless EXAMPLE_QUIET is set in the environment. */
void say(const char *format, ...);

#endif
