#include "base/base.h"
#include "catalog/catalog.h"
#include "platform/caller_memory.h"

/* The registered startups that run because of a call here, on any thread. A layer that
 * passes its chain on to the base, instead of the base's own information, would meet
 * itself again without end. */
struct running {
  struct running *next;
  DWORD thread_id;
  DWORD catalog_entry_id;
};

static SRWLOCK running_lock = SRWLOCK_INIT;
static struct running *running;

static bool is_running_here(DWORD id)
{
  const DWORD thread_id = GetCurrentThreadId();
  const struct running *item;

  AcquireSRWLockShared(&running_lock);
  item = running;
  while (item != NULL && (item->thread_id != thread_id || item->catalog_entry_id != id))
    item = item->next;
  ReleaseSRWLockShared(&running_lock);
  return item != NULL;
}

static void enter(struct running *item, DWORD id)
{
  item->thread_id = GetCurrentThreadId();
  item->catalog_entry_id = id;
  AcquireSRWLockExclusive(&running_lock);
  item->next = running;
  running = item;
  ReleaseSRWLockExclusive(&running_lock);
}

static void leave(const struct running *item)
{
  struct running **link = &running;

  AcquireSRWLockExclusive(&running_lock);
  while (*link != item)
    link = &(*link)->next;
  *link = item->next;
  ReleaseSRWLockExclusive(&running_lock);
}

/* NULL if the id is not that of a registered entry, or if that calls us itself. */
static const struct catalog_entry *acquire_registered(DWORD id)
{
  const struct catalog_entry *entry = catalog_acquire(id);

  if (entry != NULL && (entry->kind != CATALOG_REGISTERED || is_running_here(id))) {
    catalog_release(entry);
    entry = NULL;
  }
  return entry;
}

/* The registered one among the elements of a chain; the catalog lets there be one. */
static const struct catalog_entry *acquire_registered_element(const WSAPROTOCOLCHAIN *chain,
                                                              bool *is_last)
{
  const struct catalog_entry *entry = NULL;

  if (chain->ChainLen <= BASE_PROTOCOL || chain->ChainLen > MAX_PROTOCOL_CHAIN)
    return NULL;
  for (int place = 0; entry == NULL && place < chain->ChainLen; place++) {
    entry = acquire_registered(chain->ChainEntries[place]);
    *is_last = place == chain->ChainLen - 1;
  }
  return entry;
}

/* What stands at our path is the base provider, or a registered one (D9): the entry
 * that is named, or the registered element of the chain that is. An element further
 * up is a layer, and gets the chain as it is, to find its place in; the last one is
 * the base of the chain, and bases never see chains
 * (WinSock/layered-protocols-and-protocol-chains-2). */
int WSPAPI WSPStartup(WORD wVersionRequested, LPWSPDATA lpWSPData,
                      LPWSAPROTOCOL_INFOW lpProtocolInfo, WSPUPCALLTABLE UpcallTable,
                      LPWSPPROC_TABLE lpProcTable)
{
  const struct catalog_entry *entry;
  struct running item;
  WSAPROTOCOL_INFOW info;
  bool is_last = false;
  int error;

  if (!caller_read(&info, lpProtocolInfo, sizeof info))
    return WSAEFAULT;
  entry = acquire_registered(info.dwCatalogEntryId);
  if (entry == NULL)
    entry = acquire_registered_element(&info.ProtocolChain, &is_last);
  if (entry == NULL)
    return base_startup(wVersionRequested, lpWSPData, lpProtocolInfo, &UpcallTable, lpProcTable);
  if (is_last)
    info = entry->info;
  enter(&item, entry->info.dwCatalogEntryId);
  error = entry->startup(wVersionRequested, lpWSPData, is_last ? &info : lpProtocolInfo,
                         UpcallTable, lpProcTable);
  leave(&item);
  catalog_release(entry);
  return error;
}
