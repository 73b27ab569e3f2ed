/* What the example programs share: a layer is put into the catalog over the base
 * provider of TCP/IP, and taken out again. */
#ifndef INSTALLING_H
#define INSTALLING_H

#include <winsock2.h>
#include <ws2spi.h>

struct layer {
  const WCHAR *file; /* the DLL, beside the program */
  const WCHAR *name;
  const GUID *id;       /* of the layer itself */
  const GUID *chain_id; /* of the layer over TCP/IP */
  BOOL has_ifs_handles;
};

/* Ends the program unless ok; the error is the one stored, or else the last. */
void require(BOOL ok, const char *what, const int *error);

/* The chain's entry, by whose id it is started. */
WSAPROTOCOL_INFOW install_layer(const struct layer *layer);
void deinstall_layer(const struct layer *layer);

#endif
