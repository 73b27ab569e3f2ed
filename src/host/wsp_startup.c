#include "base/base.h"
#include "catalog/catalog.h"
#include "platform/caller_memory.h"

/* NULL if the id is not that of a registered entry. */
static const struct catalog_entry *acquire_registered(DWORD id)
{
  const struct catalog_entry *entry = catalog_acquire(id);

  if (entry != NULL && entry->kind != CATALOG_REGISTERED) {
    catalog_release(entry);
    entry = NULL;
  }
  return entry;
}

static const struct catalog_entry *acquire_end_of_chain(const WSAPROTOCOLCHAIN *chain)
{
  if (chain->ChainLen <= BASE_PROTOCOL || chain->ChainLen > MAX_PROTOCOL_CHAIN)
    return NULL;
  return acquire_registered(chain->ChainEntries[chain->ChainLen - 1]);
}

/* What stands at our path is the base provider, or a registered one: the entry
 * itself, or the one at the end of the chain. A layer passes its lowest neighbour
 * that neighbour's own information, but one that passes the chain is understood
 * too, and the base of a chain never sees the chain
 * (WinSock/layered-protocols-and-protocol-chains-2). */
int WSPAPI WSPStartup(WORD wVersionRequested, LPWSPDATA lpWSPData,
                      LPWSAPROTOCOL_INFOW lpProtocolInfo, WSPUPCALLTABLE UpcallTable,
                      LPWSPPROC_TABLE lpProcTable)
{
  const struct catalog_entry *entry;
  WSAPROTOCOL_INFOW info;
  int error;

  if (!caller_read(&info, lpProtocolInfo, sizeof info))
    return WSAEFAULT;
  entry = acquire_registered(info.dwCatalogEntryId);
  if (entry != NULL) {
    error = entry->startup(wVersionRequested, lpWSPData, lpProtocolInfo, UpcallTable, lpProcTable);
  } else if ((entry = acquire_end_of_chain(&info.ProtocolChain)) != NULL) {
    info = entry->info;
    error = entry->startup(wVersionRequested, lpWSPData, &info, UpcallTable, lpProcTable);
  } else {
    return base_startup(wVersionRequested, lpWSPData, lpProtocolInfo, &UpcallTable, lpProcTable);
  }
  catalog_release(entry);
  return error;
}
