#include "catalog/catalog_internal.h"

#include "catalog/base_entries.h"
#include "catalog/table_diff.h"
#include "platform/heap.h"

/* What the table was when the store was asked: an image that was read for another state of
 * it may be older than what it has become since. */
struct seen {
  const struct catalog_store *store;
  unsigned generation;
};

static bool is_up_to_date(struct width_table *width, const struct catalog_store *store,
                          DWORD serial, struct seen *seen)
{
  bool up_to_date;

  AcquireSRWLockShared(&catalog.lock);
  up_to_date = catalog.store == store && width->is_current && width->serial == serial;
  *seen = (struct seen){catalog.store, width->generation};
  ReleaseSRWLockShared(&catalog.lock);
  return up_to_date;
}

/* A fresh store shows the base entries before it has them: reading writes nothing. */
static bool is_fresh(const struct store_image *image)
{
  return image->count == 0 && image->problem_count == 0 && image->next_id <= FIRST_CATALOG_ID;
}

static bool prepare(struct table_diff *diff, struct entry_table *table,
                    const struct store_image *image)
{
  struct catalog_item *base;
  bool prepared = false;

  if (!is_fresh(image))
    return table_diff_prepare(diff, table, 0, image->items, image->count, false);
  base = heap_allocate(BASE_ENTRIES_COUNT * sizeof *base);
  if (base != NULL) {
    base_entries_fill(base);
    prepared = table_diff_prepare(diff, table, 0, base, BASE_ENTRIES_COUNT, true);
  }
  heap_free(base);
  return prepared;
}

static void put_in_place(struct table_diff *diff, struct width_table *width,
                         const struct store_image *image)
{
  table_diff_apply(diff, &width->table);
  width->is_current = true;
  width->is_fresh = is_fresh(image);
  width->serial = image->serial;
  width->next_id = image->next_id;
  width->generation++;
}

static int take_over(struct width_table *width, const struct store_image *image,
                     const struct seen *seen, bool *taken)
{
  struct table_diff diff = {0};
  int error = 0;

  AcquireSRWLockExclusive(&catalog.lock);
  if (catalog.store == seen->store && width->generation == seen->generation) {
    if (prepare(&diff, &width->table, image)) {
      put_in_place(&diff, width, image);
      *taken = true;
    } else {
      error = WSA_NOT_ENOUGH_MEMORY;
    }
  }
  ReleaseSRWLockExclusive(&catalog.lock);
  table_diff_discard(&diff);
  return error;
}

/* Whoever finds the table changed under its hands looks again: it may be right by now. */
int catalog_refresh(enum catalog_width which)
{
  struct width_table *width = &catalog.width[which];
  bool taken = false;

  if (catalog_own_path() == NULL)
    return WSANO_RECOVERY;
  while (!taken) {
    const struct catalog_store *store = catalog_store_in_use();
    struct store_image *image = NULL;
    struct seen seen;
    DWORD serial;
    int error = store->serial(&serial);

    if (error != 0 || is_up_to_date(width, store, serial, &seen))
      return error;
    if (seen.store != store)
      continue;
    error = store->read(which, &image);
    if (error == 0)
      error = take_over(width, image, &seen, &taken);
    store_free_image(image);
    if (error != 0)
      return error;
  }
  return 0;
}

/* --- another store --------------------------------------------------------------------- */

/* Entered with the lock. Of the catalog before nothing is to be found any more, even if the new
 * one cannot be read again by then. */
static void forget(struct width_table *width)
{
  entry_table_clear(&width->table);
  width->is_current = false;
  width->generation++;
}

static int switch_to(const struct catalog_store *store, const struct store_image *image)
{
  struct width_table *native = &catalog.width[CATALOG_NATIVE];
  struct table_diff diff = {0};
  int error = WSA_NOT_ENOUGH_MEMORY;

  AcquireSRWLockExclusive(&catalog.lock);
  if (prepare(&diff, &native->table, image)) {
    catalog.store = store;
    put_in_place(&diff, native, image);
    entry_table_forget_ids(&native->table);
    forget(&catalog.width[1 - CATALOG_NATIVE]);
    error = 0;
  }
  ReleaseSRWLockExclusive(&catalog.lock);
  table_diff_discard(&diff);
  return error;
}

int catalog_open_store(const struct catalog_store *store)
{
  struct store_image *image = NULL;
  int error = WSANO_RECOVERY;

  if (catalog_own_path() != NULL)
    error = store->read(CATALOG_NATIVE, &image);
  if (error == 0)
    error = switch_to(store, image);
  store_free_image(image);
  return error;
}
