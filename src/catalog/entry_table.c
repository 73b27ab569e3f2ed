#include "catalog/entry_table.h"

#include "platform/heap.h"

#include <string.h>

enum { FIRST_ID = 1001 }; /* as on Windows */

static uintptr_t provider_key(const GUID *provider_id)
{
  uint32_t words[4];
  uint32_t key;

  memcpy(words, provider_id, sizeof words);
  key = words[0] ^ words[1] ^ words[2] ^ words[3];
  return key != 0 ? key : 1;
}

static uintptr_t key_of(const struct stored_entry *entry)
{
  return provider_key(&entry->entry.info.ProviderId);
}

static void link_last(struct entry_batch *list, struct stored_entry *entry)
{
  entry->next = NULL;
  entry->previous = list->last;
  if (list->last != NULL)
    list->last->next = entry;
  else
    list->first = entry;
  list->last = entry;
  list->count++;
}

static void unlink_entry(struct entry_batch *list, struct stored_entry *entry)
{
  if (entry->previous != NULL)
    entry->previous->next = entry->next;
  else
    list->first = entry->next;
  if (entry->next != NULL)
    entry->next->previous = entry->previous;
  else
    list->last = entry->previous;
  list->count--;
}

bool entry_batch_push(struct entry_batch *batch, const WSAPROTOCOL_INFOW *info,
                      enum catalog_kind kind, const WCHAR *path, LPWSPSTARTUP startup)
{
  struct stored_entry *entry = heap_allocate(sizeof *entry);

  if (entry == NULL)
    return false;
  entry->entry.info = *info;
  entry->entry.kind = kind;
  entry->entry.startup = startup;
  lstrcpynW(entry->entry.path, path, MAX_PATH);
  atomic_init(&entry->references, 1);
  link_last(batch, entry);
  return true;
}

void entry_batch_free(struct entry_batch *batch)
{
  while (batch->first != NULL) {
    struct stored_entry *entry = batch->first;

    unlink_entry(batch, entry);
    heap_free(entry);
  }
}

struct stored_entry *entry_table_find(const struct entry_table *table, DWORD id)
{
  return index_table_find(table->by_id, id);
}

struct stored_entry *entry_table_find_provider(const struct entry_table *table,
                                               const GUID *provider_id)
{
  struct stored_entry *entry = index_table_find(&table->by_provider, provider_key(provider_id));

  while (entry != NULL && !IsEqualGUID(&entry->entry.info.ProviderId, provider_id))
    entry = entry->same_hash;
  return entry;
}

static bool index_entry(struct entry_table *table, struct stored_entry *entry)
{
  const uintptr_t key = key_of(entry);

  if (!index_table_insert(table->by_id, entry->entry.info.dwCatalogEntryId, entry))
    return false;
  entry->same_hash = index_table_find(&table->by_provider, key);
  if (index_table_insert(&table->by_provider, key, entry))
    return true;
  index_table_remove(table->by_id, entry->entry.info.dwCatalogEntryId);
  return false;
}

static void unindex_entry(struct entry_table *table, struct stored_entry *entry)
{
  const uintptr_t key = key_of(entry);
  struct stored_entry *before = index_table_find(&table->by_provider, key);

  index_table_remove(table->by_id, entry->entry.info.dwCatalogEntryId);
  if (before != entry) {
    while (before->same_hash != entry)
      before = before->same_hash;
    before->same_hash = entry->same_hash;
  } else if (entry->same_hash != NULL) {
    index_table_insert(&table->by_provider, key, entry->same_hash); /* replaces: cannot fail */
  } else {
    index_table_remove(&table->by_provider, key);
  }
}

static void give_ids(const struct entry_table *table, const struct entry_batch *batch)
{
  DWORD id = FIRST_ID + table->ids_given;

  for (struct stored_entry *entry = batch->first; entry != NULL; entry = entry->next)
    entry->entry.info.dwCatalogEntryId = id++;
}

/* From the last to the first, since each goes before the others of its hash. */
static bool index_batch(struct entry_table *table, const struct entry_batch *batch)
{
  for (struct stored_entry *entry = batch->last; entry != NULL; entry = entry->previous) {
    if (index_entry(table, entry))
      continue;
    for (entry = entry->next; entry != NULL; entry = entry->next)
      unindex_entry(table, entry);
    return false;
  }
  return true;
}

bool entry_table_append(struct entry_table *table, const struct entry_batch *batch)
{
  if (batch->count > MAXDWORD - FIRST_ID - table->ids_given)
    return false;
  give_ids(table, batch);
  if (!index_batch(table, batch))
    return false;
  table->ids_given += batch->count;
  for (struct stored_entry *entry = batch->first, *next; entry != NULL; entry = next) {
    next = entry->next;
    link_last(&table->order, entry);
  }
  return true;
}

void entry_table_detach(struct entry_table *table, struct stored_entry *entry)
{
  unindex_entry(table, entry);
  unlink_entry(&table->order, entry);
}

void entry_table_clear(struct entry_table *table)
{
  index_table_clear(table->by_id);
  index_table_clear(&table->by_provider);
}
