#include "catalog/catalog_internal.h"

#include "catalog/base_entries.h"
#include "catalog/table_diff.h"
#include "platform/heap.h"

/* The state of the table when the store was asked. If the table has changed since, the image may be
 * older than the table. */
struct table_state {
  const struct catalog_store *store;
  unsigned generation;
};

static bool refresh_is_up_to_date(struct width_table *width, const struct catalog_store *store,
                                  DWORD serial, struct table_state *state)
{
  bool up_to_date;

  AcquireSRWLockShared(&catalog.lock);
  up_to_date = catalog.store == store && width->is_current && width->serial == serial;
  *state = (struct table_state){catalog.store, width->generation};
  ReleaseSRWLockShared(&catalog.lock);
  return up_to_date;
}

/* A fresh store shows the base entries before it holds them, because reading never writes. */
static bool refresh_is_fresh(const struct store_image *image)
{
  return image->count == 0 && image->problem_count == 0 && image->next_id <= FIRST_CATALOG_ID;
}

static bool refresh_prepare(struct table_diff *diff, struct entry_table *table,
                            const struct store_image *image)
{
  struct catalog_item *base;
  bool prepared = false;

  if (!refresh_is_fresh(image))
    return table_diff_prepare(diff, table, 0, image->items, image->count, false);
  base = heap_allocate(BASE_ENTRIES_COUNT * sizeof *base);
  if (base != NULL) {
    base_entries_fill(base);
    prepared = table_diff_prepare(diff, table, 0, base, BASE_ENTRIES_COUNT, true);
  }
  heap_free(base);
  return prepared;
}

static void refresh_apply(struct table_diff *diff, struct width_table *width,
                          const struct store_image *image)
{
  table_diff_apply(diff, &width->table);
  width->is_current = true;
  width->is_fresh = refresh_is_fresh(image);
  width->serial = image->serial;
  width->next_id = image->next_id;
  width->generation++;
}

static int refresh_publish_if_current(struct width_table *width, const struct store_image *image,
                                      const struct table_state *state, bool *published)
{
  struct table_diff diff = {0};
  int error = 0;

  AcquireSRWLockExclusive(&catalog.lock);
  if (catalog.store == state->store && width->generation == state->generation) {
    if (refresh_prepare(&diff, &width->table, image)) {
      refresh_apply(&diff, width, image);
      *published = true;
    } else {
      error = WSA_NOT_ENOUGH_MEMORY;
    }
  }
  ReleaseSRWLockExclusive(&catalog.lock);
  table_diff_discard(&diff);
  return error;
}

/* If another thread has changed the table in between, it looks again: the table may be current
 * now. */
int catalog_refresh(enum catalog_width which)
{
  struct width_table *width = &catalog.width[which];
  bool published = false;

  if (catalog_own_path() == NULL)
    return WSANO_RECOVERY;
  while (!published) {
    const struct catalog_store *store = catalog_store_in_use();
    struct store_image *image = NULL;
    struct table_state state;
    DWORD serial;
    int error = store->serial(&serial);

    if (error != 0 || refresh_is_up_to_date(width, store, serial, &state))
      return error;
    if (state.store != store)
      continue;
    error = store->read(which, &image);
    if (error == 0)
      error = refresh_publish_if_current(width, image, &state, &published);
    store_free_image(image);
    if (error != 0)
      return error;
  }
  return 0;
}

/* --- another store -------------------------------------------------------------------- */

/* Called with the lock held. Nothing of the previous catalog may be found, even if the new one
 * cannot be read later. */
static void refresh_forget(struct width_table *width)
{
  entry_table_clear(&width->table);
  width->is_current = false;
  width->generation++;
}

static int refresh_switch_store(const struct catalog_store *store, const struct store_image *image)
{
  struct width_table *native = &catalog.width[CATALOG_NATIVE];
  struct table_diff diff = {0};
  int error = WSA_NOT_ENOUGH_MEMORY;

  AcquireSRWLockExclusive(&catalog.lock);
  if (refresh_prepare(&diff, &native->table, image)) {
    catalog.store = store;
    refresh_apply(&diff, native, image);
    entry_table_reset_highest_ids(&native->table);
    refresh_forget(&catalog.width[1 - CATALOG_NATIVE]);
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
    error = refresh_switch_store(store, image);
  store_free_image(image);
  return error;
}
