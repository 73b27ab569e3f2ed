#include "catalog/transaction.h"

#include "catalog/base_entries.h"
#include "catalog/catalog_internal.h"
#include "catalog/category_cleanup.h"
#include "catalog/table_diff.h"

#include <string.h>

/* Between the computation and the commit the tables may change under a reader's
 * refresh; then what was prepared is dropped, and the next reader reads anew. */
struct prepared {
  const struct catalog_store *store;
  DWORD serial;
  unsigned generation[CATALOG_WIDTHS];
  struct table_diff diff[CATALOG_WIDTHS];
  struct reservation reservation; /* with a provider id: it is in the list */
};

bool transaction_take_ids(struct transaction *transaction, size_t count, DWORD *first)
{
  if (count > transaction->ids.end - transaction->ids.first)
    return false;
  *first = transaction->ids.first;
  transaction->ids.first += (DWORD)count;
  return true;
}

/* --- computing ------------------------------------------------------------------------- */

/* A fresh store has nothing of what its table shows. */
static void skip_what_stays(struct catalog_edit *edit, const struct width_table *width,
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

static int check_goodness(struct catalog_edit *edit, const struct table_diff *diff)
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

static int prepare_width(struct prepared *prepared, struct transaction *transaction, int i,
                         struct store_splice *splice)
{
  struct width_table *width = &catalog.width[i];
  struct catalog_edit *edit = &transaction->edit[i];
  struct table_diff *diff = &prepared->diff[i];

  splice->width = (enum catalog_width)i;
  skip_what_stays(edit, width, splice);
  if (!table_diff_prepare(diff, &width->table, splice->first, splice->items, splice->count,
                          edit->skip_validation))
    return WSA_NOT_ENOUGH_MEMORY;
  prepared->generation[i] = width->generation;
  return check_goodness(edit, diff);
}

/* A registered provider lies over the native catalog only. Entered with the lock. */
static void reserve(struct prepared *prepared, const struct transaction *transaction)
{
  if (transaction->new_provider == NULL || !transaction->is_changed[CATALOG_NATIVE])
    return;
  prepared->reservation =
      (struct reservation){.provider_id = transaction->new_provider, .next = catalog.reserved};
  catalog.reserved = &prepared->reservation;
}

static void end_reservation(const struct prepared *prepared)
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

/* Entered with the lock. */
static int compute_locked(struct transaction *transaction, struct prepared *prepared,
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
      error = prepare_width(prepared, transaction, i, &splices[(*count)++]);
  }
  if (error == 0)
    reserve(prepared, transaction);
  return error;
}

/* --- committing --------------------------------------------------------------------------- */

/* Of the other width too, since a store has one serial: what was right before is so now. False if the
 * tables could not follow, since a reader was just moving them: then they show what was before. */
static bool follow(struct prepared *prepared, const struct transaction *transaction, DWORD serial,
                   bool serial_is_known)
{
  bool followed = true;

  AcquireSRWLockExclusive(&catalog.lock);
  for (int i = 0; i < CATALOG_WIDTHS && catalog.store == prepared->store; i++) {
    struct width_table *width = &catalog.width[i];

    if (!serial_is_known || !width->is_current || width->serial != prepared->serial ||
        (transaction->is_changed[i] && width->generation != prepared->generation[i])) {
      width->is_current = false;
      followed = followed && !transaction->is_changed[i];
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
  return followed;
}

/* An id is known by a look into the table alone: who has changed the catalog must not find there
 * what is no more. */
static void catch_up(const struct transaction *transaction)
{
  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    if (transaction->is_changed[i])
      catalog_refresh((enum catalog_width)i);
  }
}

static int end_earlier_categories(const struct catalog_store *store,
                                  const struct transaction *transaction)
{
  int error = 0;

  for (int i = 0; transaction->new_provider != NULL && error == 0 && i < CATALOG_WIDTHS; i++) {
    if (transaction->is_changed[i])
      error = categories_purge_provider(store, (enum catalog_width)i, transaction->new_provider);
  }
  return error;
}

static void end_categories(const struct catalog_store *store, const struct transaction *transaction)
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

static int commit(struct transaction *transaction, struct prepared *prepared,
                  const struct store_splice *splices, size_t count)
{
  const struct catalog_store *store = prepared->store;
  DWORD serial = 0;
  bool serial_is_known;
  int error = end_earlier_categories(store, transaction);

  if (error == 0)
    error = store->commit(splices, count, transaction->ids.first);
  if (error != 0)
    return error;
  serial_is_known = store->serial(&serial) == 0;
  if (!follow(prepared, transaction, serial, serial_is_known))
    catch_up(transaction);
  end_categories(store, transaction);
  return 0;
}

static void note_refusal(struct rejection *rejection, const struct transaction *transaction)
{
  *rejection = transaction->rejection;
  for (int i = 0; rejection->rule == NULL && i < CATALOG_WIDTHS; i++)
    *rejection = transaction->edit[i].rejection;
}

static int compute_and_commit(const struct catalog_store *store, unsigned widths,
                              transaction_compute compute, void *request,
                              struct rejection *rejection)
{
  struct transaction transaction = {0};
  struct prepared prepared = {.store = store};
  struct store_splice splices[CATALOG_WIDTHS];
  size_t count = 0;
  int error;

  AcquireSRWLockExclusive(&catalog.lock);
  error = compute_locked(&transaction, &prepared, splices, &count, widths, compute, request);
  ReleaseSRWLockExclusive(&catalog.lock);
  if (error != 0)
    note_refusal(rejection, &transaction);
  else if (count != 0)
    error = commit(&transaction, &prepared, splices, count);
  end_reservation(&prepared);
  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    table_diff_discard(&prepared.diff[i]);
    catalog_edit_free(&transaction.edit[i]);
  }
  return error;
}

/* --- the whole -------------------------------------------------------------------------------- */

static int refresh_widths(unsigned widths)
{
  int error = 0;

  for (int i = 0; error == 0 && i < CATALOG_WIDTHS; i++) {
    if ((widths & 1U << i) != 0)
      error = catalog_refresh((enum catalog_width)i);
  }
  return error;
}

/* Ids are to stand above those of either width, whatever the counter says. That the other one
 * cannot be read keeps nothing from being changed in this one; a shortage of memory says nothing of it. */
static int refresh_for_change(unsigned widths)
{
  int error = refresh_widths(widths);

  if (error == 0 && refresh_widths(~widths) == WSA_NOT_ENOUGH_MEMORY)
    error = WSA_NOT_ENOUGH_MEMORY;
  return error;
}

/* Base entries go into both catalogs at once, since both see that the ids are given. */
static int put_base_entries_in(struct transaction *transaction, void *unused)
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

static bool has_fresh_width(void)
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
  int error = refresh_for_change(widths);

  if (error == 0 && has_fresh_width()) {
    error = refresh_widths(~0U);
    if (error == 0)
      error = compute_and_commit(store, ~0U, put_base_entries_in, NULL, rejection);
    if (error == 0)
      error = refresh_widths(widths);
  }
  if (error == 0)
    error = compute_and_commit(store, widths, compute, request, rejection);
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
  int error = store->is_writable ? store->lock() : reject(&rejection, WSANO_RECOVERY, ONLY_READ);

  if (error == 0) {
    error = transaction_run_locked(store, widths, compute, request, &rejection);
    store->unlock();
  }
  if (error != 0)
    rejection_log(&rejection, provider_id, error);
  return error;
}
