/* What WSCInstallProviderAndChains makes of a catalog: a layered entry, and chains with
 * it on top (ws2spi/nf-ws2spi-wscinstallproviderandchains64_32). */
#ifndef WS2SPI_CATALOG_CHAINS_H
#define WS2SPI_CATALOG_CHAINS_H

#include "catalog/transaction.h"
#include "catalog/protocol_map.h"

struct chains_request {
  GUID provider_id;
  GUID chain_id; /* of the first chain; the others count up from it */
  WCHAR path[CATALOG_WIDTHS][MAX_PATH];
  WCHAR name[WSAPROTOCOL_LEN + 1];
  DWORD service_flags;          /* XP1_IFS_HANDLES or 0 */
  bool over_all;                /* every base protocol; else what the triples name */
  struct protocol_key *triples; /* distinct; for heap_free if over_all */
  DWORD *places; /* of the triples in the list, from 0; for heap_free; NULL if over_all */
  size_t count;
  DWORD layer_id; /* out */
};

/* A transaction_compute: WSAEINVAL (the name is in use; nothing matches a protocol_key),
 * WSANO_RECOVERY (the provider is installed; no base protocol; a chain would be too long, or nested
 * too deep; no more ids), WSA_NOT_ENOUGH_MEMORY. */
int chains_compute(struct transaction *transaction, void *request);

#endif
