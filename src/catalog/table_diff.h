/* A table's end is to become other items: prepared where that can fail, put in place where
 * it cannot. What stays as it was keeps its entry, so that a change costs what it
 * changes and the rest is never missing.
 *
 * Lock: prepare and apply under the table's lock, held exclusively; discard without. */
#ifndef WS2SPI_CATALOG_TABLE_DIFF_H
#define WS2SPI_CATALOG_TABLE_DIFF_H

#include "catalog/entry_table.h"

struct table_diff {
  struct stored_entry **added; /* in order, each with a reference; put in place, the table's */
  size_t added_count;
  struct stored_entry **removed; /* from the first that differs to the last */
  size_t removed_count;
  const char **
      problems; /* of the whole new table; NULL: the added have none, nothing changes before them */
};

/* From position `first` on, `count` items. `skip_validation`: the caller knows that these are without
 * fault, and that those before keep what they have. False if memory is exhausted; then it need not
 * be discarded. */
bool table_diff_prepare(struct table_diff *diff, struct entry_table *table, size_t first,
                        const struct catalog_item *items, size_t count, bool skip_validation);

void table_diff_apply(struct table_diff *diff, struct entry_table *table);

/* After an apply too: releases what was taken out, or what was not put in. */
void table_diff_discard(struct table_diff *diff);

#endif
