#include "registry/registry_store.h"

#include "catalog/image_validate.h"
#include "platform/wine.h"
#include "registry/catalog_image.h"
#include "registry/catalog_keys.h"
#include "registry/categories.h"
#include "registry/commit.h"
#include "registry/cached_key.h"
#include "registry/notify.h"
#include "registry/journal_replay.h"
#include "registry/write_lock.h"

enum { TRIES_WITHOUT_LOCK = 8 };

static HANDLE held; /* its holder's own */

/* A real Windows' catalog is written by the system alone. */
static int lock(void)
{
  HANDLE taken;
  int error = system_is_wine() ? write_lock_take(write_lock_patience, &taken) : WSANO_RECOVERY;

  if (error != 0)
    return error;
  error = registry_error(redo_what_was_left());
  if (error != 0)
    write_lock_give(taken);
  else
    held = taken;
  return error;
}

static void unlock(void)
{
  write_lock_give(held);
}

/* A writer that ended has left its journal, and reading went by it. Bringing the keys up to it is for
 * whoever may write and need not wait. */
static void repair(void)
{
  HANDLE taken;

  if (!system_is_wine() || write_lock_take(0, &taken) != 0)
    return;
  redo_what_was_left();
  write_lock_give(taken);
}

/* ERROR_RETRY: somebody has written meanwhile. */
static DWORD try_to_read(enum catalog_width width, struct store_image **image, bool *has_journal)
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

/* Behind the writers, who follow each other too closely for a reader to come between. */
static int read_under_lock(enum catalog_width width, struct store_image **image)
{
  bool has_journal;
  HANDLE taken;
  const int error = write_lock_take(write_lock_patience, &taken);
  DWORD result;

  if (error != 0)
    return error;
  result = try_to_read(width, image, &has_journal);
  write_lock_give(taken);
  return registry_error(result);
}

static int read(enum catalog_width width, struct store_image **image)
{
  bool has_journal = false;
  DWORD error = ERROR_RETRY;

  for (int tries = 0; tries < TRIES_WITHOUT_LOCK && error == ERROR_RETRY; tries++)
    error = try_to_read(width, image, &has_journal);
  if (error == ERROR_RETRY || error == ERROR_KEY_DELETED)
    return read_under_lock(width, image);
  if (error == 0 && has_journal)
    repair();
  return registry_error(error);
}

static struct lasting_key catalog = {.open = catalog_key_open};

/* Asked before every look at the catalog: two calls, as long as the key is there. */
static int serial(DWORD *number)
{
  HKEY key;
  DWORD error = lasting_key_get(&catalog, &key);

  if (error == 0)
    error = catalog_state_serial(key, number);
  if (error == ERROR_KEY_DELETED) {
    error = lasting_key_get_again(&catalog, key, &key);
    if (error == 0)
      error = catalog_state_serial(key, number);
  }
  if (error != ERROR_FILE_NOT_FOUND)
    return registry_error(error);
  *number = 0; /* there is no catalog */
  return 0;
}

static int commit(const struct store_splice *tails, size_t count, DWORD next_id)
{
  return system_is_wine() ? commit_tails(tails, count, next_id) : WSANO_RECOVERY;
}

static DWORD raise_above_counter(DWORD *next_id)
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

static DWORD above_entries(DWORD next_id, const struct store_image *image)
{
  for (size_t i = 0; i < image->count; i++)
    next_id = next_id_above(next_id, image->items[i].info.dwCatalogEntryId);
  for (size_t i = 0; i < image->problem_count; i++)
    next_id = next_id_above(next_id, image->problems[i].catalog_entry_id);
  return next_id;
}

static int raise_above_width(enum catalog_width width, DWORD *next_id)
{
  struct catalog_image found = {0};
  struct catalog_state state;
  DWORD error = catalog_state_open(&state);

  if (error == 0) {
    error = catalog_image_read(&state, width, &found);
    catalog_state_close(&state);
  }
  if (error == 0)
    *next_id = above_entries(*next_id, found.image);
  catalog_image_free(&found);
  return registry_error(error);
}

/* Above the counter and the entries that stay, where these can be read and can be. A shortage of memory
 * does not say that they cannot. */
static int raise_next_id(const struct store_splice *tails, size_t count, DWORD *next_id)
{
  int error = registry_error(raise_above_counter(next_id));

  for (int width = CATALOG_32; error != WSA_NOT_ENOUGH_MEMORY && width <= CATALOG_64; width++) {
    if (count == 1 && tails[0].width != (enum catalog_width)width)
      error = raise_above_width((enum catalog_width)width, next_id);
  }
  return error == WSA_NOT_ENOUGH_MEMORY ? error : 0;
}

/* A journal that cannot be brought to its end is replaced, unless it might be about the other width
 * too. */
static int rebuild(const struct store_splice *tails, size_t count, DWORD next_id)
{
  HANDLE taken;
  int error = system_is_wine() ? write_lock_take(write_lock_patience, &taken) : WSANO_RECOVERY;

  if (error != 0)
    return error;
  error = registry_error(redo_what_was_left());
  if (error == 0 || count == MOST_TAILS)
    error = raise_next_id(tails, count, &next_id);
  if (error == 0)
    error = commit_tails(tails, count, next_id);
  write_lock_give(taken);
  return error;
}

static int set_provider_categories(enum catalog_width width, const GUID *provider, DWORD categories)
{
  return system_is_wine() ? registry_set_provider_categories(width, provider, categories)
                          : WSANO_RECOVERY;
}

static int set_application_categories(const WCHAR *path, const WCHAR *extra, DWORD categories)
{
  return system_is_wine() ? registry_set_application_categories(path, extra, categories)
                          : WSANO_RECOVERY;
}

void registry_store_close(void)
{
  lasting_key_close(&catalog);
  registry_notify_close();
}

const struct catalog_store store_registry = {
    .name = "registry",
    .is_writable = true,
    .lock = lock,
    .unlock = unlock,
    .serial = serial,
    .read = read,
    .commit = commit,
    .rebuild = rebuild,
    .get_provider_categories = registry_get_provider_categories,
    .set_provider_categories = set_provider_categories,
    .categorised_provider = registry_categorised_provider,
    .get_application_categories = registry_get_application_categories,
    .set_application_categories = set_application_categories,
    .notify = registry_notify,
};
