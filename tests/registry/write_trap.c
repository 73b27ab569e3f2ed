#include "write_trap.h"

#include "platform/registry.h"
#include "platform/wine.h"

volatile LONG writes_made;
LONG writes_die_at;
LONG writes_fail_from;
BOOL writes_are_on_windows;

DWORD __real_registry_create(HKEY parent, const WCHAR *path, HKEY *key, bool *is_new);
DWORD __real_registry_write(HKEY key, const WCHAR *name, DWORD type, const void *bytes, DWORD size);
DWORD __real_registry_write_dword(HKEY key, const WCHAR *name, DWORD value);
DWORD __real_registry_write_string(HKEY key, const WCHAR *name, const WCHAR *string);
DWORD __real_registry_delete_value(HKEY key, const WCHAR *name);
DWORD __real_registry_delete_key(HKEY parent, const WCHAR *name);

DWORD __wrap_registry_create(HKEY parent, const WCHAR *path, HKEY *key, bool *is_new);
DWORD __wrap_registry_write(HKEY key, const WCHAR *name, DWORD type, const void *bytes, DWORD size);
DWORD __wrap_registry_write_dword(HKEY key, const WCHAR *name, DWORD value);
DWORD __wrap_registry_write_string(HKEY key, const WCHAR *name, const WCHAR *string);
DWORD __wrap_registry_delete_value(HKEY key, const WCHAR *name);
DWORD __wrap_registry_delete_key(HKEY parent, const WCHAR *name);
bool __wrap_system_is_wine(void);

static BOOL may_write(void)
{
  const LONG made = InterlockedIncrement(&writes_made);

  if (made == writes_die_at)
    TerminateProcess(GetCurrentProcess(), KILLED);
  return writes_fail_from == 0 || made < writes_fail_from;
}

DWORD __wrap_registry_create(HKEY parent, const WCHAR *path, HKEY *key, bool *is_new)
{
  return may_write() ? __real_registry_create(parent, path, key, is_new) : ERROR_ACCESS_DENIED;
}

DWORD __wrap_registry_write(HKEY key, const WCHAR *name, DWORD type, const void *bytes, DWORD size)
{
  return may_write() ? __real_registry_write(key, name, type, bytes, size) : ERROR_ACCESS_DENIED;
}

DWORD __wrap_registry_write_dword(HKEY key, const WCHAR *name, DWORD value)
{
  return may_write() ? __real_registry_write_dword(key, name, value) : ERROR_ACCESS_DENIED;
}

DWORD __wrap_registry_write_string(HKEY key, const WCHAR *name, const WCHAR *string)
{
  return may_write() ? __real_registry_write_string(key, name, string) : ERROR_ACCESS_DENIED;
}

DWORD __wrap_registry_delete_value(HKEY key, const WCHAR *name)
{
  return may_write() ? __real_registry_delete_value(key, name) : ERROR_ACCESS_DENIED;
}

/* RegDeleteTreeW deletes one key after the other, and its caller may end in between. */
static DWORD delete_subkeys(HKEY parent, const WCHAR *name)
{
  WCHAR subkey[MAX_PATH];
  DWORD chars = MAX_PATH;
  DWORD error = 0;
  HKEY key;

  if (RegOpenKeyExW(parent, name, 0, KEY_READ | KEY_WRITE, &key) != 0)
    return 0;
  while (error == 0 && RegEnumKeyExW(key, 0, subkey, &chars, NULL, NULL, NULL, NULL) == 0) {
    error = __wrap_registry_delete_key(key, subkey);
    chars = MAX_PATH;
  }
  RegCloseKey(key);
  return error;
}

DWORD __wrap_registry_delete_key(HKEY parent, const WCHAR *name)
{
  const DWORD error = delete_subkeys(parent, name);

  if (error != 0)
    return error;
  return may_write() ? __real_registry_delete_key(parent, name) : ERROR_ACCESS_DENIED;
}

bool __wrap_system_is_wine(void)
{
  return !writes_are_on_windows;
}
