#include "registry/categories.h"

#include "registry/catalog_keys.h"

#include <objbase.h>
#include <rpc.h>

enum { GUID_CHARS = 39 };

static const WCHAR *const CATEGORIES_KEY[] = {
    [CATALOG_32] = L"Ws2Spi_LspCategories", [CATALOG_64] = L"Ws2Spi_LspCategories64"};

/* As netsh prints one, and as StringFromGUID2 does, which lives in ole32. */
static void guid_name(const GUID *guid, WCHAR name[GUID_CHARS])
{
  wsprintfW(name, L"{%08lX-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}", guid->Data1,
            (unsigned)guid->Data2, (unsigned)guid->Data3, (unsigned)guid->Data4[0],
            (unsigned)guid->Data4[1], (unsigned)guid->Data4[2], (unsigned)guid->Data4[3],
            (unsigned)guid->Data4[4], (unsigned)guid->Data4[5], (unsigned)guid->Data4[6],
            (unsigned)guid->Data4[7]);
}

int registry_get_provider_categories(enum catalog_width width, const GUID *provider,
                                     DWORD *categories)
{
  WCHAR path[CATALOG_PATH_CHARS];
  WCHAR name[GUID_CHARS];
  HKEY key;
  DWORD error;

  root_path(CATEGORIES_KEY[width], path);
  guid_name(provider, name);
  error = registry_open(HKEY_LOCAL_MACHINE, path, &key);
  if (error == 0) {
    error = registry_read_dword(key, name, categories);
    registry_close(key);
  }
  if (error == ERROR_FILE_NOT_FOUND || error == ERROR_INVALID_DATATYPE)
    return WSASERVICE_NOT_FOUND;
  return registry_error(error);
}

/* A key that is not there is not made for it. */
static DWORD remove_categories(const WCHAR *path, const WCHAR *name)
{
  DWORD type;
  DWORD size = 0;
  HKEY key;
  DWORD error = registry_open(HKEY_LOCAL_MACHINE, path, &key);

  if (error == 0) {
    error = registry_read(key, name, &type, NULL, &size);
    registry_close(key);
  }
  if (error == ERROR_FILE_NOT_FOUND)
    return 0;
  error = registry_create(HKEY_LOCAL_MACHINE, path, &key, NULL);
  if (error == 0) {
    error = registry_delete_value(key, name);
    registry_close(key);
  }
  return error;
}

static DWORD write_categories(const WCHAR *path, const WCHAR *name, DWORD categories)
{
  bool is_new;
  HKEY key;
  DWORD error = registry_create(HKEY_LOCAL_MACHINE, path, &key, &is_new);

  if (error != 0)
    return error;
  error = registry_write_dword(key, name, categories);
  close_created(key, HKEY_LOCAL_MACHINE, path, error != 0 && is_new);
  return error;
}

int registry_set_provider_categories(enum catalog_width width, const GUID *provider,
                                     DWORD categories)
{
  WCHAR path[CATALOG_PATH_CHARS];
  WCHAR name[GUID_CHARS];

  root_path(CATEGORIES_KEY[width], path);
  guid_name(provider, name);
  return registry_error(categories != 0 ? write_categories(path, name, categories)
                                        : remove_categories(path, name));
}

/* Without its braces, of which UuidFromStringW knows nothing. */
static bool guid_of(WCHAR name[GUID_CHARS], GUID *guid)
{
  enum { LAST = GUID_CHARS - 2 };

  if (lstrlenW(name) != LAST + 1 || name[0] != L'{' || name[LAST] != L'}')
    return false;
  name[LAST] = 0;
  return UuidFromStringW((RPC_WSTR)name + 1, guid) == RPC_S_OK;
}

int registry_categorised_provider(enum catalog_width width, DWORD index, GUID *provider)
{
  WCHAR path[CATALOG_PATH_CHARS];
  WCHAR name[GUID_CHARS];
  HKEY key;
  DWORD error;

  root_path(CATEGORIES_KEY[width], path);
  error = registry_open(HKEY_LOCAL_MACHINE, path, &key);
  if (error == 0) {
    error = registry_value_at(key, index, name, GUID_CHARS);
    registry_close(key);
  }
  if (error == ERROR_FILE_NOT_FOUND || error == ERROR_NO_MORE_ITEMS)
    return WSASERVICE_NOT_FOUND;
  if (error == ERROR_MORE_DATA)
    return WSAEINVAL;
  if (error != 0)
    return registry_error(error);
  return guid_of(name, provider) ? 0 : WSAEINVAL;
}
