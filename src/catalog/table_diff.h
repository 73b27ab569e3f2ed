/* Replaces the end of a table by other items. table_diff_prepare does all that can fail;
 * table_diff_apply cannot fail. Entries that stay the same are kept, so a change costs only
 * what it changes, and readers never miss the other entries.
 *
 * Lock: prepare and apply need the table's lock, exclusively; discard needs none. */
#ifndef WS2SPI_CATALOG_TABLE_DIFF_H
#define WS2SPI_CATALOG_TABLE_DIFF_H

#include "catalog/entry_table.h"

struct table_diff {
  struct stored_entry **added; /* in order, each with a reference, which apply gives to the table */
  size_t added_count;
  struct stored_entry **removed; /* from the first that differs to the last */
  size_t removed_count;
  const char **problems; /* of the whole new table; NULL: those before stay, the added have none */
};

/* Prepares a table that has `count` items from position `first` on. `skip_validation`: the caller
 * knows that these items are valid and that the entries before them do not change. False: out of
 * memory; there is nothing to discard. */
bool table_diff_prepare(struct table_diff *diff, struct entry_table *table, size_t first,
                        const struct catalog_item *items, size_t count, bool skip_validation);

void table_diff_apply(struct table_diff *diff, struct entry_table *table);

/* Releases the removed entries after an apply, and otherwise the added ones. */
void table_diff_discard(struct table_diff *diff);

#endif
