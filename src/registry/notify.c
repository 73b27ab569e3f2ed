#include "registry/notify.h"

#include "registry/catalog_keys.h"

#include <stdatomic.h>

/* A notification lasts as long as the handle it was asked for through: one handle for all, for the
 * life of the DLL. */
static _Atomic(HKEY) watched;

/* The key may not be there yet; a change of a key that is not there could not be seen. */
static DWORD open_changes(HKEY *key)
{
  WCHAR path[CATALOG_PATH_CHARS];
  DWORD error;

  catalog_path(CHANGES_KEY, path);
  error = registry_open_for_notify(HKEY_LOCAL_MACHINE, path, key);
  if (error == ERROR_FILE_NOT_FOUND)
    error = registry_create(HKEY_LOCAL_MACHINE, path, key, NULL);
  return error;
}

static DWORD watched_key(HKEY *key)
{
  HKEY none = NULL;
  DWORD error;

  *key = atomic_load(&watched);
  if (*key != NULL)
    return 0;
  error = open_changes(key);
  if (error == 0 && !atomic_compare_exchange_strong(&watched, &none, *key)) {
    registry_close(*key);
    *key = none;
  }
  return error;
}

static DWORD watch(HKEY key, HANDLE event)
{
  return (DWORD)RegNotifyChangeKeyValue(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event, TRUE);
}

/* If the key has been deleted with the catalog, it is looked for anew. The handle of the old one stays
 * open, since another thread may be using it: one for each time that somebody deletes
 * the whole catalog. */
int registry_notify(HANDLE event)
{
  HKEY key;
  DWORD error = watched_key(&key);

  if (error == 0)
    error = watch(key, event);
  if (error == ERROR_KEY_DELETED) {
    atomic_compare_exchange_strong(&watched, &key, NULL);
    error = watched_key(&key);
    if (error == 0)
      error = watch(key, event);
  }
  return registry_error(error);
}

void registry_notify_close(void)
{
  registry_close(atomic_exchange(&watched, NULL));
}
