#include "registry/catalog_keys.h"

#include <string.h>
#include <wchar.h>

#define PARAMETERS L"SYSTEM\\CurrentControlSet\\Services\\WinSock2\\Parameters"

enum { CATALOG_NAME_CHARS = 64, POSITION_DIGITS = POSITION_CHARS - 1 };

static const WCHAR CATALOG_NAME[] = L"Protocol_Catalog9";
static const WCHAR CURRENT_VALUE[] = L"Current_Protocol_Catalog";
static const WCHAR VERSION_VALUE[] = L"WinSock_Registry_Version";

const WCHAR *catalog_root = PARAMETERS;

const WCHAR *const entries_key_name[] = {
    [CATALOG_32] = L"Catalog_Entries", [CATALOG_64] = L"Catalog_Entries64"};
const WCHAR *const entries_count_name[] = {
    [CATALOG_32] = L"Num_Catalog_Entries", [CATALOG_64] = L"Num_Catalog_Entries64"};

static void path_append(WCHAR *path, const WCHAR *name)
{
  const size_t length = wcslen(path);

  if (length + 1 + wcslen(name) < CATALOG_PATH_CHARS) {
    path[length] = L'\\';
    wcscpy(path + length + 1, name);
  }
}

void root_path(const WCHAR *name, WCHAR path[CATALOG_PATH_CHARS])
{
  lstrcpynW(path, catalog_root, CATALOG_PATH_CHARS);
  if (name != NULL)
    path_append(path, name);
}

/* A damaged value, or one that is not the name of a single key, is ignored, and the usual name
 * applies. A shortage is an error, because the value that could not be read may be another name. */
static DWORD read_catalog_name(WCHAR name[CATALOG_NAME_CHARS])
{
  WCHAR path[CATALOG_PATH_CHARS];
  HKEY root = NULL;
  DWORD error;

  root_path(NULL, path);
  error = registry_open(HKEY_LOCAL_MACHINE, path, &root);
  if (error == 0)
    error = registry_read_string(root, CURRENT_VALUE, name, CATALOG_NAME_CHARS);
  registry_close(root);
  if (registry_is_shortage(error))
    return error;
  if (error != 0 || name[0] == 0 || wcschr(name, L'\\') != NULL)
    wcscpy(name, CATALOG_NAME);
  return 0;
}

DWORD catalog_path(const WCHAR *name, WCHAR path[CATALOG_PATH_CHARS])
{
  WCHAR catalog[CATALOG_NAME_CHARS];
  const DWORD error = read_catalog_name(catalog);

  if (error != 0)
    return error;
  root_path(catalog, path);
  if (name != NULL)
    path_append(path, name);
  return 0;
}

DWORD catalog_key_open(HKEY *key)
{
  WCHAR path[CATALOG_PATH_CHARS];
  DWORD error;

  *key = NULL;
  error = catalog_path(NULL, path);
  return error != 0 ? error : registry_open(HKEY_LOCAL_MACHINE, path, key);
}

static DWORD write_if_missing(HKEY key, const WCHAR *name, const WCHAR *string)
{
  DWORD size = 0;
  const DWORD error = registry_read(key, name, NULL, NULL, &size);

  if (error == ERROR_FILE_NOT_FOUND)
    return registry_write_string(key, name, string);
  return registry_is_shortage(error) ? error : 0; /* a damaged value does no harm here */
}

DWORD catalog_key_create(HKEY *key)
{
  WCHAR path[CATALOG_PATH_CHARS];
  HKEY root = NULL;
  DWORD error;

  *key = NULL;
  root_path(NULL, path);
  error = registry_create(HKEY_LOCAL_MACHINE, path, &root, NULL);
  if (error != 0)
    return error;
  error = write_if_missing(root, VERSION_VALUE, L"2.0");
  if (error == 0)
    error = write_if_missing(root, CURRENT_VALUE, CATALOG_NAME);
  registry_close(root);
  if (error == 0)
    error = catalog_path(NULL, path);
  return error != 0 ? error : registry_create(HKEY_LOCAL_MACHINE, path, key, NULL);
}

void close_new_key(HKEY key, HKEY parent, const WCHAR *path, bool rollback)
{
  registry_close(key);
  if (rollback)
    registry_delete_key(parent, path);
}

void position_name(DWORD position, WCHAR name[POSITION_CHARS])
{
  name[POSITION_DIGITS] = 0;
  for (int digit = POSITION_DIGITS - 1; digit >= 0; digit--) {
    name[digit] = (WCHAR)(L'0' + position % 10);
    position /= 10;
  }
}

DWORD position_from_name(const WCHAR *name)
{
  unsigned long long position = 0;

  for (int digit = 0; digit < POSITION_DIGITS; digit++) {
    if (name[digit] < L'0' || name[digit] > L'9')
      return 0;
    position = position * 10 + (unsigned)(name[digit] - L'0');
  }
  return name[POSITION_DIGITS] == 0 && position <= MAXDWORD ? (DWORD)position : 0;
}
