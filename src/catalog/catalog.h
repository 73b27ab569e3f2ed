/* The catalog as the rest of the DLL sees it: what providers there are, in catalog
 * order. Behind it stands a store (store.h); registered providers lie over any.
 *
 * Lifetime: an entry is immutable once it is in the table, and reference-counted.
 * catalog_acquire… takes a reference under the table's lock, so an entry cannot
 * die in between; an entry that is removed stays readable until the last
 * reference is released. Ids are never reused within a store.
 *
 * Freshness: the table follows this process's own changes at once. Those of other
 * processes are seen by everything that shows or changes the catalog, and when an id is
 * asked for that is not there; an id that is there stays good until then.
 *
 * Lock: one SRW lock (catalog_internal.h), held for no longer than a look-up or a change of the
 * table; catalog_contains_unlocked takes none. */
#ifndef WS2SPI_CATALOG_CATALOG_H
#define WS2SPI_CATALOG_CATALOG_H

#include "catalog/store.h"
#include "platform/hash_table.h"

enum catalog_kind {
  CATALOG_BASE,      /* one of the six protocols this DLL itself provides */
  CATALOG_INSTALLED, /* WSCInstallProvider: a path */
  CATALOG_REGISTERED /* Ws2SpiRegisterProvider: a function; over any store, never persisted */
};

struct catalog_entry {
  union {
    struct catalog_item item; /* as it is stored */
    struct {
      WSAPROTOCOL_INFOW info;
      WCHAR stored_path[MAX_PATH];
    };
  };
  enum catalog_kind kind;
  LPWSPSTARTUP startup; /* CATALOG_REGISTERED only */
  const WCHAR *path;    /* unexpanded; of this DLL itself unless CATALOG_INSTALLED */
};

/* The entries by id: the tables' own, here for the next function alone. */
extern struct hash_table catalog_ids;

/* Whether there is an entry with this id. No lock, no writes to shared memory: every
 * WPUQueryBlockingCallback asks it. A yes is sure, a no is not. */
static inline bool catalog_contains_unlocked(DWORD id)
{
  return hash_table_contains_unlocked(&catalog_ids, id);
}

/* The same, sure both ways. */
bool catalog_contains(DWORD id);

/* NULL if there is none. Each success needs one catalog_release. */
const struct catalog_entry *catalog_acquire(DWORD id);

/* The same, for who tells a shortage from an entry that is not there: an error says that NULL is no
 * answer, since the catalog could not be read now. */
int catalog_find(DWORD id, const struct catalog_entry **entry);

/* The first entry, in catalog order, with this ProviderId; registered ones are in the native
 * catalog only. NULL if there is none. An error, as that of a snapshot below, says that the
 * catalog could not be read now: then the entry is what was last seen. */
int catalog_find_provider(enum catalog_width width, const GUID *provider_id,
                          const struct catalog_entry **entry);

/* The id of the first base entry of this family and type in the native catalog, as it was last
 * seen; 0 if there is none. */
DWORD catalog_find_base_id(int family, int type);

void catalog_release(const struct catalog_entry *entry);

/* A snapshot of all entries in catalog order, each with a reference, for
 * catalog_free_snapshot to give back. Registered ones come last, in the catalog of this
 * process's width only. 0, WSA_NOT_ENOUGH_MEMORY or why the store cannot be read. */
struct catalog_snapshot {
  size_t count;
  const struct catalog_entry *entry[];
};
int catalog_take_snapshot(enum catalog_width width, struct catalog_snapshot **snapshot);
void catalog_free_snapshot(struct catalog_snapshot *snapshot);

/* Ws2SpiSelectProtocol: the first entry that matches and may be loaded here. Its errors, with
 * WSA_NOT_ENOUGH_MEMORY for a shortage. */
int catalog_select(enum catalog_width width, int family, int type, int protocol,
                   WSAPROTOCOL_INFOW *found);

/* Whether the id is one of this process's own entries (overlay.h). */
bool id_is_local(DWORD id);

/* The path of this DLL, which base and registered entries answer with. NULL if it is
 * longer than an entry can hold. */
const WCHAR *catalog_own_path(void);

/* WSCGetProviderPath and WPUGetProviderPath, less lpErrno. The pointers are callers'.
 * 0, WSAEFAULT or WSAEINVAL. */
int catalog_get_provider_path(enum catalog_width width, const GUID *provider_id, WCHAR *path,
                              int *chars);

/* Reads what LSPs may be loaded into this application, if that is not known yet
 * (WinSock/categorizing-layered-service-providers-and-applications: once per process,
 * at the first WSAStartup). */
void catalog_read_application_categories(void);

/* Whether the categories let this entry be loaded here: what is no LSP always, and what
 * this process registered. 0, WSAEPROVIDERFAILEDINIT, or WSA_NOT_ENOUGH_MEMORY: it cannot be
 * told now. */
int catalog_check_load(const struct catalog_entry *entry);

/* Which store is opened where none has been. DllMain sets it: the stores are above this room. */
typedef const struct catalog_store *(*store_chooser)(void);
void catalog_set_default_store(store_chooser choose);

/* The store in use; the default one is opened if there is none yet. */
const struct catalog_store *catalog_store_in_use(void);

/* Makes it the store in use, and the native table what it has; the other width's is read when it
 * is needed. 0, WSA_NOT_ENOUGH_MEMORY, or the store's error; then the store before is still in
 * use. */
int catalog_open_store(const struct catalog_store *store);

/* At FreeLibrary: nobody else is here any more. */
void catalog_clear(void);

#endif
