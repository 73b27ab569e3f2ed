/* The journal: one change of the catalog, completely, in one registry value.
 *
 * A change is made in this order: the journal is written, which is one write and makes the change
 * take effect; the keys and values are brought up to date; the journal is deleted. A writer that
 * ends in between leaves a journal, and all that it says can be done again. It states positions
 * and their new content, so a reader can apply it to keys that are half changed.
 *
 * Bytes that are not a complete journal of this version are ignored. journal_read is a pure
 * function and reads only the bytes that it is given. */
#ifndef WS2SPI_REGISTRY_JOURNAL_H
#define WS2SPI_REGISTRY_JOURNAL_H

#include "catalog/store.h"

enum { MOST_SPLICES = 2 };

/* The values of one numbered key. Sizes are in bytes; size 0: there is no such string. */
struct journal_item {
  DWORD type; /* of PackedCatalogItem */
  DWORD size;
  DWORD name_size;
  DWORD path_size;
  const void *bytes;
  const WCHAR *name; /* ProtocolName */
  const WCHAR *path; /* the path in Unicode, if 8-bit characters are not enough */
};

/* "From position `first` (from 1) on there are these `count` items, and nothing after them." With
 * rewrites_all, all other keys are deleted too, whatever their names; then `first` is 1. */
struct journal_splice {
  enum catalog_width width;
  bool rewrites_all;
  DWORD first;
  DWORD count;
  const unsigned char *items; /* for journal_next_item */
};

/* Points into the bytes from which it was read. */
struct journal {
  DWORD serial; /* after the change */
  DWORD next_id;
  DWORD splice_count;
  struct journal_splice splices[MOST_SPLICES];
};

bool journal_read(const void *bytes, size_t size, struct journal *journal);

/* Reads the item at the cursor and advances it. May be called splice->count times. */
void journal_next_item(const unsigned char **cursor, struct journal_item *item);

/* NULL: the journal does not change that width. */
const struct journal_splice *journal_splice_of(const struct journal *journal,
                                               enum catalog_width width);

/* --- writing ------------------------------------------------------------------------------ */

struct journal_draft {
  unsigned char *bytes; /* for heap_free */
  size_t size;
  size_t room;
  size_t splice; /* the offset of the last one */
  bool is_short_of_memory;
};

void journal_begin(struct journal_draft *draft, DWORD serial, DWORD next_id);
void journal_begin_splice(struct journal_draft *draft, enum catalog_width width, bool rewrites_all,
                          DWORD first);
void journal_add_item(struct journal_draft *draft, const struct journal_item *item);

/* Completes the draft's bytes to a journal. False: out of memory, now or before. */
bool journal_finish(struct journal_draft *draft);

#endif
