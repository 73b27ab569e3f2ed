#include "platform/registry.h"

DWORD registry_create(HKEY parent, const WCHAR *path, HKEY *key, bool *is_new)
{
  DWORD disposition = 0;
  const DWORD error = (DWORD)RegCreateKeyExW(parent, path, 0, NULL, REG_OPTION_NON_VOLATILE,
                                             KEY_READ | KEY_WRITE, NULL, key, &disposition);

  if (is_new != NULL)
    *is_new = disposition == REG_CREATED_NEW_KEY;
  return error;
}

DWORD registry_write(HKEY key, const WCHAR *name, DWORD type, const void *bytes, DWORD size)
{
  return (DWORD)RegSetValueExW(key, name, 0, type, bytes, size);
}

DWORD registry_write_dword(HKEY key, const WCHAR *name, DWORD value)
{
  return registry_write(key, name, REG_DWORD, &value, sizeof value);
}

DWORD registry_write_string(HKEY key, const WCHAR *name, const WCHAR *string)
{
  return registry_write(key, name, REG_SZ, string,
                        (DWORD)(((size_t)lstrlenW(string) + 1) * sizeof *string));
}

static DWORD registry_ignore_missing(DWORD error)
{
  return error == ERROR_FILE_NOT_FOUND ? 0 : error;
}

DWORD registry_delete_value(HKEY key, const WCHAR *name)
{
  return registry_ignore_missing((DWORD)RegDeleteValueW(key, name));
}

/* RegDeleteKeyW deletes only a key without subkeys. */
DWORD registry_delete_key(HKEY parent, const WCHAR *name)
{
  DWORD error = (DWORD)RegDeleteKeyW(parent, name);

  if (error == ERROR_ACCESS_DENIED)
    error = (DWORD)RegDeleteTreeW(parent, name);
  return registry_ignore_missing(error);
}
