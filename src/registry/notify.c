#include "registry/notify.h"

#include "platform/wine.h"
#include "registry/catalog_keys.h"
#include "registry/cached_key.h"

/* On a real Windows nothing is written, and the system's writers know nothing of our key: the
 * catalog's own says enough, since its serial number changes with it. It sets the event
 * several times for one change, of which whoever compares serial numbers tells one.
 * On Wine the key may not be there yet; a change of a key that is not there could not be seen. */
static DWORD open_changes(HKEY *key)
{
  const bool may_write = system_is_wine();
  WCHAR path[CATALOG_PATH_CHARS];
  DWORD error;

  error = catalog_path(may_write ? CHANGES_KEY : NULL, path);
  if (error != 0)
    return error;
  error = registry_open_for_notify(HKEY_LOCAL_MACHINE, path, key);
  if (error == ERROR_FILE_NOT_FOUND && may_write)
    error = registry_create(HKEY_LOCAL_MACHINE, path, key, NULL);
  return error;
}

static struct lasting_key changes = {.open = open_changes};

static DWORD watch(HKEY key, HANDLE event)
{
  return (DWORD)RegNotifyChangeKeyValue(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event, TRUE);
}

int registry_notify(HANDLE event)
{
  HKEY key;
  DWORD error = lasting_key_get(&changes, &key);

  if (error == 0)
    error = watch(key, event);
  if (error == ERROR_KEY_DELETED) {
    error = lasting_key_get_again(&changes, key, &key);
    if (error == 0)
      error = watch(key, event);
  }
  return registry_error(error);
}

void registry_notify_close(void)
{
  lasting_key_close(&changes);
}
