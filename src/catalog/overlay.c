#include "catalog/overlay.h"

#include "catalog/catalog_internal.h"
#include "catalog/entry_validate.h"
#include "catalog/rejection.h"
#include "platform/heap.h"
#include "ws2spi_shim.h"

bool overlay_has_provider(const GUID *provider_id)
{
  return entry_table_find_provider(&catalog.overlay, provider_id) != NULL;
}

/* --- adding --------------------------------------------------------------------------- */

struct addition {
  struct stored_entry **entries;
  size_t count;
};

static void overlay_discard(struct addition *addition)
{
  for (size_t i = 0; i < addition->count; i++)
    entry_release(addition->entries[i]);
  heap_free(addition->entries);
}

static bool overlay_make_entries(struct addition *addition, const struct catalog_item *items,
                                 size_t count, LPWSPSTARTUP startup)
{
  const enum catalog_kind kind = startup != NULL ? CATALOG_REGISTERED : CATALOG_INSTALLED;

  addition->entries = heap_allocate(count * sizeof(struct stored_entry *));
  if (addition->entries == NULL)
    return false;
  for (size_t i = 0; i < count; i++) {
    addition->entries[i] = entry_make(&items[i], kind, startup, catalog_own_path());
    if (addition->entries[i] == NULL)
      return false;
    addition->count++;
  }
  return true;
}

/* Whether a transaction of this process is installing the provider, and may already have written
 * it. */
static bool overlay_is_reserved(const GUID *provider_id)
{
  const struct reservation *reservation = catalog.reserved;

  while (reservation != NULL && !IsEqualGUID(reservation->provider_id, provider_id))
    reservation = reservation->next;
  return reservation != NULL;
}

static int overlay_check(const struct addition *addition, struct rejection *rejection)
{
  const struct entry_table *native = &catalog.width[CATALOG_NATIVE].table;
  const GUID *provider_id = &addition->entries[0]->entry.info.ProviderId;
  const DWORD most = WS2SPI_LAST_REGISTERED_ID - WS2SPI_FIRST_REGISTERED_ID;

  if (overlay_has_provider(provider_id))
    return reject(rejection, WSANO_RECOVERY, PROVIDER_IS_REGISTERED);
  if (overlay_is_reserved(provider_id) || entry_table_find_provider(native, provider_id) != NULL)
    return reject(rejection, WSANO_RECOVERY, PROVIDER_IS_INSTALLED);
  for (size_t i = 0; i < addition->count; i++) {
    const char *problem = entry_problem(native, &addition->entries[i]->entry.item);

    if (problem != NULL)
      return reject_list_index(rejection, WSAEINVAL, i, problem);
  }
  if (addition->count > most - catalog.overlay_ids_given)
    /* not covered: would take a thousand million additions */
    return reject(rejection, WSANO_RECOVERY, NO_IDS_LEFT);
  return entry_table_reserve(&catalog.overlay, addition->count) ? 0 : WSA_NOT_ENOUGH_MEMORY;
}

static DWORD overlay_append(struct addition *addition)
{
  const DWORD first_id = WS2SPI_FIRST_REGISTERED_ID + catalog.overlay_ids_given;

  for (size_t i = 0; i < addition->count; i++) {
    addition->entries[i]->entry.info.dwCatalogEntryId = first_id + (DWORD)i;
    entry_table_append(&catalog.overlay, addition->entries[i]);
  }
  catalog.overlay_ids_given += (DWORD)addition->count;
  addition->count = 0;
  return first_id;
}

/* Checks against a table that is current, so that a provider that was installed in between is
 * seen. */
static int overlay_check_and_append(struct addition *addition, DWORD *first_id,
                                    struct rejection *rejection)
{
  bool is_current = false;
  int error = 0;

  while (error == 0 && !is_current) {
    error = catalog_refresh(CATALOG_NATIVE);
    if (error != 0)
      break;
    AcquireSRWLockExclusive(&catalog.lock);
    is_current = catalog.width[CATALOG_NATIVE].is_current;
    if (is_current)
      error = overlay_check(addition, rejection);
    if (is_current && error == 0)
      *first_id = overlay_append(addition);
    ReleaseSRWLockExclusive(&catalog.lock);
  }
  return error;
}

int overlay_add(const struct catalog_item *items, size_t count, LPWSPSTARTUP startup,
                DWORD *first_id)
{
  struct addition addition = {0};
  struct rejection rejection = {0};
  int error = WSA_NOT_ENOUGH_MEMORY;

  if (overlay_make_entries(&addition, items, count, startup))
    error = overlay_check_and_append(&addition, first_id, &rejection);
  overlay_discard(&addition);
  if (error != 0)
    rejection_log(&rejection, &items[0].info.ProviderId, error);
  return error;
}

/* --- removing ------------------------------------------------------------------------- */

int overlay_remove_registered(DWORD id)
{
  struct stored_entry *entry = NULL;

  AcquireSRWLockExclusive(&catalog.lock);
  if (id_is_local(id))
    entry = entry_table_find(&catalog.overlay, id);
  if (entry != NULL && entry->entry.kind == CATALOG_REGISTERED)
    entry_table_detach(&catalog.overlay, entry);
  else
    entry = NULL;
  ReleaseSRWLockExclusive(&catalog.lock);
  if (entry == NULL)
    return WSAEINVAL;
  entry_release(entry);
  return 0;
}

/* All entries of a provider have the same kind. */
bool overlay_has_installed(const GUID *provider_id)
{
  const struct stored_entry *entry;
  bool has;

  AcquireSRWLockShared(&catalog.lock);
  entry = entry_table_find_provider(&catalog.overlay, provider_id);
  has = entry != NULL && entry->entry.kind == CATALOG_INSTALLED;
  ReleaseSRWLockShared(&catalog.lock);
  return has;
}

/* Releasing an entry that is in no table only frees memory, so it may be done under the lock. */
int overlay_remove_installed(const GUID *provider_id)
{
  struct stored_entry *entry;
  int error = WSAEINVAL;

  AcquireSRWLockExclusive(&catalog.lock);
  while ((entry = entry_table_find_provider(&catalog.overlay, provider_id)) != NULL &&
         entry->entry.kind == CATALOG_INSTALLED) {
    entry_table_detach(&catalog.overlay, entry);
    entry_release(entry);
    error = 0;
  }
  ReleaseSRWLockExclusive(&catalog.lock);
  return error;
}

/* --- order ---------------------------------------------------------------------------- */

static bool overlay_names_each_once(const DWORD *ids, size_t count)
{
  bool does = count == catalog.overlay.count;

  for (size_t i = 0; does && i < count; i++) {
    struct stored_entry *entry = entry_table_find(&catalog.overlay, ids[i]);

    does = entry != NULL && !entry->is_leaving;
    if (does)
      entry->is_leaving = true;
  }
  for (struct stored_entry *entry = catalog.overlay.first; entry != NULL; entry = entry->next)
    entry->is_leaving = false;
  return does;
}

bool overlay_has_all(const DWORD *ids, size_t count)
{
  bool has;

  AcquireSRWLockExclusive(&catalog.lock);
  has = overlay_names_each_once(ids, count);
  ReleaseSRWLockExclusive(&catalog.lock);
  return has;
}

static void overlay_move_to_end(struct stored_entry *entry)
{
  entry_table_detach(&catalog.overlay, entry);
  entry_table_append(&catalog.overlay, entry); /* cannot fail: it has just made room */
}

/* Entries that have been removed since the list was checked are skipped; new ones stay last. */
void overlay_order(const DWORD *ids, size_t count)
{
  size_t others;

  AcquireSRWLockExclusive(&catalog.lock);
  others = catalog.overlay.count;
  for (size_t i = 0; i < count; i++) {
    struct stored_entry *entry = entry_table_find(&catalog.overlay, ids[i]);

    if (entry == NULL)
      continue;
    overlay_move_to_end(entry);
    others--;
  }
  for (; others > 0; others--)
    overlay_move_to_end(catalog.overlay.first);
  ReleaseSRWLockExclusive(&catalog.lock);
}
