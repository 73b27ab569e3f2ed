/* The only way in which a stored catalog is changed: lock the store, read what it has now, compute
 * the change, commit it, and update the tables. */
#ifndef WS2SPI_CATALOG_TRANSACTION_H
#define WS2SPI_CATALOG_TRANSACTION_H

#include "catalog/catalog_edit.h"
#include "catalog/id_allocator.h"

/* The input and output of a computation. It reads the tables of the widths it was started for,
 * under their lock, and fills in the edits of those that are to change. */
struct transaction {
  const struct entry_table *table[CATALOG_WIDTHS]; /* NULL: this width was not asked for */
  struct free_ids ids;                             /* for transaction_take_ids */
  bool is_changed[CATALOG_WIDTHS];
  struct catalog_edit edit[CATALOG_WIDTHS];
  /* Which LSP categories are removed (category_cleanup.h). */
  const GUID *new_provider;  /* NULL, or who must not get the categories of an earlier provider */
  const GUID *gone_provider; /* NULL, or whose categories are removed with its entries */
  enum { PURGE_NONE, PURGE_ORPHANS, PURGE_ALL } categories;
  struct rejection rejection; /* of the computation; each edit has its own */
};

typedef int (*transaction_compute)(struct transaction *transaction, void *request);

/* `widths` has the bits 1 << CATALOG_32, 1 << CATALOG_64 or both. Returns 0, the error of the
 * computation, or: WSANO_RECOVERY (the store is read-only, or is locked for too long), WSAEINVAL
 * (an entry that must be valid would not be), WSA_NOT_ENOUGH_MEMORY, or the store's error. After an
 * error the catalog is unchanged, and the log has the reason. `provider_id` is for the log; it may
 * be NULL.
 *
 * The id of a new provider is reserved from the computation until the table has its entries, so
 * that nobody can register it in between. */
int transaction_run(unsigned widths, transaction_compute compute, void *request,
                    const GUID *provider_id);

/* The same for a caller who holds the store's lock, and who writes the rejection to the log. */
int transaction_run_locked(const struct catalog_store *store, unsigned widths,
                           transaction_compute compute, void *request, struct rejection *rejection);

/* Marks the tables as outdated, after a change that no transaction made. */
void catalog_forget_tables(const struct catalog_store *store);

/* Takes `count` ids and stores the first. False: too few are left. */
bool transaction_take_ids(struct transaction *transaction, size_t count, DWORD *first);

#endif
