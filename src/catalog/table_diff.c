#include "catalog/table_diff.h"

#include "catalog/base_entries.h"
#include "catalog/catalog_internal.h"
#include "catalog/image_validate.h"
#include "platform/heap.h"

#include <string.h>

static bool is_same(const struct stored_entry *entry, const struct catalog_item *item)
{
  return memcmp(&entry->entry.item, item, sizeof *item) == 0;
}

static void *allocate_pointers(size_t count)
{
  return heap_allocate((count + 1) * sizeof(void *));
}

/* --- what comes and what goes -------------------------------------------------------- */

/* Only what leaves can be kept, and only once: a hostile image may repeat an item. */
static struct stored_entry *make_or_keep(const struct entry_table *table,
                                         const struct catalog_item *item)
{
  struct stored_entry *entry = entry_table_find(table, item->info.dwCatalogEntryId);

  if (entry != NULL && entry->is_leaving && is_same(entry, item)) {
    entry->is_leaving = false;
    entry_acquire(entry);
    return entry;
  }
  return entry_make(item, base_entries_have(item) ? CATALOG_BASE : CATALOG_INSTALLED, NULL,
                    catalog_own_path());
}

static bool collect_added(struct replacement *replacement, const struct entry_table *table,
                          const struct catalog_item *items, size_t count)
{
  replacement->added = allocate_pointers(count);
  if (replacement->added == NULL)
    return false;
  for (size_t i = 0; i < count; i++) {
    replacement->added[i] = make_or_keep(table, &items[i]);
    if (replacement->added[i] == NULL)
      return false;
    replacement->added_count++;
  }
  return true;
}

static bool collect_removed(struct replacement *replacement, struct stored_entry *from)
{
  size_t count = 0;

  for (const struct stored_entry *entry = from; entry != NULL; entry = entry->next)
    count++;
  replacement->removed = allocate_pointers(count);
  if (replacement->removed == NULL)
    return false;
  for (struct stored_entry *entry = from; entry != NULL; entry = entry->next) {
    entry->is_leaving = true;
    replacement->removed[replacement->removed_count++] = entry;
  }
  return true;
}

/* --- faults ---------------------------------------------------------------------------- */

static void list_items(const struct catalog_item **list, const struct replacement *replacement,
                       const struct entry_table *table)
{
  const struct stored_entry *end = replacement->removed_count != 0 ? replacement->removed[0] : NULL;

  for (const struct stored_entry *entry = table->first; entry != end; entry = entry->next)
    *list++ = &entry->entry.item;
  for (size_t i = 0; i < replacement->added_count; i++)
    *list++ = &replacement->added[i]->entry.item;
}

static bool find_faults(struct replacement *replacement, const struct entry_table *table)
{
  const size_t count = table->count - replacement->removed_count + replacement->added_count;
  const struct catalog_item **list = allocate_pointers(count);
  bool found;

  replacement->faults = allocate_pointers(count);
  found = list != NULL && replacement->faults != NULL;
  if (found) {
    list_items(list, replacement, table);
    found = image_check(list, count, replacement->faults);
  }
  heap_free(list);
  return found;
}

/* --- the whole --------------------------------------------------------------------------- */

bool replacement_prepare(struct replacement *replacement, struct entry_table *table, size_t first,
                         const struct catalog_item *items, size_t count, bool is_checked)
{
  struct stored_entry *from = entry_table_at(table, first);
  bool prepared;

  *replacement = (struct replacement){0};
  while (from != NULL && count > 0 && is_same(from, items)) {
    from = from->next;
    items++;
    count--;
  }
  prepared = collect_removed(replacement, from) &&
             collect_added(replacement, table, items, count) &&
             entry_table_reserve(table, count + table->count - table->usable) &&
             (is_checked || find_faults(replacement, table));
  for (; from != NULL; from = from->next)
    from->is_leaving = false;
  if (!prepared)
    replacement_discard(replacement);
  return prepared;
}

void replacement_apply(struct replacement *replacement, struct entry_table *table)
{
  struct stored_entry **out = replacement->added;
  const size_t out_count = replacement->added_count;
  size_t position = 0;

  for (size_t i = 0; i < replacement->removed_count; i++)
    entry_table_detach(table, replacement->removed[i]);
  for (struct stored_entry *entry = table->first; entry != NULL; entry = entry->next, position++) {
    if (replacement->faults == NULL)
      break;
    entry_table_set_fault(table, entry, replacement->faults[position]);
  }
  for (size_t i = 0; i < out_count; i++) {
    out[i]->fault = replacement->faults == NULL ? NULL : replacement->faults[position + i];
    entry_table_append(table, out[i]);
  }
  /* What was taken out is what is left to release. */
  replacement->added = replacement->removed;
  replacement->added_count = replacement->removed_count;
  replacement->removed = out;
  replacement->removed_count = out_count;
}

void replacement_discard(struct replacement *replacement)
{
  for (size_t i = 0; i < replacement->added_count; i++)
    entry_release(replacement->added[i]);
  heap_free(replacement->added);
  heap_free(replacement->removed);
  heap_free(replacement->faults);
  *replacement = (struct replacement){0};
}
