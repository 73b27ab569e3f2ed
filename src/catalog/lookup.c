#include "catalog/catalog_internal.h"

#include "platform/heap.h"

static const struct catalog_entry *lookup_add_reference(struct stored_entry *entry)
{
  if (entry == NULL)
    return NULL;
  entry_acquire(entry);
  return &entry->entry;
}

static const struct catalog_entry *lookup_acquire(DWORD id)
{
  const struct catalog_entry *entry;

  AcquireSRWLockShared(&catalog.lock);
  entry = lookup_add_reference(entry_table_find(&catalog.width[CATALOG_NATIVE].table, id));
  ReleaseSRWLockShared(&catalog.lock);
  return entry;
}

/* An id that is not found may be new in the store, or another thread was just changing the
 * table. */
int catalog_find(DWORD id, const struct catalog_entry **entry)
{
  int error;

  *entry = lookup_acquire(id);
  if (*entry != NULL || id_is_local(id))
    return 0;
  error = catalog_refresh(CATALOG_NATIVE);
  if (error == 0)
    *entry = lookup_acquire(id);
  return error;
}

const struct catalog_entry *catalog_acquire(DWORD id)
{
  const struct catalog_entry *entry;

  catalog_find(id, &entry);
  return entry;
}

bool catalog_contains(DWORD id)
{
  const struct catalog_entry *entry;

  if (catalog_contains_unlocked(id))
    return true;
  entry = catalog_acquire(id);
  if (entry != NULL)
    catalog_release(entry);
  return entry != NULL;
}

static struct stored_entry *lookup_first_valid(const struct entry_table *table,
                                               const GUID *provider_id)
{
  struct stored_entry *entry = entry_table_find_provider(table, provider_id);

  while (entry != NULL && entry->problem != NULL)
    entry = entry_next_of_provider(entry);
  return entry;
}

int catalog_find_provider(enum catalog_width width, const GUID *provider_id,
                          const struct catalog_entry **entry)
{
  const int error = catalog_refresh(width);
  struct stored_entry *found;

  AcquireSRWLockShared(&catalog.lock);
  found = lookup_first_valid(&catalog.width[width].table, provider_id);
  if (found == NULL && width == CATALOG_NATIVE)
    found = lookup_first_valid(&catalog.overlay, provider_id);
  *entry = lookup_add_reference(found);
  ReleaseSRWLockShared(&catalog.lock);
  return error;
}

static bool lookup_is_base(const struct stored_entry *entry, int family, int type)
{
  return entry->problem == NULL && entry->entry.kind == CATALOG_BASE &&
         entry->entry.info.iAddressFamily == family && entry->entry.info.iSocketType == type;
}

DWORD catalog_find_base_id(int family, int type)
{
  const struct stored_entry *entry;
  DWORD id;

  AcquireSRWLockShared(&catalog.lock);
  entry = catalog.width[CATALOG_NATIVE].table.first;
  while (entry != NULL && !lookup_is_base(entry, family, type))
    entry = entry->next;
  id = entry != NULL ? entry->entry.info.dwCatalogEntryId : 0;
  ReleaseSRWLockShared(&catalog.lock);
  return id;
}

void catalog_release(const struct catalog_entry *entry)
{
  entry_release((struct stored_entry *)entry);
}

/* --- snapshots ------------------------------------------------------------------------ */

static void lookup_copy_valid(struct catalog_snapshot *snapshot, const struct entry_table *table)
{
  for (struct stored_entry *entry = table->first; entry != NULL; entry = entry->next) {
    if (entry->problem == NULL)
      snapshot->entry[snapshot->count++] = lookup_add_reference(entry);
  }
}

static struct catalog_snapshot *lookup_copy_all(enum catalog_width width)
{
  const struct entry_table *table = &catalog.width[width].table;
  const size_t most = table->count + catalog.overlay.count;
  struct catalog_snapshot *snapshot =
      heap_allocate(sizeof *snapshot + most * sizeof(struct catalog_entry *));

  if (snapshot == NULL)
    return NULL;
  lookup_copy_valid(snapshot, table);
  if (width == CATALOG_NATIVE)
    lookup_copy_valid(snapshot, &catalog.overlay);
  return snapshot;
}

int catalog_take_snapshot(enum catalog_width width, struct catalog_snapshot **snapshot)
{
  const int error = catalog_refresh(width);

  if (error != 0)
    return error;
  AcquireSRWLockShared(&catalog.lock);
  *snapshot = lookup_copy_all(width);
  ReleaseSRWLockShared(&catalog.lock);
  return *snapshot != NULL ? 0 : WSA_NOT_ENOUGH_MEMORY;
}

void catalog_free_snapshot(struct catalog_snapshot *snapshot)
{
  for (size_t i = 0; i < snapshot->count; i++)
    catalog_release(snapshot->entry[i]);
  heap_free(snapshot);
}
