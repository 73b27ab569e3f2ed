#include "catalog/transaction.h"

#include "catalog/base_entries.h"
#include "catalog/replacement.h"

#include <string.h>

/* Between the computation and the commit the tables may change under a reader's
 * refresh; then what was prepared is dropped, and the next reader reads anew. */
struct prepared {
  const struct catalog_store *store;
  DWORD serial;
  unsigned generation[CATALOG_WIDTHS];
  struct replacement replacement[CATALOG_WIDTHS];
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
static void skip_what_stays(struct catalog_change *change, const struct width_table *width,
                            struct store_tail *tail)
{
  const struct stored_entry *entry =
      width->is_fresh || change->drops_faults ? NULL : entry_table_at(&width->table, change->first);
  size_t same = 0;

  while (entry != NULL && same < change->count &&
         memcmp(&entry->entry.item, &change->items[same], sizeof *change->items) == 0) {
    entry = entry->next;
    same++;
  }
  tail->first = change->first + same;
  tail->count = change->count - same;
  tail->items = change->items + same;
  tail->drops_faults = change->drops_faults;
}

static bool is_good(const struct catalog_change *change, const struct replacement *replacement)
{
  for (size_t i = 0; i < change->count; i++) {
    if (change->must_be_good[i] && replacement->faults[change->first + i] != NULL)
      return false;
  }
  return true;
}

static int prepare_width(struct prepared *prepared, struct transaction *transaction, int i,
                         struct store_tail *tail)
{
  struct width_table *width = &catalog.width[i];
  struct catalog_change *change = &transaction->change[i];
  struct replacement *replacement = &prepared->replacement[i];

  tail->width = (enum catalog_width)i;
  skip_what_stays(change, width, tail);
  if (!replacement_prepare(replacement, &width->table, tail->first, tail->items, tail->count,
                           change->is_checked))
    return WSA_NOT_ENOUGH_MEMORY;
  prepared->generation[i] = width->generation;
  if (!change->is_checked && change->must_be_good != NULL && !is_good(change, replacement))
    return change->if_not;
  return 0;
}

/* Entered with the lock. */
static int compute_locked(struct transaction *transaction, struct prepared *prepared,
                          struct store_tail *tails, size_t *count, unsigned widths,
                          compute_function compute, void *request)
{
  DWORD next_id = 0;
  int error;

  prepared->serial = 0;
  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    const struct width_table *width = &catalog.width[i];

    if ((widths & 1U << i) == 0)
      continue;
    if (catalog.store != prepared->store || !width->is_current)
      return WSANO_RECOVERY;
    transaction->table[i] = &width->table;
    next_id = width->next_id;
    prepared->serial = width->serial;
  }
  error = free_ids_find(&transaction->ids, next_id) ? compute(transaction, request)
                                                    : WSA_NOT_ENOUGH_MEMORY;
  for (int i = 0; error == 0 && i < CATALOG_WIDTHS; i++) {
    if (transaction->is_changed[i])
      error = prepare_width(prepared, transaction, i, &tails[(*count)++]);
  }
  return error;
}

/* --- committing --------------------------------------------------------------------------- */

/* Of the other width too, since a store has one serial: what was right before is so now. */
static void follow(struct prepared *prepared, const struct transaction *transaction, DWORD serial,
                   bool serial_is_known)
{
  AcquireSRWLockExclusive(&catalog.lock);
  for (int i = 0; i < CATALOG_WIDTHS && catalog.store == prepared->store; i++) {
    struct width_table *width = &catalog.width[i];

    if (!serial_is_known || !width->is_current || width->serial != prepared->serial ||
        (transaction->is_changed[i] && width->generation != prepared->generation[i])) {
      width->is_current = false;
      continue;
    }
    if (transaction->is_changed[i]) {
      replacement_apply(&prepared->replacement[i], &width->table);
      width->generation++;
      width->is_fresh = false;
    }
    width->serial = serial;
    width->next_id = transaction->ids.first;
  }
  ReleaseSRWLockExclusive(&catalog.lock);
}

static int commit(struct transaction *transaction, struct prepared *prepared,
                  const struct store_tail *tails, size_t count)
{
  const struct catalog_store *store = prepared->store;
  const GUID *gone = transaction->gone_provider;
  DWORD serial = 0;
  bool serial_is_known;
  int error = store->commit(tails, count, transaction->ids.first);

  if (error != 0)
    return error;
  for (int i = 0; gone != NULL && i < CATALOG_WIDTHS; i++) {
    if (transaction->is_changed[i])
      store->set_provider_categories((enum catalog_width)i, gone, 0);
  }
  serial_is_known = store->serial(&serial) == 0;
  follow(prepared, transaction, serial, serial_is_known);
  return 0;
}

static int compute_and_commit(const struct catalog_store *store, unsigned widths,
                              compute_function compute, void *request)
{
  struct transaction transaction = {0};
  struct prepared prepared = {.store = store};
  struct store_tail tails[CATALOG_WIDTHS];
  size_t count = 0;
  int error;

  AcquireSRWLockExclusive(&catalog.lock);
  error = compute_locked(&transaction, &prepared, tails, &count, widths, compute, request);
  ReleaseSRWLockExclusive(&catalog.lock);
  if (error == 0 && count != 0)
    error = commit(&transaction, &prepared, tails, count);
  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    replacement_discard(&prepared.replacement[i]);
    change_free(&transaction.change[i]);
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

/* Base entries go into both catalogs at once, since both see that the ids are given. */
static int put_base_entries_in(struct transaction *transaction, void *unused)
{
  int error = 0;

  (void)unused;
  for (int i = 0; error == 0 && i < CATALOG_WIDTHS; i++) {
    transaction->is_changed[i] = catalog.width[i].is_fresh;
    if (transaction->is_changed[i])
      error = change_reset(&transaction->change[i]);
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
                           compute_function compute, void *request)
{
  int error = refresh_widths(widths);

  if (error == 0 && free_ids_are_spent())
    error = refresh_widths(~0U);
  if (error == 0 && has_fresh_width()) {
    error = refresh_widths(~0U);
    if (error == 0)
      error = compute_and_commit(store, ~0U, put_base_entries_in, NULL);
    if (error == 0)
      error = refresh_widths(widths);
  }
  if (error == 0)
    error = compute_and_commit(store, widths, compute, request);
  return error;
}

int transaction_run(unsigned widths, compute_function compute, void *request)
{
  const struct catalog_store *store = catalog_store_in_use();
  int error = store->is_writable ? store->lock() : WSANO_RECOVERY;

  if (error != 0)
    return error;
  error = transaction_run_locked(store, widths, compute, request);
  store->unlock();
  return error;
}
