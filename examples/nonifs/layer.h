/* One layer: this DLL's place in one protocol chain. The same DLL may have several,
 * one for each chain that a process uses, and even two in one chain, if it is
 * installed under two entries.
 *
 * Lifetime: a layer is a slot of a fixed array. It is in use while it has been started
 * more often than cleaned up, and holds still for that time; the last WSPCleanup waits until none of its
 * sockets is in use any more.
 *
 * Lock: one over the array and the upcall table. It is not held in calls. */
#ifndef NONIFS_LAYER_H
#define NONIFS_LAYER_H

#include <winsock2.h>
#include <ws2spi.h>

#include <stdbool.h>

enum { MOST_LAYERS = 16 };

/* Extension functions of the layer below that ours call. */
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
  volatile bool stopping;       /* the last WSPCleanup is under way */
  WSAPROTOCOL_INFOW chain_info; /* the chain, as WSPStartup was told it */
  int place;                    /* in that chain */
  DWORD own_id;                 /* the entry that our handles are made for */
  WSAPROTOCOL_INFOW next_info;  /* of the layer below */
  bool next_is_base;
  WSPPROC_TABLE next;
  HMODULE next_module;
  PVOID volatile extensions[EXTENSIONS]; /* NULL until first asked for */
};

extern struct layer layers[MOST_LAYERS];

/* --- upcalls.c -------------------------------------------------------------------------- */

/* The table of the latest WSPStartup: of several, only that one may be used
 * (ws2spi/nf-ws2spi-wspstartup). */
void upcalls_keep(const WSPUPCALLTABLE *table);
WSPUPCALLTABLE upcalls_now(void);

/* --- chain.c ---------------------------------------------------------------------------- */

/* Fills place, own_id, chain_info and what is known of the layer below; NULL or the
 * path of its DLL. `after` is the last place that is known not to be meant. */
bool chain_find_place(struct layer *layer, const WSAPROTOCOL_INFOW *info, int after,
                      WCHAR next_path[MAX_PATH]);

/* What the layer below is told instead of the information the client gave us. A base
 * provider never sees a chain, it is told its own entry; another layer is told the
 * chain unchanged (WinSock/layered-protocols-and-protocol-chains-2). `given` may be NULL. */
WSAPROTOCOL_INFOW chain_info_for_next(const struct layer *layer, const WSAPROTOCOL_INFOW *given);

/* Makes the information that the layer below gave say that it is ours: what is done
 * with it must come to us first. */
void chain_sign(const struct layer *layer, WSAPROTOCOL_INFOW *info);

/* --- slots.c ---------------------------------------------------------------------------- */

/* The procedures of one slot: those without a socket know by it which layer is meant. */
void fill_procedures(struct layer *layer, LPWSPPROC_TABLE table);

/* --- say.c ------------------------------------------------------------------------------ */

/* To standard output, unless the environment has EXAMPLE_QUIET. */
void say(const char *format, ...);

#endif
