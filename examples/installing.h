/* Shared by the example programs: installing a layer over the base provider of TCP/IP, and removing
 * it. */
#ifndef INSTALLING_H
#define INSTALLING_H

#include <winsock2.h>
#include <ws2spi.h>

struct layer {
  const WCHAR *file; /* the DLL, beside the program */
  const WCHAR *name;
  const GUID *id;       /* ProviderId of the hidden entry */
  const GUID *chain_id; /* ProviderId of the chain over TCP/IP */
  BOOL has_ifs_handles;
};

/* If not ok, prints what failed and ends the program. Without an error code, the last error is
 * printed. */
void require(BOOL ok, const char *what, const int *error);

/* Returns the chain's catalog entry. Its id is the one to start. */
WSAPROTOCOL_INFOW install_layer(const struct layer *layer);
void deinstall_layer(const struct layer *layer);

#endif
