#include "registry/notify.h"

#include "registry/catalog_keys.h"
#include "registry/lasting_key.h"

/* The key may not be there yet; a change of a key that is not there could not be seen. */
static DWORD open_changes(HKEY *key)
{
  WCHAR path[CATALOG_PATH_CHARS];
  DWORD error;

  error = catalog_path(CHANGES_KEY, path);
  if (error != 0)
    return error;
  error = registry_open_for_notify(HKEY_LOCAL_MACHINE, path, key);
  if (error == ERROR_FILE_NOT_FOUND)
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
