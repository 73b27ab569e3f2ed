#include "catalog/transaction.h"

#include "catalog/base_entries.h"
#include "catalog/catalog_internal.h"
#include "catalog/category_cleanup.h"
#include "catalog/table_diff.h"

#include <string.h>

/* A change from its computation to the update of the tables. In between, a reader may refresh the
 * tables; then the prepared differences are discarded, and the tables are read again. */
struct prepared {
  const struct catalog_store *store;
  DWORD serial;
  unsigned generation[CATALOG_WIDTHS];
  struct table_diff diff[CATALOG_WIDTHS];
  struct reservation reservation; /* in the list if it has a provider id */
};

bool transaction_take_ids(struct transaction *transaction, size_t count, DWORD *first)
{
  if (count > transaction->ids.end - transaction->ids.first)
    return false;
  *first = transaction->ids.first;
  transaction->ids.first += (DWORD)count;
  return true;
}

/* --- computing ------------------------------------------------------------------------ */

/* Leaves out the first items that the store has already. A fresh store has none of the entries in
 * its table. */
static void transaction_trim_splice(struct catalog_edit *edit, const struct width_table *width,
                                    struct store_splice *splice)
{
  const struct stored_entry *entry =
      width->is_fresh || edit->discard_invalid ? NULL : entry_table_at(&width->table, edit->first);
  size_t same = 0;

  while (entry != NULL && same < edit->count &&
         memcmp(&entry->entry.item, &edit->items[same], sizeof *edit->items) == 0) {
    entry = entry->next;
    same++;
  }
  splice->first = edit->first + same;
  splice->count = edit->count - same;
  splice->items = edit->items + same;
  splice->discard_invalid = edit->discard_invalid;
}

static int transaction_check_validity(struct catalog_edit *edit, const struct table_diff *diff)
{
  if (edit->skip_validation || edit->must_be_valid == NULL)
    return 0;
  for (size_t i = 0; i < edit->count; i++) {
    const char *problem = diff->problems[edit->first + i];

    if (edit->must_be_valid[i] && problem != NULL)
      return reject_entry(&edit->rejection, edit->invalid_error,
                          edit->items[i].info.dwCatalogEntryId, problem);
  }
  return 0;
}

static int transaction_prepare_width(struct prepared *prepared, struct transaction *transaction,
                                     int i, struct store_splice *splice)
{
  struct width_table *width = &catalog.width[i];
  struct catalog_edit *edit = &transaction->edit[i];
  struct table_diff *diff = &prepared->diff[i];

  splice->width = (enum catalog_width)i;
  transaction_trim_splice(edit, width, splice);
  if (!table_diff_prepare(diff, &width->table, splice->first, splice->items, splice->count,
                          edit->skip_validation))
    return WSA_NOT_ENOUGH_MEMORY;
  prepared->generation[i] = width->generation;
  return transaction_check_validity(edit, diff);
}

/* Registered providers are in the native catalog only. Called with the lock held. */
static void transaction_reserve(struct prepared *prepared, const struct transaction *transaction)
{
  if (transaction->new_provider == NULL || !transaction->is_changed[CATALOG_NATIVE])
    return;
  prepared->reservation =
      (struct reservation){.provider_id = transaction->new_provider, .next = catalog.reserved};
  catalog.reserved = &prepared->reservation;
}

static void transaction_end_reservation(const struct prepared *prepared)
{
  struct reservation **link = &catalog.reserved;

  if (prepared->reservation.provider_id == NULL)
    return;
  AcquireSRWLockExclusive(&catalog.lock);
  while (*link != &prepared->reservation)
    link = &(*link)->next;
  *link = prepared->reservation.next;
  ReleaseSRWLockExclusive(&catalog.lock);
}

/* Called with the lock held. */
static int transaction_compute_locked(struct transaction *transaction, struct prepared *prepared,
                                      struct store_splice *splices, size_t *count, unsigned widths,
                                      transaction_compute compute, void *request)
{
  int error;

  prepared->serial = 0;
  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    const struct width_table *width = &catalog.width[i];

    if ((widths & 1U << i) == 0)
      continue;
    if (catalog.store != prepared->store || !width->is_current)
      return WSANO_RECOVERY;
    transaction->table[i] = &width->table;
    prepared->serial = width->serial;
  }
  error = free_ids_find(&transaction->ids) ? compute(transaction, request) : WSA_NOT_ENOUGH_MEMORY;
  for (int i = 0; error == 0 && i < CATALOG_WIDTHS; i++) {
    if (transaction->is_changed[i])
      error = transaction_prepare_width(prepared, transaction, i, &splices[(*count)++]);
  }
  if (error == 0)
    transaction_reserve(prepared, transaction);
  return error;
}

/* --- committing ----------------------------------------------------------------------- */

/* Updates both tables, because a store has one serial for both widths: a table that was current
 * before the commit is current after it. False: a reader has changed a table in between, and it
 * may show the old catalog. */
static bool transaction_update_tables(struct prepared *prepared,
                                      const struct transaction *transaction, DWORD serial,
                                      bool serial_is_known)
{
  bool updated = true;

  AcquireSRWLockExclusive(&catalog.lock);
  for (int i = 0; i < CATALOG_WIDTHS && catalog.store == prepared->store; i++) {
    struct width_table *width = &catalog.width[i];

    if (!serial_is_known || !width->is_current || width->serial != prepared->serial ||
        (transaction->is_changed[i] && width->generation != prepared->generation[i])) {
      width->is_current = false;
      updated = updated && !transaction->is_changed[i];
      continue;
    }
    if (transaction->is_changed[i]) {
      table_diff_apply(&prepared->diff[i], &width->table);
      width->generation++;
      width->is_fresh = false;
    }
    width->serial = serial;
    width->next_id = transaction->ids.first;
  }
  ReleaseSRWLockExclusive(&catalog.lock);
  return updated;
}

/* Look-ups by id trust the table, so it must be refreshed before the writer returns. */
static void transaction_refresh_tables(const struct transaction *transaction)
{
  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    if (transaction->is_changed[i])
      catalog_refresh((enum catalog_width)i);
  }
}

static int transaction_purge_earlier(const struct catalog_store *store,
                                     const struct transaction *transaction)
{
  int error = 0;

  for (int i = 0; transaction->new_provider != NULL && error == 0 && i < CATALOG_WIDTHS; i++) {
    if (transaction->is_changed[i])
      error = categories_purge_provider(store, (enum catalog_width)i, transaction->new_provider);
  }
  return error;
}

static void transaction_purge_categories(const struct catalog_store *store,
                                         const struct transaction *transaction)
{
  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    if (!transaction->is_changed[i])
      continue;
    if (transaction->gone_provider != NULL)
      categories_purge_provider(store, (enum catalog_width)i, transaction->gone_provider);
    if (transaction->categories == PURGE_ALL)
      categories_purge_all(store, (enum catalog_width)i);
    else if (transaction->categories == PURGE_ORPHANS)
      categories_purge_orphans(store, (enum catalog_width)i);
  }
}

static int transaction_commit(struct transaction *transaction, struct prepared *prepared,
                              const struct store_splice *splices, size_t count)
{
  const struct catalog_store *store = prepared->store;
  DWORD serial = 0;
  bool serial_is_known;
  int error = transaction_purge_earlier(store, transaction);

  if (error == 0)
    error = store->commit(splices, count, transaction->ids.first);
  if (error != 0)
    return error;
  serial_is_known = store->serial(&serial) == 0;
  if (!transaction_update_tables(prepared, transaction, serial, serial_is_known))
    transaction_refresh_tables(transaction);
  transaction_purge_categories(store, transaction);
  return 0;
}

static void transaction_note_rejection(struct rejection *rejection,
                                       const struct transaction *transaction)
{
  *rejection = transaction->rejection;
  for (int i = 0; rejection->reason == NULL && i < CATALOG_WIDTHS; i++)
    *rejection = transaction->edit[i].rejection;
}

static int transaction_compute_and_commit(const struct catalog_store *store, unsigned widths,
                                          transaction_compute compute, void *request,
                                          struct rejection *rejection)
{
  struct transaction transaction = {0};
  struct prepared prepared = {.store = store};
  struct store_splice splices[CATALOG_WIDTHS];
  size_t count = 0;
  int error;

  AcquireSRWLockExclusive(&catalog.lock);
  error = transaction_compute_locked(&transaction, &prepared, splices, &count, widths, compute,
                                     request);
  ReleaseSRWLockExclusive(&catalog.lock);
  if (error != 0)
    transaction_note_rejection(rejection, &transaction);
  else if (count != 0)
    error = transaction_commit(&transaction, &prepared, splices, count);
  transaction_end_reservation(&prepared);
  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    table_diff_discard(&prepared.diff[i]);
    catalog_edit_free(&transaction.edit[i]);
  }
  return error;
}

/* --- the interface -------------------------------------------------------------------- */

static int transaction_refresh_widths(unsigned widths)
{
  int error = 0;

  for (int i = 0; error == 0 && i < CATALOG_WIDTHS; i++) {
    if ((widths & 1U << i) != 0)
      error = catalog_refresh((enum catalog_width)i);
  }
  return error;
}

/* New ids must be above the ids of both widths, whatever the counter is, so the other width is read
 * too. If it cannot be read, this one can still be changed; but a shortage of memory does not tell
 * whether it can be read. */
static int transaction_refresh_for_change(unsigned widths)
{
  int error = transaction_refresh_widths(widths);

  if (error == 0 && transaction_refresh_widths(~widths) == WSA_NOT_ENOUGH_MEMORY)
    error = WSA_NOT_ENOUGH_MEMORY;
  return error;
}

/* Puts the base entries into both catalogs at once, because their ids count as given in both. */
static int transaction_add_base_entries(struct transaction *transaction, void *unused)
{
  int error = 0;

  (void)unused;
  for (int i = 0; error == 0 && i < CATALOG_WIDTHS; i++) {
    transaction->is_changed[i] = catalog.width[i].is_fresh;
    if (transaction->is_changed[i])
      error = catalog_edit_reset(&transaction->edit[i]);
  }
  return error;
}

static bool transaction_has_fresh_width(void)
{
  bool has = false;

  AcquireSRWLockShared(&catalog.lock);
  for (int i = 0; i < CATALOG_WIDTHS; i++)
    has = has || (catalog.width[i].is_current && catalog.width[i].is_fresh);
  ReleaseSRWLockShared(&catalog.lock);
  return has;
}

int transaction_run_locked(const struct catalog_store *store, unsigned widths,
                           transaction_compute compute, void *request, struct rejection *rejection)
{
  int error = transaction_refresh_for_change(widths);

  if (error == 0 && transaction_has_fresh_width()) {
    error = transaction_refresh_widths(~0U);
    if (error == 0)
      error =
          transaction_compute_and_commit(store, ~0U, transaction_add_base_entries, NULL, rejection);
    if (error == 0)
      error = transaction_refresh_widths(widths);
  }
  if (error == 0)
    error = transaction_compute_and_commit(store, widths, compute, request, rejection);
  return error;
}

void catalog_forget_tables(const struct catalog_store *store)
{
  AcquireSRWLockExclusive(&catalog.lock);
  for (int i = 0; i < CATALOG_WIDTHS && catalog.store == store; i++)
    catalog.width[i].is_current = false;
  ReleaseSRWLockExclusive(&catalog.lock);
}

int transaction_run(unsigned widths, transaction_compute compute, void *request,
                    const GUID *provider_id)
{
  const struct catalog_store *store = catalog_store_in_use();
  struct rejection rejection = {0};
  int error =
      store->is_writable ? store->lock() : reject(&rejection, WSANO_RECOVERY, STORE_IS_READ_ONLY);

  if (error == 0) {
    error = transaction_run_locked(store, widths, compute, request, &rejection);
    store->unlock();
  }
  if (error != 0)
    rejection_log(&rejection, provider_id, error);
  return error;
}
