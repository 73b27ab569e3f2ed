/* The journal: one change of the catalog, whole, in one registry value.
 *
 * A change is made in this order: the journal is written, which is one write and makes the
 * change hold; keys and values are brought up to it; the journal is deleted. Whoever ends
 * in between leaves a journal, and everything it says can be done again. It names positions
 * and what is there afterwards, so a reader can lay it over keys that are half changed.
 *
 * Bytes that are not a whole journal of this form are none: journal_read is a pure
 * function and reads only what it is given. */
#ifndef WS2SPI_REGISTRY_JOURNAL_H
#define WS2SPI_REGISTRY_JOURNAL_H

#include "catalog/store.h"

enum { MOST_TAILS = 2 };

/* What one numbered key holds. Sizes are in bytes; a string of no bytes is not there. */
struct journal_item {
  DWORD type; /* of PackedCatalogItem */
  DWORD size;
  DWORD name_size;
  DWORD path_size;
  const void *bytes;
  const WCHAR *name; /* ProtocolName */
  const WCHAR *path; /* the path in Unicode, where 8 bits are not enough */
};

/* "From position `first` (from 1) on there are `count` items, and none behind them." Anew: and
 * nothing else either, whatever its name; then first is 1. */
struct journal_tail {
  enum catalog_width width;
  bool is_anew;
  DWORD first;
  DWORD count;
  const unsigned char *items; /* for journal_next_item */
};

/* Points into the bytes it was read from. */
struct journal {
  DWORD serial; /* after the change */
  DWORD next_id;
  DWORD tail_count;
  struct journal_tail tails[MOST_TAILS];
};

bool journal_read(const void *bytes, size_t size, struct journal *journal);

/* The item at the cursor, which goes on to the next; to be called tail->count times. */
void journal_next_item(const unsigned char **cursor, struct journal_item *item);

/* NULL: the journal does not touch that width. */
const struct journal_tail *journal_tail_of(const struct journal *journal, enum catalog_width width);

/* --- making one ------------------------------------------------------------------------- */

struct journal_draft {
  unsigned char *bytes; /* for heap_free */
  size_t size;
  size_t room;
  size_t tail; /* where the last begins */
  bool is_short_of_memory;
};

void journal_begin(struct journal_draft *draft, DWORD serial, DWORD next_id);
void journal_begin_tail(struct journal_draft *draft, enum catalog_width width, bool is_anew,
                        DWORD first);
void journal_add_item(struct journal_draft *draft, const struct journal_item *item);

/* Now the draft's bytes are a journal. False if memory was exhausted on the way. */
bool journal_finish(struct journal_draft *draft);

#endif
