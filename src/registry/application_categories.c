#include "registry/categories.h"

#include "platform/fnv1a.h"
#include "platform/heap.h"
#include "registry/catalog_keys.h"

#include <wchar.h>

enum { KEY_CHARS = 9, NAME_ROOM = 256 };

/* The longest string has 32,767 characters. It is stored with its NUL, and reading it adds
 * another. */
enum { STRING_ROOM = 32767 + 2 };

static const WCHAR APPLICATIONS_KEY[] = L"AppId_Catalog";
static const WCHAR PATH_VALUE[] = L"AppFullPath";
static const WCHAR EXTRA_VALUE[] = L"AppArgs";
static const WCHAR CATEGORIES_VALUE[] = L"PermittedLspCategories";

struct identity {
  const WCHAR *path;
  const WCHAR *extra;
};

/* --- the hash ----------------------------------------------------------------------------- */

/* If CharUpperW and CompareStringOrdinal ever differ in a letter, the key is found by the scan. */
static uint32_t application_hash_string(uint32_t hash, const WCHAR *string, bool without_case)
{
  for (; *string != 0; string++) {
    const WCHAR c =
        without_case ? (WCHAR)(ULONG_PTR)CharUpperW((WCHAR *)(ULONG_PTR)*string) : *string;

    hash = fnv1a_add(hash, c);
  }
  return fnv1a_add(hash, 0); /* the NUL, so that it matters where the path ends */
}

/* FNV-1a of the path in upper case and the extra string. */
static uint32_t application_hash(const struct identity *identity)
{
  return application_hash_string(application_hash_string(FNV1A_BASIS, identity->path, true),
                                 identity->extra, false);
}

static void application_key_name(uint32_t hash, WCHAR name[KEY_CHARS])
{
  wsprintfW(name, L"%08X", hash);
}

/* --- the owner of a key ------------------------------------------------------------------- */

enum key_owner { OWNER_NONE, OWNER_OTHER, OWNER_MATCH, OWNER_UNKNOWN /* out of memory */ };

/* A value that is missing counts as an empty string. */
static DWORD application_read_string(HKEY key, const WCHAR *name, WCHAR *string)
{
  const DWORD error = registry_read_string(key, name, string, STRING_ROOM);

  if (error != 0)
    string[0] = 0;
  return error;
}

/* The path is written last, so a key without it has no owner. A value too long to read cannot
 * match, but its key is in use. */
static enum key_owner application_key_owner(HKEY key, const struct identity *identity,
                                            WCHAR *string)
{
  DWORD error = application_read_string(key, PATH_VALUE, string);

  if (registry_is_shortage(error))
    return OWNER_UNKNOWN;
  if (error != 0)
    return error == ERROR_MORE_DATA ? OWNER_OTHER : OWNER_NONE;
  if (CompareStringOrdinal(string, -1, identity->path, -1, TRUE) != CSTR_EQUAL)
    return OWNER_OTHER;
  error = application_read_string(key, EXTRA_VALUE, string);
  if (registry_is_shortage(error))
    return OWNER_UNKNOWN;
  return error != ERROR_MORE_DATA && wcscmp(string, identity->extra) == 0 ? OWNER_MATCH
                                                                          : OWNER_OTHER;
}

static enum key_owner application_owner_by_name(HKEY applications, const WCHAR *name,
                                                const struct identity *identity, WCHAR *string)
{
  enum key_owner owner;
  HKEY key;
  const DWORD error = registry_open(applications, name, &key);

  if (error != 0)
    return registry_is_shortage(error) ? OWNER_UNKNOWN : OWNER_NONE;
  owner = application_key_owner(key, identity, string);
  registry_close(key);
  return owner;
}

/* --- finding the key ---------------------------------------------------------------------- */

/* Tries the hash and the numbers after it, up to the first key without an owner, as our own writer
 * does. ERROR_FILE_NOT_FOUND: `name` is the name for a new key. */
static DWORD application_find_by_hash(HKEY applications, const struct identity *identity,
                                      WCHAR *string, WCHAR name[NAME_ROOM])
{
  for (uint32_t hash = application_hash(identity);; hash++) {
    enum key_owner owner;

    application_key_name(hash, name);
    owner = application_owner_by_name(applications, name, identity, string);
    if (owner == OWNER_UNKNOWN)
      return ERROR_NOT_ENOUGH_MEMORY;
    if (owner != OWNER_OTHER)
      return owner == OWNER_MATCH ? 0 : ERROR_FILE_NOT_FOUND;
  }
}

/* Finds keys that another writer has named by another rule. */
static DWORD application_find_by_scan(HKEY applications, const struct identity *identity,
                                      WCHAR *string, WCHAR name[NAME_ROOM])
{
  for (DWORD index = 0;; index++) {
    const DWORD error = registry_key_at(applications, index, name, NAME_ROOM);
    enum key_owner owner = OWNER_NONE;

    if (error != 0 && error != ERROR_MORE_DATA)
      return registry_is_shortage(error) ? error : ERROR_FILE_NOT_FOUND;
    if (error == 0)
      owner = application_owner_by_name(applications, name, identity, string);
    if (owner == OWNER_UNKNOWN)
      return ERROR_NOT_ENOUGH_MEMORY;
    if (owner == OWNER_MATCH)
      return 0;
  }
}

/* ERROR_FILE_NOT_FOUND: the application has no key, and `name` is the name for a new one. */
static DWORD application_find(HKEY applications, const struct identity *identity, WCHAR *string,
                              WCHAR name[NAME_ROOM])
{
  WCHAR other[NAME_ROOM];
  DWORD error = application_find_by_hash(applications, identity, string, name);

  if (error != ERROR_FILE_NOT_FOUND)
    return error;
  error = application_find_by_scan(applications, identity, string, other);
  if (error == 0)
    lstrcpynW(name, other, NAME_ROOM);
  return error;
}

static WCHAR *application_allocate_string(void)
{
  return heap_allocate(STRING_ROOM * sizeof(WCHAR));
}

/* --- reading ------------------------------------------------------------------------------ */

static DWORD application_read(HKEY applications, const struct identity *identity, WCHAR *string,
                              DWORD *categories)
{
  WCHAR name[NAME_ROOM];
  HKEY key;
  DWORD error = application_find(applications, identity, string, name);

  if (error != 0)
    return error;
  error = registry_open(applications, name, &key);
  if (error == 0) {
    error = registry_read_dword(key, CATEGORIES_VALUE, categories);
    registry_close(key);
  }
  return error;
}

int registry_get_application_categories(const WCHAR *path, const WCHAR *extra, DWORD *categories)
{
  const struct identity identity = {path, extra};
  WCHAR key_path[CATALOG_PATH_CHARS];
  HKEY applications;
  WCHAR *string;
  DWORD error;

  root_path(APPLICATIONS_KEY, key_path);
  error = registry_open(HKEY_LOCAL_MACHINE, key_path, &applications);
  if (error == 0) {
    string = application_allocate_string();
    error = string != NULL ? application_read(applications, &identity, string, categories)
                           : ERROR_NOT_ENOUGH_MEMORY;
    heap_free(string);
    registry_close(applications);
  }
  if (error == ERROR_FILE_NOT_FOUND || error == ERROR_INVALID_DATATYPE)
    return WSASERVICE_NOT_FOUND;
  return registry_error(error);
}

/* --- writing ------------------------------------------------------------------------------ */

static DWORD application_write_new(HKEY key, const struct identity *identity, DWORD categories)
{
  DWORD error = identity->extra[0] != 0 ? registry_write_string(key, EXTRA_VALUE, identity->extra)
                                        : registry_delete_value(key, EXTRA_VALUE);

  if (error == 0)
    error = registry_write_dword(key, CATEGORIES_VALUE, categories);
  if (error == 0)
    error = registry_write_string(key, PATH_VALUE, identity->path);
  return error;
}

static DWORD application_write(HKEY applications, const struct identity *identity, WCHAR *string,
                               DWORD categories)
{
  WCHAR name[NAME_ROOM];
  const DWORD found = application_find(applications, identity, string, name);
  bool is_new;
  HKEY key;
  DWORD error = found == ERROR_FILE_NOT_FOUND ? 0 : found;

  if (error == 0)
    error = registry_create(applications, name, &key, &is_new);
  if (error != 0)
    return error;
  error = found == 0 ? registry_write_dword(key, CATEGORIES_VALUE, categories)
                     : application_write_new(key, identity, categories);
  close_new_key(key, applications, name, error != 0 && is_new);
  return error;
}

int registry_set_application_categories(const WCHAR *path, const WCHAR *extra, DWORD categories)
{
  const struct identity identity = {path, extra};
  WCHAR *const string = application_allocate_string();
  WCHAR key_path[CATALOG_PATH_CHARS];
  HKEY applications;
  bool is_new;
  DWORD error;

  if (string == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  root_path(APPLICATIONS_KEY, key_path);
  error = registry_create(HKEY_LOCAL_MACHINE, key_path, &applications, &is_new);
  if (error == 0) {
    error = application_write(applications, &identity, string, categories);
    close_new_key(applications, HKEY_LOCAL_MACHINE, key_path, error != 0 && is_new);
  }
  heap_free(string);
  return registry_error(error);
}
