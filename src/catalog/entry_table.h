/* A catalog's data: entries in catalog order, found by id and by ProviderId in
 * constant time, so that ten thousand of them cost no more than six.
 *
 * It takes no lock: its owner (catalog_internal.h) holds one around everything, exclusively for what
 * changes it. */
#ifndef WS2SPI_CATALOG_ENTRY_TABLE_H
#define WS2SPI_CATALOG_ENTRY_TABLE_H

#include "catalog/catalog.h"

#include <stdatomic.h>

struct stored_entry {
  struct catalog_entry entry; /* first: catalog_release gets its address */
  atomic_uint references;     /* the table's own is one of them */
  const char *problem;        /* why nobody can use it: then no id leads to it. Or NULL */
  bool is_leaving;            /* used while a table_diff is prepared */
  struct stored_entry *next;  /* in catalog order */
  struct stored_entry *previous;
  struct stored_entry *next_of_hash; /* of ProviderId; in catalog order within one ProviderId */
  struct stored_entry *previous_of_hash;
  struct stored_entry *last_of_hash; /* of the first of them only */
};

struct entry_table {
  struct hash_table *by_id; /* apart, because it is read without the lock */
  struct hash_table by_provider;
  struct stored_entry *first; /* in catalog order, faulty ones included */
  struct stored_entry *last;
  size_t count;
  size_t usable; /* those without a fault */
  size_t chains; /* those with a ProtocolChain of more than one */
  /* Since it is this store's, of the ids that a store can have: */
  DWORD highest_id;
  DWORD highest_part; /* that a chain names */
};

/* A copy with one reference, in no table. NULL if memory is exhausted. */
struct stored_entry *entry_make(const struct catalog_item *item, enum catalog_kind kind,
                                LPWSPSTARTUP startup, const WCHAR *own_path);
void entry_acquire(struct stored_entry *entry);
void entry_release(struct stored_entry *entry);

struct stored_entry *entry_table_find(const struct entry_table *table, DWORD id);

/* NULL behind the last. Quick near the end. */
struct stored_entry *entry_table_at(const struct entry_table *table, size_t position);

/* The first in catalog order, and the one after an entry; with or without a fault. */
struct stored_entry *entry_table_find_provider(const struct entry_table *table,
                                               const GUID *provider_id);
struct stored_entry *entry_next_of_provider(const struct stored_entry *entry);

/* Room for so many more entries: appending them cannot fail then. */
bool entry_table_reserve(struct entry_table *table, size_t more);

/* Takes the caller's reference over. Needs room. */
void entry_table_append(struct entry_table *table, struct stored_entry *entry);

/* Takes the entry out; the table's reference is the caller's now. */
void entry_table_detach(struct entry_table *table, struct stored_entry *entry);

/* NULL: it is usable again. Needs room for one. */
void entry_table_set_problem(struct entry_table *table, struct stored_entry *entry,
                             const char *problem);

/* The table is another store's: of the ids that it has had, those count that it has now. */
void entry_table_forget_ids(struct entry_table *table);

/* Releases all entries and frees the provider index; their ids are another store's then. */
void entry_table_clear(struct entry_table *table);

#endif
