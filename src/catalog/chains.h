/* The change that WSCInstallProviderAndChains makes: a layered entry, and chains that have it as
 * their first element (ws2spi/nf-ws2spi-wscinstallproviderandchains64_32). */
#ifndef WS2SPI_CATALOG_CHAINS_H
#define WS2SPI_CATALOG_CHAINS_H

#include "catalog/protocol_map.h"
#include "catalog/transaction.h"

struct chains_request {
  GUID provider_id;
  GUID chain_id; /* of the first chain; each next chain adds 1 to Data1 */
  WCHAR path[CATALOG_WIDTHS][MAX_PATH];
  WCHAR name[WSAPROTOCOL_LEN + 1];
  DWORD service_flags; /* XP1_IFS_HANDLES or 0 */
  bool over_all;       /* over every base protocol; else over those in `protocols` */
  /* The distinct protocols, and the index of each in the caller's list, from 0. Both are for
   * heap_free. If over_all, the computation fills in the protocols, and list_index is NULL. */
  struct protocol_key *protocols;
  DWORD *list_index;
  size_t count;
  DWORD layer_id; /* out */
};

/* A transaction_compute. WSAEINVAL (the name is in use; nothing matches a protocol of the list),
 * WSANO_RECOVERY (the provider is installed; there is no base protocol; a chain would be too long
 * or nested too deeply; no ids are left), WSA_NOT_ENOUGH_MEMORY. */
int chains_compute(struct transaction *transaction, void *request);

#endif
