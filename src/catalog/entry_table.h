/* The catalog's data: entries in catalog order, found by id and by ProviderId in
 * constant time, so that ten thousand of them cost no more than six.
 *
 * It takes no lock: its owner, catalog.c, holds one around everything, exclusively for append,
 * detach and clear. */
#ifndef WS2SPI_CATALOG_ENTRY_TABLE_H
#define WS2SPI_CATALOG_ENTRY_TABLE_H

#include "catalog/catalog.h"
#include "platform/index_table.h"

#include <stdatomic.h>

struct stored_entry {
  struct catalog_entry entry; /* first: catalog_release gets its address */
  atomic_uint references;     /* the table's own is one of them */
  struct stored_entry *next;  /* in catalog order; or within a batch not yet appended */
  struct stored_entry *previous;
  struct stored_entry *same_hash; /* of ProviderId; in catalog order within one ProviderId */
};

struct entry_batch {
  struct stored_entry *first;
  struct stored_entry *last;
  DWORD count;
};

struct entry_table {
  struct index_table *by_id; /* apart, because it is read without the lock */
  struct index_table by_provider;
  struct entry_batch order;
  DWORD ids_given;
};

/* An unreferenced copy at the end of a batch. False if memory is exhausted. */
bool entry_batch_push(struct entry_batch *batch, const WSAPROTOCOL_INFOW *info,
                      enum catalog_kind kind, const WCHAR *path, LPWSPSTARTUP startup);
void entry_batch_free(struct entry_batch *batch);

struct stored_entry *entry_table_find(const struct entry_table *table, DWORD id);

/* The first in catalog order. */
struct stored_entry *entry_table_find_provider(const struct entry_table *table,
                                               const GUID *provider_id);

/* Takes the whole batch over and gives its entries ids, or changes nothing: false
 * if memory or ids are exhausted. */
bool entry_table_append(struct entry_table *table, const struct entry_batch *batch);

/* Takes the entry out; the table's reference is the caller's now. */
void entry_table_detach(struct entry_table *table, struct stored_entry *entry);

/* Frees the indexes, whose entries must have been detached. */
void entry_table_clear(struct entry_table *table);

#endif
