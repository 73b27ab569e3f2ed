/* The catalog-entry table: what providers there are, in catalog order.
 *
 * Lifetime: an entry is immutable once it is in the table, and reference-counted.
 * catalog_acquire… takes a reference under the table's lock, so an entry cannot
 * die in between; an entry that is removed stays readable until the last
 * reference is released. Ids are never reused within a store.
 *
 * Lock: one SRW lock inside catalog.c, held for no longer than a look-up or a
 * change of the table; catalog_contains takes none. */
#ifndef WS2SPI_CATALOG_CATALOG_H
#define WS2SPI_CATALOG_CATALOG_H

#include "platform/index_table.h"
#include "platform/windows_headers.h"

#include <stdbool.h>

enum catalog_kind {
  CATALOG_BASE,      /* one of the six entries this DLL itself provides */
  CATALOG_INSTALLED, /* WSCInstallProvider: a path */
  CATALOG_REGISTERED /* Ws2SpiRegisterProvider: a function; over any store, never persisted */
};

struct catalog_entry {
  WSAPROTOCOL_INFOW info;
  enum catalog_kind kind;
  LPWSPSTARTUP startup; /* CATALOG_REGISTERED only */
  WCHAR path[MAX_PATH]; /* unexpanded; of this DLL itself unless CATALOG_INSTALLED */
};

/* The entries by id: catalog.c's own, here for the next function alone. */
extern struct index_table catalog_ids;

/* Whether there is an entry with this id. No lock, no writes to shared memory: every
 * WPUQueryBlockingCallback asks it. A yes is sure, a no is not. */
static inline bool catalog_surely_contains(DWORD id)
{
  return index_table_contains(&catalog_ids, id);
}

/* The same, sure both ways. */
bool catalog_contains(DWORD id);

/* NULL if there is none. Each success needs one catalog_release. */
const struct catalog_entry *catalog_acquire(DWORD id);

/* The first entry, in catalog order, with this ProviderId. */
const struct catalog_entry *catalog_acquire_provider(const GUID *provider_id);

void catalog_release(const struct catalog_entry *entry);

/* Adds copies of `count` entries of one provider at the end, all or none, with ids
 * that follow *first_id. 0 or a WSA error: WSAEINVAL (a name without end or an
 * impossible chain), WSANO_RECOVERY (ProviderId in use), WSA_NOT_ENOUGH_MEMORY.
 * `startup` is NULL for installed ones. */
int catalog_add(const WSAPROTOCOL_INFOW *infos, DWORD count, const WCHAR *path,
                LPWSPSTARTUP startup, DWORD *first_id);

/* Removes all installed and base entries with this ProviderId. WSAEINVAL: none. */
int catalog_remove_provider(const GUID *provider_id);

/* Removes one registered entry. WSAEINVAL: no such entry, or not a registered one. */
int catalog_remove_registered(DWORD id);

/* A snapshot of all entries in catalog order, each with a reference, for
 * catalog_free_snapshot to give back. NULL if memory is exhausted. */
struct catalog_snapshot {
  size_t count;
  const struct catalog_entry *entry[];
};
struct catalog_snapshot *catalog_take_snapshot(void);
void catalog_free_snapshot(struct catalog_snapshot *snapshot);

/* WSCGetProviderPath and WPUGetProviderPath, less lpErrno. The pointers are callers'.
 * 0, WSAEFAULT or WSAEINVAL. */
int catalog_get_provider_path(const GUID *provider_id, WCHAR *path, int *chars);

/* At FreeLibrary: nobody else is here any more. */
void catalog_clear(void);

#endif
