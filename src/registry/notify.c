#include "registry/notify.h"

#include "platform/wine.h"
#include "registry/cached_key.h"
#include "registry/catalog_keys.h"

/* On real Windows this DLL writes nothing, and the system's writers do not know our key, so the
 * catalog's own key is watched. One change sets the event several times there; the caller compares
 * serial numbers and reports one. Under Wine our key is made if it does not exist yet, because a
 * missing key cannot be watched. */
static DWORD notify_open_key(HKEY *key)
{
  const bool is_wine = system_is_wine();
  WCHAR path[CATALOG_PATH_CHARS];
  DWORD error;

  error = catalog_path(is_wine ? CHANGES_KEY : NULL, path);
  if (error != 0)
    return error;
  error = registry_open_for_notify(HKEY_LOCAL_MACHINE, path, key);
  if (error == ERROR_FILE_NOT_FOUND && is_wine)
    error = registry_create(HKEY_LOCAL_MACHINE, path, key, NULL);
  return error;
}

static struct cached_key changes_key = {.open = notify_open_key};

static DWORD notify_watch(HKEY key, HANDLE event)
{
  return (DWORD)RegNotifyChangeKeyValue(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event, TRUE);
}

int registry_notify(HANDLE event)
{
  HKEY key;
  DWORD error = cached_key_get(&changes_key, &key);

  if (error == 0)
    error = notify_watch(key, event);
  if (error == ERROR_KEY_DELETED) {
    error = cached_key_reopen(&changes_key, key, &key);
    if (error == 0)
      error = notify_watch(key, event);
  }
  return registry_error(error);
}

void registry_notify_close(void)
{
  cached_key_close(&changes_key);
}
