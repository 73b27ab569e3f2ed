#include "catalog/catalog.h"

#include "catalog/base_entries.h"
#include "catalog/entry_rules.h"
#include "catalog/entry_table.h"
#include "platform/heap.h"

static SRWLOCK lock = SRWLOCK_INIT;
struct index_table catalog_ids;
static struct entry_table table = {.by_id = &catalog_ids};
static atomic_bool base_is_made;

/* Their parts are made outside the lock, since that asks the loader for our path.
 * What fails here is tried again by the next call. */
static bool make_base(void)
{
  struct entry_batch batch = {0};
  bool made = base_entries_make(&batch);

  if (made) {
    AcquireSRWLockExclusive(&lock);
    if (!atomic_load_explicit(&base_is_made, memory_order_relaxed)) {
      made = entry_table_append(&table, &batch);
      if (made) {
        batch = (struct entry_batch){0};
        atomic_store_explicit(&base_is_made, true, memory_order_release);
      }
    }
    ReleaseSRWLockExclusive(&lock);
  }
  entry_batch_free(&batch);
  return made;
}

/* The six are made at the first need: DllMain may not call what they need. */
static bool is_ready(void)
{
  return atomic_load_explicit(&base_is_made, memory_order_acquire) || make_base();
}

static const struct catalog_entry *with_reference(struct stored_entry *entry)
{
  if (entry == NULL)
    return NULL;
  atomic_fetch_add_explicit(&entry->references, 1, memory_order_relaxed);
  return &entry->entry;
}

/* What a look without the lock did not find may be a base entry that is yet to be
 * made, or one that a writer was just moving. */
bool catalog_contains(DWORD id)
{
  bool found;

  if (catalog_surely_contains(id))
    return true;
  if (!is_ready())
    return false;
  AcquireSRWLockShared(&lock);
  found = entry_table_find(&table, id) != NULL;
  ReleaseSRWLockShared(&lock);
  return found;
}

const struct catalog_entry *catalog_acquire(DWORD id)
{
  const struct catalog_entry *entry;

  if (!is_ready())
    return NULL;
  AcquireSRWLockShared(&lock);
  entry = with_reference(entry_table_find(&table, id));
  ReleaseSRWLockShared(&lock);
  return entry;
}

const struct catalog_entry *catalog_acquire_provider(const GUID *provider_id)
{
  const struct catalog_entry *entry;

  if (!is_ready())
    return NULL;
  AcquireSRWLockShared(&lock);
  entry = with_reference(entry_table_find_provider(&table, provider_id));
  ReleaseSRWLockShared(&lock);
  return entry;
}

void catalog_release(const struct catalog_entry *entry)
{
  struct stored_entry *stored = (struct stored_entry *)entry;

  if (atomic_fetch_sub_explicit(&stored->references, 1, memory_order_acq_rel) == 1)
    heap_free(stored);
}

static int check_and_append(const struct entry_batch *batch)
{
  if (entry_table_find_provider(&table, &batch->first->entry.info.ProviderId) != NULL)
    return WSANO_RECOVERY;
  for (const struct stored_entry *entry = batch->first; entry != NULL; entry = entry->next) {
    if (!entry_is_acceptable(&table, &entry->entry.info))
      return WSAEINVAL;
  }
  return entry_table_append(&table, batch) ? 0 : WSA_NOT_ENOUGH_MEMORY;
}

static bool fill_batch(struct entry_batch *batch, const WSAPROTOCOL_INFOW *infos, DWORD count,
                       const WCHAR *path, LPWSPSTARTUP startup)
{
  const enum catalog_kind kind = startup != NULL ? CATALOG_REGISTERED : CATALOG_INSTALLED;

  for (DWORD i = 0; i < count; i++) {
    if (!entry_batch_push(batch, &infos[i], kind, path, startup))
      return false;
  }
  return true;
}

int catalog_add(const WSAPROTOCOL_INFOW *infos, DWORD count, const WCHAR *path,
                LPWSPSTARTUP startup, DWORD *first_id)
{
  struct entry_batch batch = {0};
  int error = WSA_NOT_ENOUGH_MEMORY;

  if (count == 0)
    return WSAEINVAL;
  if (is_ready() && fill_batch(&batch, infos, count, path, startup)) {
    AcquireSRWLockExclusive(&lock);
    error = check_and_append(&batch);
    if (error == 0)
      *first_id = batch.first->entry.info.dwCatalogEntryId;
    ReleaseSRWLockExclusive(&lock);
  }
  if (error != 0)
    entry_batch_free(&batch);
  return error;
}

/* Chains the detached entries through `next`, so that they are released outside
 * the lock. */
static struct stored_entry *detach_provider(const GUID *provider_id)
{
  struct stored_entry *detached = NULL;
  struct stored_entry *entry;

  while ((entry = entry_table_find_provider(&table, provider_id)) != NULL &&
         entry->entry.kind != CATALOG_REGISTERED) {
    entry_table_detach(&table, entry);
    entry->next = detached;
    detached = entry;
  }
  return detached;
}

int catalog_remove_provider(const GUID *provider_id)
{
  struct stored_entry *detached;
  int error = WSAEINVAL;

  if (!is_ready())
    return WSA_NOT_ENOUGH_MEMORY;
  AcquireSRWLockExclusive(&lock);
  detached = detach_provider(provider_id);
  ReleaseSRWLockExclusive(&lock);
  while (detached != NULL) {
    struct stored_entry *next = detached->next;

    catalog_release(&detached->entry);
    detached = next;
    error = 0;
  }
  return error;
}

int catalog_remove_registered(DWORD id)
{
  struct stored_entry *entry;

  AcquireSRWLockExclusive(&lock);
  entry = entry_table_find(&table, id);
  if (entry != NULL && entry->entry.kind == CATALOG_REGISTERED)
    entry_table_detach(&table, entry);
  else
    entry = NULL;
  ReleaseSRWLockExclusive(&lock);
  if (entry == NULL)
    return WSAEINVAL;
  catalog_release(&entry->entry);
  return 0;
}

static struct catalog_snapshot *copy_order(void)
{
  struct catalog_snapshot *snapshot =
      heap_allocate(sizeof *snapshot + table.order.count * sizeof(struct catalog_entry *));

  if (snapshot == NULL)
    return NULL;
  for (struct stored_entry *entry = table.order.first; entry != NULL; entry = entry->next)
    snapshot->entry[snapshot->count++] = with_reference(entry);
  return snapshot;
}

struct catalog_snapshot *catalog_take_snapshot(void)
{
  struct catalog_snapshot *snapshot;

  if (!is_ready())
    return NULL;
  AcquireSRWLockShared(&lock);
  snapshot = copy_order();
  ReleaseSRWLockShared(&lock);
  return snapshot;
}

void catalog_free_snapshot(struct catalog_snapshot *snapshot)
{
  for (size_t i = 0; i < snapshot->count; i++)
    catalog_release(snapshot->entry[i]);
  heap_free(snapshot);
}

void catalog_clear(void)
{
  while (table.order.first != NULL) {
    struct stored_entry *entry = table.order.first;

    entry_table_detach(&table, entry);
    catalog_release(&entry->entry);
  }
  entry_table_clear(&table);
}
