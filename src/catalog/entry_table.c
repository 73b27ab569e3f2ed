#include "catalog/entry_table.h"

#include "catalog/image_validate.h"
#include "platform/heap.h"

#include <string.h>

static uintptr_t provider_key(const GUID *provider_id)
{
  uint32_t words[4];
  uint32_t key;

  memcpy(words, provider_id, sizeof words);
  key = words[0] ^ words[1] ^ words[2] ^ words[3];
  return key != 0 ? key : 1;
}

/* --- entries --------------------------------------------------------------------- */

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

/* --- finding --------------------------------------------------------------------- */

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

static struct stored_entry *first_with(struct stored_entry *entry, const GUID *provider_id)
{
  while (entry != NULL && !IsEqualGUID(&entry->entry.info.ProviderId, provider_id))
    entry = entry->next_of_hash;
  return entry;
}

struct stored_entry *entry_table_find_provider(const struct entry_table *table,
                                               const GUID *provider_id)
{
  return first_with(hash_table_find(&table->by_provider, provider_key(provider_id)), provider_id);
}

struct stored_entry *entry_next_of_provider(const struct stored_entry *entry)
{
  return first_with(entry->next_of_hash, &entry->entry.info.ProviderId);
}

/* --- the provider index: a hash leads to a doubly linked list ----------------------- */

static void index_provider(struct entry_table *table, struct stored_entry *entry)
{
  const uintptr_t key = provider_key(&entry->entry.info.ProviderId);
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

static void unindex_provider(struct entry_table *table, struct stored_entry *entry)
{
  const uintptr_t key = provider_key(&entry->entry.info.ProviderId);
  struct stored_entry *head = hash_table_find(&table->by_provider, key);

  if (entry->next_of_hash != NULL)
    entry->next_of_hash->previous_of_hash = entry->previous_of_hash;
  else
    head->last_of_hash = entry->previous_of_hash;
  if (entry->previous_of_hash != NULL) {
    entry->previous_of_hash->next_of_hash = entry->next_of_hash;
  } else if (entry->next_of_hash != NULL) {
    entry->next_of_hash->last_of_hash = entry->last_of_hash;
    hash_table_insert(&table->by_provider, key, entry->next_of_hash); /* replaces: cannot fail */
  } else {
    hash_table_remove(&table->by_provider, key);
  }
}

/* --- the id index: usable entries only -------------------------------------------- */

static void index_id(struct entry_table *table, struct stored_entry *entry)
{
  if (entry->problem != NULL)
    return;
  hash_table_insert(table->by_id, entry->entry.info.dwCatalogEntryId, entry);
  table->usable++;
}

static void unindex_id(struct entry_table *table, struct stored_entry *entry)
{
  if (entry->problem != NULL)
    return;
  hash_table_remove(table->by_id, entry->entry.info.dwCatalogEntryId);
  table->usable--;
}

/* --- changing ---------------------------------------------------------------------- */

static bool is_chain(const struct stored_entry *entry)
{
  return entry->entry.info.ProtocolChain.ChainLen > BASE_PROTOCOL;
}

static void raise(DWORD *highest, DWORD id)
{
  if (id_is_plausible(id) && id > *highest)
    *highest = id;
}

static void note_ids(struct entry_table *table, const WSAPROTOCOL_INFOW *info)
{
  const WSAPROTOCOLCHAIN *chain = &info->ProtocolChain;

  raise(&table->highest_id, info->dwCatalogEntryId);
  for (int place = 0; place < chain->ChainLen && place < MAX_PROTOCOL_CHAIN; place++)
    raise(&table->highest_part, chain->ChainEntries[place]);
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
  table->chains += is_chain(entry);
  index_provider(table, entry);
  index_id(table, entry);
  note_ids(table, &entry->entry.info);
}

void entry_table_detach(struct entry_table *table, struct stored_entry *entry)
{
  unindex_id(table, entry);
  unindex_provider(table, entry);
  if (entry->previous != NULL)
    entry->previous->next = entry->next;
  else
    table->first = entry->next;
  if (entry->next != NULL)
    entry->next->previous = entry->previous;
  else
    table->last = entry->previous;
  table->count--;
  table->chains -= is_chain(entry);
}

void entry_table_set_problem(struct entry_table *table, struct stored_entry *entry,
                             const char *problem)
{
  if ((entry->problem == NULL) != (problem == NULL)) {
    unindex_id(table, entry);
    entry->problem = problem;
    index_id(table, entry);
  }
  entry->problem = problem;
}

void entry_table_forget_ids(struct entry_table *table)
{
  table->highest_id = 0;
  table->highest_part = 0;
  for (const struct stored_entry *entry = table->first; entry != NULL; entry = entry->next)
    note_ids(table, &entry->entry.info);
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
  table->highest_part = 0;
}
