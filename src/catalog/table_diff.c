#include "catalog/table_diff.h"

#include "catalog/base_entries.h"
#include "catalog/catalog_internal.h"
#include "catalog/image_validate.h"
#include "platform/heap.h"

#include <string.h>

static bool diff_is_same(const struct stored_entry *entry, const struct catalog_item *item)
{
  return memcmp(&entry->entry.item, item, sizeof *item) == 0;
}

static void *diff_allocate_pointers(size_t count)
{
  return heap_allocate((count + 1) * sizeof(void *));
}

/* --- added and removed entries -------------------------------------------------------- */

/* An entry is kept only if it is to be removed, and only once, because a hostile image may repeat
 * an item. */
static struct stored_entry *diff_make_or_keep(const struct entry_table *table,
                                              const struct catalog_item *item)
{
  struct stored_entry *entry = entry_table_find(table, item->info.dwCatalogEntryId);

  if (entry != NULL && entry->is_leaving && diff_is_same(entry, item)) {
    entry->is_leaving = false;
    entry_acquire(entry);
    return entry;
  }
  return entry_make(item, base_entries_have(item) ? CATALOG_BASE : CATALOG_INSTALLED, NULL,
                    catalog_own_path());
}

static bool diff_collect_added(struct table_diff *diff, const struct entry_table *table,
                               const struct catalog_item *items, size_t count)
{
  diff->added = diff_allocate_pointers(count);
  if (diff->added == NULL)
    return false;
  for (size_t i = 0; i < count; i++) {
    diff->added[i] = diff_make_or_keep(table, &items[i]);
    if (diff->added[i] == NULL)
      return false;
    diff->added_count++;
  }
  return true;
}

static bool diff_collect_removed(struct table_diff *diff, struct stored_entry *from)
{
  size_t count = 0;

  for (const struct stored_entry *entry = from; entry != NULL; entry = entry->next)
    count++;
  diff->removed = diff_allocate_pointers(count);
  if (diff->removed == NULL)
    return false;
  for (struct stored_entry *entry = from; entry != NULL; entry = entry->next) {
    entry->is_leaving = true;
    diff->removed[diff->removed_count++] = entry;
  }
  return true;
}

/* --- problems ------------------------------------------------------------------------- */

static void diff_list_items(const struct catalog_item **list, const struct table_diff *diff,
                            const struct entry_table *table)
{
  const struct stored_entry *end = diff->removed_count != 0 ? diff->removed[0] : NULL;

  for (const struct stored_entry *entry = table->first; entry != end; entry = entry->next)
    *list++ = &entry->entry.item;
  for (size_t i = 0; i < diff->added_count; i++)
    *list++ = &diff->added[i]->entry.item;
}

static bool diff_validate(struct table_diff *diff, const struct entry_table *table)
{
  const size_t count = table->count - diff->removed_count + diff->added_count;
  const struct catalog_item **list = diff_allocate_pointers(count);
  bool found;

  diff->problems = diff_allocate_pointers(count);
  found = list != NULL && diff->problems != NULL;
  if (found) {
    diff_list_items(list, diff, table);
    found = image_validate(list, count, diff->problems);
  }
  heap_free(list);
  return found;
}

/* --- the interface -------------------------------------------------------------------- */

bool table_diff_prepare(struct table_diff *diff, struct entry_table *table, size_t first,
                        const struct catalog_item *items, size_t count, bool skip_validation)
{
  struct stored_entry *from = entry_table_at(table, first);
  bool prepared;

  *diff = (struct table_diff){0};
  while (from != NULL && count > 0 && diff_is_same(from, items)) {
    from = from->next;
    items++;
    count--;
  }
  prepared = diff_collect_removed(diff, from) && diff_collect_added(diff, table, items, count) &&
             entry_table_reserve(table, count + table->count - table->valid_count) &&
             (skip_validation || diff_validate(diff, table));
  for (; from != NULL; from = from->next)
    from->is_leaving = false;
  if (!prepared)
    table_diff_discard(diff);
  return prepared;
}

void table_diff_apply(struct table_diff *diff, struct entry_table *table)
{
  struct stored_entry **out = diff->added;
  const size_t out_count = diff->added_count;
  size_t position = 0;

  for (size_t i = 0; i < diff->removed_count; i++)
    entry_table_detach(table, diff->removed[i]);
  for (struct stored_entry *entry = table->first; entry != NULL; entry = entry->next, position++) {
    if (diff->problems == NULL)
      break;
    entry_table_set_problem(table, entry, diff->problems[position]);
  }
  for (size_t i = 0; i < out_count; i++) {
    out[i]->problem = diff->problems == NULL ? NULL : diff->problems[position + i];
    entry_table_append(table, out[i]);
  }
  /* Discard then releases the entries that were removed. */
  diff->added = diff->removed;
  diff->added_count = diff->removed_count;
  diff->removed = out;
  diff->removed_count = out_count;
}

void table_diff_discard(struct table_diff *diff)
{
  for (size_t i = 0; i < diff->added_count; i++)
    entry_release(diff->added[i]);
  heap_free(diff->added);
  heap_free(diff->removed);
  heap_free(diff->problems);
  *diff = (struct table_diff){0};
}
