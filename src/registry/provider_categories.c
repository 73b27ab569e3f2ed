#include "registry/categories.h"

#include "platform/guid_text.h"
#include "registry/catalog_keys.h"

static const WCHAR *const CATEGORIES_KEY[] = {
    [CATALOG_32] = L"Ws2Spi_LspCategories", [CATALOG_64] = L"Ws2Spi_LspCategories64"};

/* The text of a GUID has ASCII characters only, so each is widened by itself. */
static void provider_value_name(const GUID *guid, WCHAR name[GUID_CHARS])
{
  const struct guid_text text = guid_to_text(guid);

  for (size_t place = 0; place < GUID_CHARS; place++)
    name[place] = (WCHAR)text.text[place];
}

int registry_get_provider_categories(enum catalog_width width, const GUID *provider,
                                     DWORD *categories)
{
  WCHAR path[CATALOG_PATH_CHARS];
  WCHAR name[GUID_CHARS];
  HKEY key;
  DWORD error;

  root_path(CATEGORIES_KEY[width], path);
  provider_value_name(provider, name);
  error = registry_open(HKEY_LOCAL_MACHINE, path, &key);
  if (error == 0) {
    error = registry_read_dword(key, name, categories);
    registry_close(key);
  }
  if (error == ERROR_FILE_NOT_FOUND || error == ERROR_INVALID_DATATYPE)
    return WSASERVICE_NOT_FOUND;
  return registry_error(error);
}

/* Does not make a key in order to remove nothing from it. */
static DWORD provider_remove_categories(const WCHAR *path, const WCHAR *name)
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

static DWORD provider_write_categories(const WCHAR *path, const WCHAR *name, DWORD categories)
{
  bool is_new;
  HKEY key;
  DWORD error = registry_create(HKEY_LOCAL_MACHINE, path, &key, &is_new);

  if (error != 0)
    return error;
  error = registry_write_dword(key, name, categories);
  close_new_key(key, HKEY_LOCAL_MACHINE, path, error != 0 && is_new);
  return error;
}

int registry_set_provider_categories(enum catalog_width width, const GUID *provider,
                                     DWORD categories)
{
  WCHAR path[CATALOG_PATH_CHARS];
  WCHAR name[GUID_CHARS];

  root_path(CATEGORIES_KEY[width], path);
  provider_value_name(provider, name);
  return registry_error(categories != 0 ? provider_write_categories(path, name, categories)
                                        : provider_remove_categories(path, name));
}

/* Accepts only the form that provider_value_name writes, with braces. */
static bool provider_from_value_name(const WCHAR *name, GUID *guid)
{
  char text[GUID_CHARS];

  if (lstrlenW(name) != GUID_CHARS - 1)
    return false;
  for (size_t place = 0; place < GUID_CHARS; place++) {
    if (name[place] > 0x7F)
      return false;
    text[place] = (char)name[place];
  }
  return guid_from_text(text, guid);
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
  return provider_from_value_name(name, provider) ? 0 : WSAEINVAL;
}
