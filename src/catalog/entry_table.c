#include "catalog/entry_table.h"

#include "catalog/image_validate.h"
#include "platform/heap.h"

#include <string.h>

static uintptr_t entry_table_provider_key(const GUID *provider_id)
{
  uint32_t words[4];
  uint32_t key;

  memcpy(words, provider_id, sizeof words);
  key = words[0] ^ words[1] ^ words[2] ^ words[3];
  return key != 0 ? key : 1;
}

/* --- entries -------------------------------------------------------------------------- */

struct stored_entry *entry_make(const struct catalog_item *item, enum catalog_kind kind,
                                LPWSPSTARTUP startup, const WCHAR *own_path)
{
  struct stored_entry *entry = heap_allocate(sizeof *entry);

  if (entry == NULL)
    return NULL;
  entry->entry.item = *item;
  entry->entry.kind = kind;
  entry->entry.startup = startup;
  entry->entry.path = kind == CATALOG_INSTALLED ? entry->entry.stored_path : own_path;
  atomic_init(&entry->references, 1);
  return entry;
}

void entry_acquire(struct stored_entry *entry)
{
  atomic_fetch_add_explicit(&entry->references, 1, memory_order_relaxed);
}

void entry_release(struct stored_entry *entry)
{
  if (atomic_fetch_sub_explicit(&entry->references, 1, memory_order_acq_rel) == 1)
    heap_free(entry);
}

/* --- finding -------------------------------------------------------------------------- */

struct stored_entry *entry_table_find(const struct entry_table *table, DWORD id)
{
  return hash_table_find(table->by_id, id);
}

struct stored_entry *entry_table_at(const struct entry_table *table, size_t position)
{
  struct stored_entry *entry = table->last;

  if (position >= table->count)
    return NULL;
  for (size_t i = table->count - 1; i > position; i--)
    entry = entry->previous;
  return entry;
}

static struct stored_entry *entry_table_first_of(struct stored_entry *entry,
                                                 const GUID *provider_id)
{
  while (entry != NULL && !IsEqualGUID(&entry->entry.info.ProviderId, provider_id))
    entry = entry->next_of_hash;
  return entry;
}

struct stored_entry *entry_table_find_provider(const struct entry_table *table,
                                               const GUID *provider_id)
{
  return entry_table_first_of(
      hash_table_find(&table->by_provider, entry_table_provider_key(provider_id)), provider_id);
}

struct stored_entry *entry_next_of_provider(const struct stored_entry *entry)
{
  return entry_table_first_of(entry->next_of_hash, &entry->entry.info.ProviderId);
}

/* --- the provider index: from a hash to a doubly linked list -------------------------- */

static void entry_table_index_provider(struct entry_table *table, struct stored_entry *entry)
{
  const uintptr_t key = entry_table_provider_key(&entry->entry.info.ProviderId);
  struct stored_entry *head = hash_table_find(&table->by_provider, key);

  entry->next_of_hash = NULL;
  entry->previous_of_hash = head != NULL ? head->last_of_hash : NULL;
  if (head == NULL) {
    head = entry;
    hash_table_insert(&table->by_provider, key, entry);
  } else {
    head->last_of_hash->next_of_hash = entry;
  }
  head->last_of_hash = entry;
}

static void entry_table_unindex_provider(struct entry_table *table, struct stored_entry *entry)
{
  const uintptr_t key = entry_table_provider_key(&entry->entry.info.ProviderId);
  struct stored_entry *head = hash_table_find(&table->by_provider, key);

  if (entry->next_of_hash != NULL)
    entry->next_of_hash->previous_of_hash = entry->previous_of_hash;
  else
    head->last_of_hash = entry->previous_of_hash;
  if (entry->previous_of_hash != NULL) {
    entry->previous_of_hash->next_of_hash = entry->next_of_hash;
  } else if (entry->next_of_hash != NULL) {
    entry->next_of_hash->last_of_hash = entry->last_of_hash;
    hash_table_insert(&table->by_provider, key, entry->next_of_hash); /* cannot fail: it replaces */
  } else {
    hash_table_remove(&table->by_provider, key);
  }
}

/* --- the id index: valid entries only ------------------------------------------------- */

static void entry_table_index_id(struct entry_table *table, struct stored_entry *entry)
{
  if (entry->problem != NULL)
    return;
  hash_table_insert(table->by_id, entry->entry.info.dwCatalogEntryId, entry);
  table->valid_count++;
}

static void entry_table_unindex_id(struct entry_table *table, struct stored_entry *entry)
{
  if (entry->problem != NULL)
    return;
  hash_table_remove(table->by_id, entry->entry.info.dwCatalogEntryId);
  table->valid_count--;
}

/* --- changing ------------------------------------------------------------------------- */

static bool entry_table_is_chain(const struct stored_entry *entry)
{
  return entry->entry.info.ProtocolChain.ChainLen > BASE_PROTOCOL;
}

static void entry_table_raise(DWORD *highest, DWORD id)
{
  if (id_is_plausible(id) && id > *highest)
    *highest = id;
}

static void entry_table_note_ids(struct entry_table *table, const WSAPROTOCOL_INFOW *info)
{
  const WSAPROTOCOLCHAIN *chain = &info->ProtocolChain;

  entry_table_raise(&table->highest_id, info->dwCatalogEntryId);
  for (int place = 0; place < chain->ChainLen && place < MAX_PROTOCOL_CHAIN; place++)
    entry_table_raise(&table->highest_chain_element, chain->ChainEntries[place]);
}

bool entry_table_reserve(struct entry_table *table, size_t more)
{
  return hash_table_reserve(table->by_id, more) && hash_table_reserve(&table->by_provider, more);
}

void entry_table_append(struct entry_table *table, struct stored_entry *entry)
{
  entry->next = NULL;
  entry->previous = table->last;
  if (table->last != NULL)
    table->last->next = entry;
  else
    table->first = entry;
  table->last = entry;
  table->count++;
  table->chain_count += entry_table_is_chain(entry);
  entry_table_index_provider(table, entry);
  entry_table_index_id(table, entry);
  entry_table_note_ids(table, &entry->entry.info);
}

void entry_table_detach(struct entry_table *table, struct stored_entry *entry)
{
  entry_table_unindex_id(table, entry);
  entry_table_unindex_provider(table, entry);
  if (entry->previous != NULL)
    entry->previous->next = entry->next;
  else
    table->first = entry->next;
  if (entry->next != NULL)
    entry->next->previous = entry->previous;
  else
    table->last = entry->previous;
  table->count--;
  table->chain_count -= entry_table_is_chain(entry);
}

void entry_table_set_problem(struct entry_table *table, struct stored_entry *entry,
                             const char *problem)
{
  if ((entry->problem == NULL) != (problem == NULL)) {
    entry_table_unindex_id(table, entry);
    entry->problem = problem;
    entry_table_index_id(table, entry);
  }
  entry->problem = problem;
}

void entry_table_reset_highest_ids(struct entry_table *table)
{
  table->highest_id = 0;
  table->highest_chain_element = 0;
  for (const struct stored_entry *entry = table->first; entry != NULL; entry = entry->next)
    entry_table_note_ids(table, &entry->entry.info);
}

void entry_table_clear(struct entry_table *table)
{
  while (table->first != NULL) {
    struct stored_entry *entry = table->first;

    entry_table_detach(table, entry);
    entry_release(entry);
  }
  hash_table_clear(&table->by_provider);
  table->highest_id = 0;
  table->highest_chain_element = 0;
}
