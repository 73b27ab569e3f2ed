/* The entries of a catalog in catalog order. Look-ups by id and by ProviderId take constant time.
 *
 * Lock: none of its own. The owner (catalog_internal.h) holds a lock around every call, exclusively
 * for a change. */
#ifndef WS2SPI_CATALOG_ENTRY_TABLE_H
#define WS2SPI_CATALOG_ENTRY_TABLE_H

#include "catalog/catalog.h"

#include <stdatomic.h>

struct stored_entry {
  struct catalog_entry entry; /* first: catalog_release gets its address */
  atomic_uint references;     /* the table's own is one of them */
  const char *problem;       /* why the entry is invalid; then no look-up by id finds it. Or NULL */
  bool is_leaving;           /* used while a table_diff is prepared */
  struct stored_entry *next; /* in catalog order */
  struct stored_entry *previous;
  struct stored_entry *next_of_hash; /* of ProviderId; in catalog order within one ProviderId */
  struct stored_entry *previous_of_hash;
  struct stored_entry *last_of_hash; /* of the first of them only */
};

struct entry_table {
  struct hash_table *by_id; /* separate, because it is read without the lock */
  struct hash_table by_provider;
  struct stored_entry *first; /* in catalog order, with the invalid ones */
  struct stored_entry *last;
  size_t count;
  size_t valid_count;
  size_t chain_count; /* entries with ChainLen above 1 */
  /* Over all entries since the store was opened whose ids are plausible (id_is_plausible). */
  DWORD highest_id;
  DWORD highest_chain_element;
};

/* Returns a copy of the item with one reference, in no table yet. NULL: out of memory. */
struct stored_entry *entry_make(const struct catalog_item *item, enum catalog_kind kind,
                                LPWSPSTARTUP startup, const WCHAR *own_path);
void entry_acquire(struct stored_entry *entry);
void entry_release(struct stored_entry *entry);

struct stored_entry *entry_table_find(const struct entry_table *table, DWORD id);

/* The entry at a position from 0, or NULL. It counts from the end, where most changes are. */
struct stored_entry *entry_table_at(const struct entry_table *table, size_t position);

/* The first entry of the provider in catalog order, and the next one of the same provider. Invalid
 * entries are found too. */
struct stored_entry *entry_table_find_provider(const struct entry_table *table,
                                               const GUID *provider_id);
struct stored_entry *entry_next_of_provider(const struct stored_entry *entry);

/* Reserves memory, so that so many more appends cannot fail. */
bool entry_table_reserve(struct entry_table *table, size_t more);

/* Takes over the caller's reference. Needs reserved memory. */
void entry_table_append(struct entry_table *table, struct stored_entry *entry);

/* Removes the entry and gives the table's reference to the caller. */
void entry_table_detach(struct entry_table *table, struct stored_entry *entry);

/* NULL: the entry is valid. Needs reserved memory for one entry. */
void entry_table_set_problem(struct entry_table *table, struct stored_entry *entry,
                             const char *problem);

/* The table belongs to another store now: computes the highest ids again from the present
 * entries. */
void entry_table_reset_highest_ids(struct entry_table *table);

/* Releases all entries and frees the provider index. The index by id keeps its memory for the
 * readers without a lock. */
void entry_table_clear(struct entry_table *table);

#endif
