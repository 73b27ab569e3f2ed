/* What each kind of change makes of a catalog, as pure functions: a table is given, the
 * items of its new end come out. transaction.h commits them. The table's lock is the
 * caller's; the items of a change are freed by catalog_edit_free. */
#ifndef WS2SPI_CATALOG_CATALOG_EDIT_H
#define WS2SPI_CATALOG_CATALOG_EDIT_H

#include "catalog/entry_table.h"
#include "catalog/rejection.h"

/* "From position `first` on, these items." */
struct catalog_edit {
  size_t first;
  size_t count;
  struct catalog_item *items;
  bool discard_invalid; /* what the store cannot read goes too */
  bool
      skip_validation; /* these items are known to be usable, and those before to stay as they are */
  bool *must_be_valid;        /* NULL, or of each item whether it must be usable afterwards */
  int invalid_error;          /* the error of a change that would leave such an item unusable */
  struct rejection rejection; /* why the function that computed it returned an error */
};

void catalog_edit_free(struct catalog_edit *edit);

/* Room for `count` items. False if memory is exhausted. */
bool catalog_edit_allocate(struct catalog_edit *edit, size_t first, size_t count);

/* Puts must_be_valid in place, all of it false. False if memory is exhausted. */
bool catalog_edit_require_valid(struct catalog_edit *edit, int invalid_error);

/* Each returns 0 or a WSA error; all may return WSA_NOT_ENOUGH_MEMORY. */

/* The entries come to the end, with ids from first_id on. WSANO_RECOVERY: the provider is
 * installed. WSAEINVAL: an impossible entry. */
int catalog_edit_install(struct catalog_edit *edit, const struct entry_table *table,
                         const struct catalog_item *items, size_t count, DWORD first_id);

/* WSAEINVAL: no entry of this provider. */
int catalog_edit_deinstall(struct catalog_edit *edit, const struct entry_table *table,
                           const GUID *provider_id);

/* Entries that have the ids of `items` become as these are; the path holds for all of the
 * provider's. WSAEINVAL: an id that is not the provider's, or given twice. These entries must be
 * usable afterwards, and so must all that were before. */
int catalog_edit_update(struct catalog_edit *edit, const struct entry_table *table,
                        const struct catalog_item *items, size_t count);

/* WSAEINVAL: not each id of the catalog exactly once. Unusable entries, which nobody can
 * name, go to the end. */
int catalog_edit_order(struct catalog_edit *edit, const struct entry_table *table, const DWORD *ids,
                       size_t count);

/* The usable entries, as they are and in their order. */
int catalog_edit_repair(struct catalog_edit *edit, const struct entry_table *table);

/* Base entries alone. */
int catalog_edit_reset(struct catalog_edit *edit);

#endif
