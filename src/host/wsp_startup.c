#include "base/base.h"
#include "catalog/catalog.h"
#include "platform/caller_memory.h"

/* The WSPStartups of registered providers that WSPStartup below is calling, on any thread. A
 * layer may pass on its chain to the base, instead of the base's own information; WSPStartup
 * would then call the layer again, without end. */
struct running_startup {
  struct running_startup *next;
  DWORD thread_id;
  DWORD catalog_entry_id;
};

static SRWLOCK running_lock = SRWLOCK_INIT;
static struct running_startup *running;

static bool wsp_startup_is_running(DWORD id)
{
  const DWORD thread_id = GetCurrentThreadId();
  const struct running_startup *item;

  AcquireSRWLockShared(&running_lock);
  item = running;
  while (item != NULL && (item->thread_id != thread_id || item->catalog_entry_id != id))
    item = item->next;
  ReleaseSRWLockShared(&running_lock);
  return item != NULL;
}

static void wsp_startup_enter(struct running_startup *item, DWORD id)
{
  item->thread_id = GetCurrentThreadId();
  item->catalog_entry_id = id;
  AcquireSRWLockExclusive(&running_lock);
  item->next = running;
  running = item;
  ReleaseSRWLockExclusive(&running_lock);
}

static void wsp_startup_leave(const struct running_startup *item)
{
  struct running_startup **link = &running;

  AcquireSRWLockExclusive(&running_lock);
  while (*link != item)
    link = &(*link)->next;
  *link = item->next;
  ReleaseSRWLockExclusive(&running_lock);
}

/* NULL if the id is not that of a registered entry, or if this thread is in its WSPStartup
 * already. */
static const struct catalog_entry *wsp_startup_acquire(DWORD id)
{
  const struct catalog_entry *entry = catalog_acquire(id);

  if (entry != NULL && (entry->kind != CATALOG_REGISTERED || wsp_startup_is_running(id))) {
    catalog_release(entry);
    entry = NULL;
  }
  return entry;
}

/* The registered entry among the elements of a chain. The catalog allows at most one. */
static const struct catalog_entry *wsp_startup_acquire_element(const WSAPROTOCOLCHAIN *chain,
                                                               bool *is_last)
{
  const struct catalog_entry *entry = NULL;

  if (chain->ChainLen <= BASE_PROTOCOL || chain->ChainLen > MAX_PROTOCOL_CHAIN)
    return NULL;
  for (int place = 0; entry == NULL && place < chain->ChainLen; place++) {
    entry = wsp_startup_acquire(chain->ChainEntries[place]);
    *is_last = place == chain->ChainLen - 1;
  }
  return entry;
}

/* The base provider and all registered providers have the path of this DLL, so each of them is
 * started here (D9). A registered provider is started if lpProtocolInfo is its entry, or a chain
 * of which it is an element. The last element of a chain is the base and gets its own entry,
 * since bases never see chains; any other element is a layer and gets the chain unchanged, to
 * find its place in it (WinSock/layered-protocols-and-protocol-chains-2). */
int WSPAPI WSPStartup(WORD wVersionRequested, LPWSPDATA lpWSPData,
                      LPWSAPROTOCOL_INFOW lpProtocolInfo, WSPUPCALLTABLE UpcallTable,
                      LPWSPPROC_TABLE lpProcTable)
{
  const struct catalog_entry *entry;
  struct running_startup item;
  WSAPROTOCOL_INFOW info;
  bool is_last = false;
  int error;

  if (!caller_read(&info, lpProtocolInfo, sizeof info))
    return WSAEFAULT;
  entry = wsp_startup_acquire(info.dwCatalogEntryId);
  if (entry == NULL)
    entry = wsp_startup_acquire_element(&info.ProtocolChain, &is_last);
  if (entry == NULL)
    return base_startup(wVersionRequested, lpWSPData, lpProtocolInfo, &UpcallTable, lpProcTable);
  if (is_last)
    info = entry->info;
  wsp_startup_enter(&item, entry->info.dwCatalogEntryId);
  error = entry->startup(wVersionRequested, lpWSPData, is_last ? &info : lpProtocolInfo,
                         UpcallTable, lpProcTable);
  wsp_startup_leave(&item);
  catalog_release(entry);
  return error;
}
