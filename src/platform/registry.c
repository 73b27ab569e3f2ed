#include "platform/registry.h"

#include "platform/heap.h"

DWORD registry_open(HKEY parent, const WCHAR *path, HKEY *key)
{
  return (DWORD)RegOpenKeyExW(parent, path, 0, KEY_READ, key);
}

DWORD registry_open_for_notify(HKEY parent, const WCHAR *path, HKEY *key)
{
  return (DWORD)RegOpenKeyExW(parent, path, 0, KEY_NOTIFY, key);
}

void registry_close(HKEY key)
{
  if (key != NULL)
    RegCloseKey(key);
}

DWORD registry_read(HKEY key, const WCHAR *name, DWORD *type, void *bytes, DWORD *size)
{
  return (DWORD)RegQueryValueExW(key, name, NULL, type, bytes, size);
}

DWORD registry_read_dword(HKEY key, const WCHAR *name, DWORD *value)
{
  DWORD type;
  DWORD found;
  DWORD size = sizeof found;
  const DWORD error = registry_read(key, name, &type, &found, &size);

  if (error == ERROR_MORE_DATA || (error == 0 && (type != REG_DWORD || size != sizeof found)))
    return ERROR_INVALID_DATATYPE;
  if (error == 0)
    *value = found;
  return error;
}

DWORD registry_read_string(HKEY key, const WCHAR *name, WCHAR *string, DWORD chars)
{
  DWORD type;
  DWORD size = (chars - 1) * (DWORD)sizeof *string;
  const DWORD error = registry_read(key, name, &type, string, &size);

  if (error == 0 && type != REG_SZ)
    return ERROR_INVALID_DATATYPE;
  /* A value that another program wrote may have no NUL. */
  string[error == 0 ? size / sizeof *string : 0] = 0;
  return error;
}

DWORD registry_read_all(HKEY key, const WCHAR *name, DWORD *type, void **bytes, DWORD *size)
{
  DWORD error;

  *bytes = NULL;
  *size = 0;
  error = registry_read(key, name, type, NULL, size);
  while (error == 0 || error == ERROR_MORE_DATA) {
    heap_free(*bytes);
    *bytes = heap_allocate(*size + 1);
    if (*bytes == NULL)
      return ERROR_NOT_ENOUGH_MEMORY;
    error = registry_read(key, name, type, *bytes, size);
    if (error == 0)
      return 0;
    /* The value has got longer since its size was read. */
  }
  heap_free(*bytes);
  *bytes = NULL;
  return error;
}

DWORD registry_count_keys(HKEY key, DWORD *count)
{
  return (DWORD)RegQueryInfoKeyW(key, NULL, NULL, NULL, count, NULL, NULL, NULL, NULL, NULL, NULL,
                                 NULL);
}

DWORD registry_key_at(HKEY key, DWORD index, WCHAR *name, DWORD chars)
{
  return (DWORD)RegEnumKeyExW(key, index, name, &chars, NULL, NULL, NULL, NULL);
}

DWORD registry_value_at(HKEY key, DWORD index, WCHAR *name, DWORD chars)
{
  return (DWORD)RegEnumValueW(key, index, name, &chars, NULL, NULL, NULL, NULL);
}

bool registry_is_shortage(DWORD error)
{
  switch (error) {
  case ERROR_NOT_ENOUGH_MEMORY:
  case ERROR_OUTOFMEMORY:
  case ERROR_NO_SYSTEM_RESOURCES:
  case ERROR_TOO_MANY_OPEN_FILES:
  case ERROR_COMMITMENT_LIMIT:
  case ERROR_WORKING_SET_QUOTA:
  case ERROR_NOT_ENOUGH_QUOTA:
    return true;
  default:
    return false;
  }
}

int registry_error(DWORD error)
{
  if (error == ERROR_SUCCESS)
    return 0;
  if (error == ERROR_ACCESS_DENIED)
    return WSANO_RECOVERY;
  return registry_is_shortage(error) ? WSA_NOT_ENOUGH_MEMORY : WSASYSCALLFAILURE;
}
