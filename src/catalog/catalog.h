/* The catalog as the other rooms see it: the providers' entries, in catalog order. The entries come
 * from a store (store.h); the process-local ones (overlay.h) are added to any store.
 *
 * Lifetime: an entry is immutable once it is in the table, and reference-counted. The functions
 * that return an entry take a reference under the table's lock. An entry that is removed stays
 * readable until its last reference is released. Ids are never reused within a store.
 *
 * Freshness: the table follows this process's own changes at once. Changes by other processes are
 * noticed by every function that shows or changes the catalog, and by a look-up of an id that is
 * not in the table; an id that is in the table stays valid until then.
 *
 * Lock: one SRW lock (catalog_internal.h), held only for a look-up or a change of the table;
 * catalog_contains_unlocked takes none. */
#ifndef WS2SPI_CATALOG_CATALOG_H
#define WS2SPI_CATALOG_CATALOG_H

#include "catalog/store.h"
#include "platform/hash_table.h"

enum catalog_kind {
  CATALOG_BASE,      /* one of the six protocols that this DLL itself provides */
  CATALOG_INSTALLED, /* by WSCInstallProvider: the provider is a DLL */
  CATALOG_REGISTERED /* by Ws2SpiRegisterProvider: the provider is a function; never stored */
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
  const WCHAR *path;    /* not expanded; CATALOG_INSTALLED: the stored path, else this DLL's own */
};

/* --- looking up ----------------------------------------------------------------------- */

/* The native entries by id. Only catalog_contains_unlocked may use it outside this room. */
extern struct hash_table catalog_ids;

/* Whether there is an entry with this id. Every WPUQueryBlockingCallback asks it, so it takes no
 * lock and writes no shared memory. True is certain; false is not, since the table may be
 * changing. */
static inline bool catalog_contains_unlocked(DWORD id)
{
  return hash_table_contains_unlocked(&catalog_ids, id);
}

/* The same, certain in both cases. */
bool catalog_contains(DWORD id);

/* Returns the entry for catalog_release, or NULL. */
const struct catalog_entry *catalog_acquire(DWORD id);

/* The same for callers who must tell a missing entry from a failure: after an error *entry is NULL
 * because the catalog could not be read. */
int catalog_find(DWORD id, const struct catalog_entry **entry);

/* Finds the first entry in catalog order with this ProviderId, for catalog_release, or NULL.
 * Process-local entries are in the native catalog only. After an error the catalog could not be
 * read, and *entry is what was last seen. */
int catalog_find_provider(enum catalog_width width, const GUID *provider_id,
                          const struct catalog_entry **entry);

/* The id of the first base entry of this family and type in the native catalog as it was last
 * seen, or 0. */
DWORD catalog_find_base_id(int family, int type);

void catalog_release(const struct catalog_entry *entry);

/* All entries in catalog order, each with a reference, for catalog_free_snapshot. The process-local
 * ones come last, in the native catalog only. 0, WSA_NOT_ENOUGH_MEMORY or the store's error. */
struct catalog_snapshot {
  size_t count;
  const struct catalog_entry *entry[];
};
int catalog_take_snapshot(enum catalog_width width, struct catalog_snapshot **snapshot);
void catalog_free_snapshot(struct catalog_snapshot *snapshot);

/* Ws2SpiSelectProtocol: finds the first entry that matches and may be loaded here. The
 * errors of that function, but WSA_NOT_ENOUGH_MEMORY for a shortage of memory. */
int catalog_select(enum catalog_width width, int family, int type, int protocol,
                   WSAPROTOCOL_INFOW *found);

/* WSCGetProviderPath and WPUGetProviderPath without lpErrno. The pointers are the caller's.
 * 0, WSAEFAULT or WSAEINVAL. */
int catalog_get_provider_path(enum catalog_width width, const GUID *provider_id, WCHAR *path,
                              int *chars);

/* Whether the id is in the range of the process-local entries. */
bool id_is_local(DWORD id);

/* The path of this DLL, which base and registered entries have. NULL if it is longer than an
 * entry can hold. */
const WCHAR *catalog_own_path(void);

/* --- LSP categories (load_policy.c) --------------------------------------------------- */

/* Reads the categories of this application if they are not known yet. WSAStartup calls it, since
 * they count from the first WSAStartup on
 * (WinSock/categorizing-layered-service-providers-and-applications). */
void catalog_read_application_categories(void);

/* Whether the categories permit this entry to be loaded here. Base entries and registered providers
 * are always permitted. 0; WSAEPROVIDERFAILEDINIT: not permitted; WSA_NOT_ENOUGH_MEMORY: not known
 * now. */
int catalog_check_load(const struct catalog_entry *entry);

/* --- the store ------------------------------------------------------------------------ */

/* Which store is opened if none has been opened by a call. DllMain sets it, because the stores are
 * in rooms above this one. */
typedef const struct catalog_store *(*store_chooser)(void);
void catalog_set_default_store(store_chooser choose);

/* The store in use. The first call opens the default store. */
const struct catalog_store *catalog_store_in_use(void);

/* Uses this store from now on. The native table is read at once, the other when it is needed. 0,
 * WSA_NOT_ENOUGH_MEMORY, or the store's error; after an error the previous store stays in use. */
int catalog_open_store(const struct catalog_store *store);

/* Frees everything at FreeLibrary, when no other thread is in this DLL. */
void catalog_clear(void);

#endif
