#include "registry/registry_store.h"

#include "catalog/image_validate.h"
#include "platform/wine.h"
#include "registry/cached_key.h"
#include "registry/catalog_image.h"
#include "registry/catalog_keys.h"
#include "registry/categories.h"
#include "registry/commit.h"
#include "registry/journal_replay.h"
#include "registry/notify.h"
#include "registry/write_lock.h"

enum { TRIES_WITHOUT_LOCK = 8 };

static HANDLE held_lock; /* between registry_store_lock and _unlock */

/* On real Windows only the system writes the catalog. */
static int registry_store_lock(void)
{
  HANDLE acquired;
  int error =
      system_is_wine() ? write_lock_acquire(write_lock_timeout_ms, &acquired) : WSANO_RECOVERY;

  if (error != 0)
    return error;
  error = registry_error(journal_recover());
  if (error != 0)
    write_lock_release(acquired);
  else
    held_lock = acquired;
  return error;
}

static void registry_store_unlock(void)
{
  write_lock_release(held_lock);
}

/* A reader has applied the journal of a writer that ended. If it may write and need not wait, it
 * also replays the journal. */
static void registry_store_recover(void)
{
  HANDLE acquired;

  if (!system_is_wine() || write_lock_acquire(0, &acquired) != 0)
    return;
  journal_recover();
  write_lock_release(acquired);
}

/* ERROR_RETRY: somebody has written at the same time. */
static DWORD registry_store_read_once(enum catalog_width width, struct store_image **image,
                                      bool *has_journal)
{
  struct catalog_image found = {0};
  struct catalog_state state;
  DWORD error = catalog_state_open(&state);

  if (error != 0)
    return error;
  error = catalog_image_read(&state, width, &found);
  if (!registry_is_shortage(error)) {
    const DWORD now = catalog_state_check(&state);

    error = now != 0 ? now : error;
  }
  *has_journal = state.has_journal;
  if (error == 0) {
    *image = found.image;
    found.image = NULL;
  }
  catalog_image_free(&found);
  catalog_state_close(&state);
  return error;
}

/* Reads under the write lock: writers that follow each other closely leave a reader without the lock
 * no time in between. */
static int registry_store_read_locked(enum catalog_width width, struct store_image **image)
{
  bool has_journal;
  HANDLE acquired;
  const int error = write_lock_acquire(write_lock_timeout_ms, &acquired);
  DWORD result;

  if (error != 0)
    return error;
  result = registry_store_read_once(width, image, &has_journal);
  write_lock_release(acquired);
  return registry_error(result);
}

static int registry_store_read(enum catalog_width width, struct store_image **image)
{
  bool has_journal = false;
  DWORD error = ERROR_RETRY;

  for (int tries = 0; tries < TRIES_WITHOUT_LOCK && error == ERROR_RETRY; tries++)
    error = registry_store_read_once(width, image, &has_journal);
  if (error == ERROR_RETRY || error == ERROR_KEY_DELETED)
    return registry_store_read_locked(width, image);
  if (error == 0 && has_journal)
    registry_store_recover();
  return registry_error(error);
}

static struct cached_key catalog_key = {.open = catalog_key_open};

/* Called before each look-up. It takes two calls of the system, unless the key was deleted. */
static int registry_store_serial(DWORD *serial)
{
  HKEY key;
  DWORD error = cached_key_get(&catalog_key, &key);

  if (error == 0)
    error = catalog_state_serial(key, serial);
  if (error == ERROR_KEY_DELETED) {
    error = cached_key_reopen(&catalog_key, key, &key);
    if (error == 0)
      error = catalog_state_serial(key, serial);
  }
  if (error != ERROR_FILE_NOT_FOUND)
    return registry_error(error);
  *serial = 0; /* there is no catalog */
  return 0;
}

static int registry_store_commit(const struct store_splice *splices, size_t count, DWORD next_id)
{
  return system_is_wine() ? commit_splices(splices, count, next_id) : WSANO_RECOVERY;
}

static DWORD raise_next_id_above_counter(DWORD *next_id)
{
  DWORD stored = 0;
  HKEY key;
  DWORD error = catalog_key_open(&key);

  if (error == 0)
    error = registry_read_dword(key, NEXT_ID_VALUE, &stored);
  registry_close(key);
  if (error == 0)
    *next_id = next_id_above(*next_id, stored - 1);
  return registry_is_shortage(error) ? error : 0;
}

static DWORD next_id_above_image(DWORD next_id, const struct store_image *image)
{
  for (size_t i = 0; i < image->count; i++)
    next_id = next_id_above(next_id, image->items[i].info.dwCatalogEntryId);
  for (size_t i = 0; i < image->problem_count; i++)
    next_id = next_id_above(next_id, image->problems[i].catalog_entry_id);
  return next_id;
}

static int raise_next_id_above_width(enum catalog_width width, DWORD *next_id)
{
  struct catalog_image found = {0};
  struct catalog_state state;
  DWORD error = catalog_state_open(&state);

  if (error == 0) {
    error = catalog_image_read(&state, width, &found);
    catalog_state_close(&state);
  }
  if (error == 0)
    *next_id = next_id_above_image(*next_id, found.image);
  catalog_image_free(&found);
  return registry_error(error);
}

/* Raises the id above the counter and above the entries of a width that stays, as far as these can
 * be read. A shortage of memory is an error, because it does not mean that they are damaged. */
static int raise_next_id(const struct store_splice *splices, size_t count, DWORD *next_id)
{
  int error = registry_error(raise_next_id_above_counter(next_id));

  for (int width = CATALOG_32; error != WSA_NOT_ENOUGH_MEMORY && width <= CATALOG_64; width++) {
    if (count == 1 && splices[0].width != (enum catalog_width)width)
      error = raise_next_id_above_width((enum catalog_width)width, next_id);
  }
  return error == WSA_NOT_ENOUGH_MEMORY ? error : 0;
}

/* A journal that cannot be replayed is replaced. A rebuild of one width is refused then, because the
 * journal may change the other width too. */
static int registry_store_rebuild(const struct store_splice *splices, size_t count, DWORD next_id)
{
  HANDLE acquired;
  int error =
      system_is_wine() ? write_lock_acquire(write_lock_timeout_ms, &acquired) : WSANO_RECOVERY;

  if (error != 0)
    return error;
  error = registry_error(journal_recover());
  if (error == 0 || count == MOST_SPLICES)
    error = raise_next_id(splices, count, &next_id);
  if (error == 0)
    error = commit_splices(splices, count, next_id);
  write_lock_release(acquired);
  return error;
}

static int registry_store_set_provider_categories(enum catalog_width width, const GUID *provider,
                                                  DWORD categories)
{
  return system_is_wine() ? registry_set_provider_categories(width, provider, categories)
                          : WSANO_RECOVERY;
}

static int registry_store_set_application_categories(const WCHAR *path, const WCHAR *extra,
                                                     DWORD categories)
{
  return system_is_wine() ? registry_set_application_categories(path, extra, categories)
                          : WSANO_RECOVERY;
}

void registry_store_close(void)
{
  cached_key_close(&catalog_key);
  registry_notify_close();
}

const struct catalog_store store_registry = {
    .name = "registry",
    .is_writable = true,
    .lock = registry_store_lock,
    .unlock = registry_store_unlock,
    .serial = registry_store_serial,
    .read = registry_store_read,
    .commit = registry_store_commit,
    .rebuild = registry_store_rebuild,
    .get_provider_categories = registry_get_provider_categories,
    .set_provider_categories = registry_store_set_provider_categories,
    .categorised_provider = registry_categorised_provider,
    .get_application_categories = registry_get_application_categories,
    .set_application_categories = registry_store_set_application_categories,
    .notify = registry_notify,
};
