#include "catalog/catalog_edit.h"

#include "catalog/base_entries.h"
#include "catalog/entry_validate.h"
#include "platform/heap.h"

#include <string.h>

void change_free(struct catalog_change *change)
{
  heap_free(change->items);
  heap_free(change->must_be_good);
  *change = (struct catalog_change){0};
}

bool change_make(struct catalog_change *change, size_t first, size_t count)
{
  const size_t size = count * sizeof *change->items;

  *change = (struct catalog_change){.first = first, .count = count};
  change->items = size / sizeof *change->items == count ? heap_allocate(size + 1) : NULL;
  return change->items != NULL;
}

bool change_guard(struct catalog_change *change, int if_not)
{
  change->must_be_good = heap_allocate(change->count + 1);
  change->if_not = if_not;
  return change->must_be_good != NULL;
}

static bool is_without_fault(const struct entry_table *table)
{
  return table->usable == table->count;
}

/* --- install --------------------------------------------------------------------------- */

/* Of chains on chains the depth counts, which takes a look at the whole. */
static bool stands_on_chains(const struct entry_table *table, const WSAPROTOCOLCHAIN *chain)
{
  for (int place = 0; place < chain->ChainLen && chain->ChainLen > BASE_PROTOCOL; place++) {
    const struct stored_entry *part = entry_table_find(table, chain->ChainEntries[place]);

    if (part->entry.info.ProtocolChain.ChainLen > BASE_PROTOCOL)
      return true;
  }
  return false;
}

/* Whether what nobody can use stays so, whatever comes: it does unless it waits for an id. */
static bool keeps_faults(const struct entry_table *table, DWORD first_id)
{
  return is_without_fault(table) || first_id > table->highest_part;
}

int change_install(struct catalog_change *change, const struct entry_table *table,
                   const struct catalog_item *items, size_t count, DWORD first_id)
{
  bool is_checked = keeps_faults(table, first_id);

  if (entry_table_find_provider(table, &items[0].info.ProviderId) != NULL)
    return refuse(&change->refusal, WSANO_RECOVERY, PROVIDER_IS_INSTALLED);
  for (size_t i = 0; i < count; i++) {
    const char *fault = entry_fault(table, &items[i]);

    if (fault != NULL)
      return refuse_place(&change->refusal, WSAEINVAL, i, fault);
    is_checked = is_checked && !stands_on_chains(table, &items[i].info.ProtocolChain);
  }
  if (!change_make(change, table->count, count) || !change_guard(change, WSAEINVAL))
    return WSA_NOT_ENOUGH_MEMORY;
  for (size_t i = 0; i < count; i++) {
    change->items[i] = items[i];
    change->items[i].info.dwCatalogEntryId = first_id + (DWORD)i;
    change->must_be_good[i] = true;
  }
  change->is_checked = is_checked;
  return 0;
}

/* --- deinstall -------------------------------------------------------------------------- */

static bool is_of(const struct stored_entry *entry, const GUID *provider_id)
{
  return IsEqualGUID(&entry->entry.info.ProviderId, provider_id) != 0;
}

int change_deinstall(struct catalog_change *change, const struct entry_table *table,
                     const GUID *provider_id)
{
  const struct stored_entry *const from = entry_table_find_provider(table, provider_id);
  size_t behind = 0, kept = 0;

  if (from == NULL)
    return refuse(&change->refusal, WSAEINVAL, PROVIDER_IS_NOT_INSTALLED);
  for (const struct stored_entry *entry = from; entry != NULL; entry = entry->next) {
    behind++;
    kept += !is_of(entry, provider_id);
  }
  if (!change_make(change, table->count - behind, kept))
    return WSA_NOT_ENOUGH_MEMORY;
  kept = 0;
  for (const struct stored_entry *entry = from; entry != NULL; entry = entry->next) {
    if (!is_of(entry, provider_id))
      change->items[kept++] = entry->entry.item;
  }
  /* A chain may have lost a part. */
  change->is_checked = is_without_fault(table) && table->chains == 0;
  return 0;
}

/* --- update -------------------------------------------------------------------------------- */

/* What is usable is to stay so. */
static bool copy_all(struct catalog_change *change, const struct entry_table *table)
{
  size_t position = 0;

  if (!change_make(change, 0, table->count) || !change_guard(change, WSAEINVAL))
    return false;
  for (const struct stored_entry *entry = table->first; entry != NULL; entry = entry->next) {
    change->must_be_good[position] = entry->fault == NULL;
    change->items[position++] = entry->entry.item;
  }
  return true;
}

/* The provider's own, by id, each to be updated once. */
static bool index_items(struct index_table *by_id, struct catalog_change *change,
                        const struct catalog_item *update)
{
  for (size_t i = 0; i < change->count; i++) {
    struct catalog_item *item = &change->items[i];
    const DWORD id = item->info.dwCatalogEntryId;

    if (!IsEqualGUID(&item->info.ProviderId, &update->info.ProviderId))
      continue;
    memcpy(item->path, update->path, sizeof item->path);
    if (index_table_find(by_id, id) == NULL && !index_table_insert(by_id, id, item))
      return false;
  }
  return true;
}

int change_update(struct catalog_change *change, const struct entry_table *table,
                  const struct catalog_item *items, size_t count)
{
  struct index_table by_id = {0};
  int error = 0;

  if (entry_table_find_provider(table, &items[0].info.ProviderId) == NULL)
    return refuse(&change->refusal, WSAEINVAL, PROVIDER_IS_NOT_INSTALLED);
  if (!copy_all(change, table) || !index_items(&by_id, change, items))
    error = WSA_NOT_ENOUGH_MEMORY;
  for (size_t i = 0; error == 0 && i < count; i++) {
    struct catalog_item *item = index_table_remove(&by_id, items[i].info.dwCatalogEntryId);

    if (item == NULL) {
      error = refuse_place(&change->refusal, WSAEINVAL, i,
                           "its id is none of the provider's, or was given before");
    } else {
      *item = items[i];
      change->must_be_good[item - change->items] = true;
    }
  }
  index_table_clear(&by_id);
  return error;
}

/* --- order ------------------------------------------------------------------------------------ */

/* A copy of the entry's item, once per entry. */
static bool take_in_turn(struct catalog_change *change, struct index_table *taken, DWORD id,
                         const struct entry_table *table)
{
  struct stored_entry *entry = entry_table_find(table, id);

  if (entry == NULL || index_table_find(taken, id) != NULL)
    return false;
  index_table_insert(taken, id, entry); /* there is room */
  change->items[change->count++] = entry->entry.item;
  return true;
}

int change_order(struct catalog_change *change, const struct entry_table *table, const DWORD *ids,
                 size_t count)
{
  struct index_table taken = {0};
  int error = 0;

  if (count != table->usable)
    return refuse(&change->refusal, WSAEINVAL, "the list does not have each entry exactly once");
  if (!change_make(change, 0, table->count) || !index_table_reserve(&taken, count))
    error = WSA_NOT_ENOUGH_MEMORY;
  change->count = 0;
  for (size_t i = 0; error == 0 && i < count; i++) {
    if (!take_in_turn(change, &taken, ids[i], table))
      error = refuse_entry(&change->refusal, WSAEINVAL, ids[i],
                           "it is not in the catalog, or was in the list before");
  }
  for (const struct stored_entry *entry = table->first; error == 0 && entry != NULL;
       entry = entry->next) {
    if (entry->fault != NULL)
      change->items[change->count++] = entry->entry.item;
  }
  index_table_clear(&taken);
  change->is_checked = is_without_fault(table);
  return error;
}

/* --- repair ------------------------------------------------------------------------------------------ */

int change_repair(struct catalog_change *change, const struct entry_table *table)
{
  if (!change_make(change, 0, table->usable))
    return WSA_NOT_ENOUGH_MEMORY;
  change->count = 0;
  for (const struct stored_entry *entry = table->first; entry != NULL; entry = entry->next) {
    if (entry->fault == NULL)
      change->items[change->count++] = entry->entry.item;
  }
  change->drops_faults = true;
  return 0;
}

/* --- reset ---------------------------------------------------------------------------------------- */

int change_reset(struct catalog_change *change)
{
  if (!change_make(change, 0, BASE_ENTRIES_COUNT))
    return WSA_NOT_ENOUGH_MEMORY;
  base_entries_fill(change->items);
  change->drops_faults = true;
  change->is_checked = true;
  return 0;
}
