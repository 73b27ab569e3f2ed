#include "catalog/catalog_edit.h"

#include "catalog/base_entries.h"
#include "catalog/entry_validate.h"
#include "platform/heap.h"

#include <string.h>

void catalog_edit_free(struct catalog_edit *edit)
{
  heap_free(edit->items);
  heap_free(edit->must_be_valid);
  *edit = (struct catalog_edit){0};
}

bool catalog_edit_allocate(struct catalog_edit *edit, size_t first, size_t count)
{
  const size_t size = count * sizeof *edit->items;

  *edit = (struct catalog_edit){.first = first, .count = count};
  edit->items = size / sizeof *edit->items == count ? heap_allocate(size + 1) : NULL;
  return edit->items != NULL;
}

bool catalog_edit_require_valid(struct catalog_edit *edit, int invalid_error)
{
  edit->must_be_valid = heap_allocate(edit->count + 1);
  edit->invalid_error = invalid_error;
  return edit->must_be_valid != NULL;
}

static bool edit_all_valid(const struct entry_table *table)
{
  return table->valid_count == table->count;
}

/* --- install -------------------------------------------------------------------------- */

/* Whether the chain has another chain as an element. How deeply chains are nested can only be told
 * from the whole catalog. */
static bool edit_is_nested_chain(const struct entry_table *table, const WSAPROTOCOLCHAIN *chain)
{
  for (int i = 0; i < chain->ChainLen && chain->ChainLen > BASE_PROTOCOL; i++) {
    const struct stored_entry *element = entry_table_find(table, chain->ChainEntries[i]);

    if (element->entry.info.ProtocolChain.ChainLen > BASE_PROTOCOL)
      return true;
  }
  return false;
}

/* Whether new entries cannot make an invalid one valid. They can if its chain names one of their
 * ids. */
static bool edit_validity_unaffected(const struct entry_table *table, DWORD first_id)
{
  return edit_all_valid(table) || first_id > table->highest_chain_element;
}

int catalog_edit_install(struct catalog_edit *edit, const struct entry_table *table,
                         const struct catalog_item *items, size_t count, DWORD first_id)
{
  bool skip_validation = edit_validity_unaffected(table, first_id);

  if (entry_table_find_provider(table, &items[0].info.ProviderId) != NULL)
    return reject(&edit->rejection, WSANO_RECOVERY, PROVIDER_IS_INSTALLED);
  for (size_t i = 0; i < count; i++) {
    const char *problem = entry_problem(table, &items[i]);

    if (problem != NULL)
      return reject_list_index(&edit->rejection, WSAEINVAL, i, problem);
    skip_validation = skip_validation && !edit_is_nested_chain(table, &items[i].info.ProtocolChain);
  }
  if (!catalog_edit_allocate(edit, table->count, count) ||
      !catalog_edit_require_valid(edit, WSAEINVAL))
    return WSA_NOT_ENOUGH_MEMORY;
  for (size_t i = 0; i < count; i++) {
    edit->items[i] = items[i];
    edit->items[i].info.dwCatalogEntryId = first_id + (DWORD)i;
    edit->must_be_valid[i] = true;
  }
  edit->skip_validation = skip_validation;
  return 0;
}

/* --- deinstall ------------------------------------------------------------------------ */

static bool edit_belongs_to(const struct stored_entry *entry, const GUID *provider_id)
{
  return IsEqualGUID(&entry->entry.info.ProviderId, provider_id) != 0;
}

int catalog_edit_deinstall(struct catalog_edit *edit, const struct entry_table *table,
                           const GUID *provider_id)
{
  const struct stored_entry *const from = entry_table_find_provider(table, provider_id);
  size_t behind = 0, kept = 0;

  if (from == NULL)
    return reject(&edit->rejection, WSAEINVAL, PROVIDER_IS_NOT_INSTALLED);
  for (const struct stored_entry *entry = from; entry != NULL; entry = entry->next) {
    behind++;
    kept += !edit_belongs_to(entry, provider_id);
  }
  if (!catalog_edit_allocate(edit, table->count - behind, kept))
    return WSA_NOT_ENOUGH_MEMORY;
  kept = 0;
  for (const struct stored_entry *entry = from; entry != NULL; entry = entry->next) {
    if (!edit_belongs_to(entry, provider_id))
      edit->items[kept++] = entry->entry.item;
  }
  /* A chain may have lost an element. */
  edit->skip_validation = edit_all_valid(table) && table->chain_count == 0;
  return 0;
}

/* --- update --------------------------------------------------------------------------- */

/* Entries that are valid now must be valid afterwards. */
static bool edit_copy_table(struct catalog_edit *edit, const struct entry_table *table)
{
  size_t position = 0;

  if (!catalog_edit_allocate(edit, 0, table->count) || !catalog_edit_require_valid(edit, WSAEINVAL))
    return false;
  for (const struct stored_entry *entry = table->first; entry != NULL; entry = entry->next) {
    edit->must_be_valid[position] = entry->problem == NULL;
    edit->items[position++] = entry->entry.item;
  }
  return true;
}

/* Sets the path of the provider's items and indexes them by id. Each may be updated once. */
static bool edit_index_provider(struct hash_table *by_id, struct catalog_edit *edit,
                                const struct catalog_item *update)
{
  for (size_t i = 0; i < edit->count; i++) {
    struct catalog_item *item = &edit->items[i];
    const DWORD id = item->info.dwCatalogEntryId;

    if (!IsEqualGUID(&item->info.ProviderId, &update->info.ProviderId))
      continue;
    memcpy(item->path, update->path, sizeof item->path);
    if (hash_table_find(by_id, id) == NULL && !hash_table_insert(by_id, id, item))
      return false;
  }
  return true;
}

int catalog_edit_update(struct catalog_edit *edit, const struct entry_table *table,
                        const struct catalog_item *items, size_t count)
{
  struct hash_table by_id = {0};
  int error = 0;

  if (entry_table_find_provider(table, &items[0].info.ProviderId) == NULL)
    return reject(&edit->rejection, WSAEINVAL, PROVIDER_IS_NOT_INSTALLED);
  if (!edit_copy_table(edit, table) || !edit_index_provider(&by_id, edit, items))
    error = WSA_NOT_ENOUGH_MEMORY;
  for (size_t i = 0; error == 0 && i < count; i++) {
    struct catalog_item *item = hash_table_remove(&by_id, items[i].info.dwCatalogEntryId);

    if (item == NULL) {
      error = reject_list_index(&edit->rejection, WSAEINVAL, i,
                                "its id is not one of the provider's or is repeated in the list");
    } else {
      *item = items[i];
      edit->must_be_valid[item - edit->items] = true;
    }
  }
  hash_table_clear(&by_id);
  return error;
}

/* --- order ---------------------------------------------------------------------------- */

/* Appends the entry with this id. False: no entry has it, or it has been appended before. */
static bool edit_append_by_id(struct catalog_edit *edit, struct hash_table *taken, DWORD id,
                              const struct entry_table *table)
{
  struct stored_entry *entry = entry_table_find(table, id);

  if (entry == NULL || hash_table_find(taken, id) != NULL)
    return false;
  hash_table_insert(taken, id, entry); /* there is room */
  edit->items[edit->count++] = entry->entry.item;
  return true;
}

int catalog_edit_order(struct catalog_edit *edit, const struct entry_table *table, const DWORD *ids,
                       size_t count)
{
  struct hash_table taken = {0};
  int error = 0;

  if (count != table->valid_count)
    return reject(&edit->rejection, WSAEINVAL, "the list does not name each entry exactly once");
  if (!catalog_edit_allocate(edit, 0, table->count) || !hash_table_reserve(&taken, count))
    error = WSA_NOT_ENOUGH_MEMORY;
  edit->count = 0;
  for (size_t i = 0; error == 0 && i < count; i++) {
    if (!edit_append_by_id(edit, &taken, ids[i], table))
      error = reject_entry(&edit->rejection, WSAEINVAL, ids[i],
                           "it is not in the catalog or is repeated in the list");
  }
  for (const struct stored_entry *entry = table->first; error == 0 && entry != NULL;
       entry = entry->next) {
    if (entry->problem != NULL)
      edit->items[edit->count++] = entry->entry.item;
  }
  hash_table_clear(&taken);
  edit->skip_validation = edit_all_valid(table);
  return error;
}

/* --- repair --------------------------------------------------------------------------- */

int catalog_edit_repair(struct catalog_edit *edit, const struct entry_table *table)
{
  if (!catalog_edit_allocate(edit, 0, table->valid_count))
    return WSA_NOT_ENOUGH_MEMORY;
  edit->count = 0;
  for (const struct stored_entry *entry = table->first; entry != NULL; entry = entry->next) {
    if (entry->problem == NULL)
      edit->items[edit->count++] = entry->entry.item;
  }
  edit->discard_invalid = true;
  return 0;
}

/* --- reset ---------------------------------------------------------------------------- */

int catalog_edit_reset(struct catalog_edit *edit)
{
  if (!catalog_edit_allocate(edit, 0, BASE_ENTRIES_COUNT))
    return WSA_NOT_ENOUGH_MEMORY;
  base_entries_fill(edit->items);
  edit->discard_invalid = true;
  edit->skip_validation = true;
  return 0;
}
