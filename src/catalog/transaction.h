/* The one way a stored catalog is changed: lock the store, see what it has now, compute
 * what is to become of it, commit that, and let the tables follow. */
#ifndef WS2SPI_CATALOG_TRANSACTION_H
#define WS2SPI_CATALOG_TRANSACTION_H

#include "catalog/catalog_edit.h"
#include "catalog/id_allocator.h"

/* What a computation gets, and gives. It looks at the tables of the widths it was started
 * for, under their lock, and fills in the changes of those that are to change. */
struct transaction {
  const struct entry_table *table[CATALOG_WIDTHS]; /* NULL: not this width's business */
  struct free_ids ids;                             /* for transaction_take_ids */
  bool is_changed[CATALOG_WIDTHS];
  struct catalog_edit edit[CATALOG_WIDTHS];
  /* What becomes of LSP categories (category_cleanup.h). */
  const GUID *new_provider;  /* NULL, or who must not have an earlier one's */
  const GUID *gone_provider; /* NULL, or whose go with it */
  enum { PURGE_NONE, PURGE_ORPHANS, PURGE_ALL } categories;
  struct rejection rejection; /* of the computation itself; a change has its own */
};

typedef int (*transaction_compute)(struct transaction *transaction, void *request);

/* `widths` has bit 1 << CATALOG_32 or 1 << CATALOG_64, or both. 0, what the computation
 * returned, or: WSANO_RECOVERY (the store is not written to, or is locked for too long),
 * WSAEINVAL (what must be good is not), WSA_NOT_ENOUGH_MEMORY, or the store's error. The
 * catalog is as before then, and the log says why; of which provider, if there is one.
 *
 * A new provider's id is reserved from the computation until the table has its entries, so that
 * nobody can register it in between. */
int transaction_run(unsigned widths, transaction_compute compute, void *request,
                    const GUID *provider_id);

/* The same between the store's lock() and unlock(), which are the caller's, as the log is. */
int transaction_run_locked(const struct catalog_store *store, unsigned widths,
                           transaction_compute compute, void *request, struct rejection *rejection);

/* What the tables show is not what the store has now. */
void catalog_forget_tables(const struct catalog_store *store);

/* Takes `count` ids and stores the first. False if there are no more. */
bool transaction_take_ids(struct transaction *transaction, size_t count, DWORD *first);

#endif
