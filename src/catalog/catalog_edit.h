/* Computes each kind of change. The functions are pure: they read a table and
 * compute the items of the catalog's new end, which transaction.h commits. The caller holds the
 * lock of the table and frees the edit with catalog_edit_free. */
#ifndef WS2SPI_CATALOG_CATALOG_EDIT_H
#define WS2SPI_CATALOG_CATALOG_EDIT_H

#include "catalog/entry_table.h"
#include "catalog/rejection.h"

/* "From position `first` on, the catalog has these items." */
struct catalog_edit {
  size_t first;
  size_t count;
  struct catalog_item *items;
  bool discard_invalid; /* what the store cannot read is removed too */
  bool skip_validation; /* all of them are known to be valid, and those before not to change */
  bool *must_be_valid;  /* NULL, or for each item whether it must be valid afterwards */
  int invalid_error;    /* the error if one of these would be invalid */
  struct rejection rejection; /* set when the function that computes the edit fails */
};

void catalog_edit_free(struct catalog_edit *edit);

/* Makes room for `count` items. False: out of memory. */
bool catalog_edit_allocate(struct catalog_edit *edit, size_t first, size_t count);

/* Allocates must_be_valid, all of it false. False: out of memory. */
bool catalog_edit_require_valid(struct catalog_edit *edit, int invalid_error);

/* Each returns 0 or a WSA error; all can return WSA_NOT_ENOUGH_MEMORY. */

/* Appends the entries, with ids from first_id on. WSANO_RECOVERY: the provider is
 * installed already. WSAEINVAL: an entry is invalid. */
int catalog_edit_install(struct catalog_edit *edit, const struct entry_table *table,
                         const struct catalog_item *items, size_t count, DWORD first_id);

/* WSAEINVAL: the provider has no entry. */
int catalog_edit_deinstall(struct catalog_edit *edit, const struct entry_table *table,
                           const GUID *provider_id);

/* Replaces the entries that have the ids of `items`, and sets the path of all entries of the
 * provider. WSAEINVAL: an id is not one of the provider's or is repeated; or one of these entries,
 * or one that is valid now, would be invalid. */
int catalog_edit_update(struct catalog_edit *edit, const struct entry_table *table,
                        const struct catalog_item *items, size_t count);

/* WSAEINVAL: the list does not name each id of the catalog exactly once. Invalid entries, which no
 * id can name, go to the end. */
int catalog_edit_order(struct catalog_edit *edit, const struct entry_table *table, const DWORD *ids,
                       size_t count);

/* Keeps the valid entries in their order. */
int catalog_edit_repair(struct catalog_edit *edit, const struct entry_table *table);

/* Keeps only the base entries. */
int catalog_edit_reset(struct catalog_edit *edit);

#endif
