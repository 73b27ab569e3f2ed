#include "registry/categories.h"

#include "platform/fnv1a.h"
#include "platform/heap.h"
#include "registry/catalog_keys.h"

#include <stdint.h>
#include <wchar.h>

enum { KEY_CHARS = 9, NAME_ROOM = 256 };

/* The longest string is of 32,767 characters, and is stored with its end, behind which a string that
 * is read gets another. */
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

/* Should CharUpperW and CompareStringOrdinal differ in a letter, the key is found by look. */
static uint32_t fold(uint32_t hash, const WCHAR *string, bool without_case)
{
  for (; *string != 0; string++) {
    const WCHAR c =
        without_case ? (WCHAR)(ULONG_PTR)CharUpperW((WCHAR *)(ULONG_PTR)*string) : *string;

    hash = fnv1a_add(hash, c);
  }
  return fnv1a_add(hash, 0); /* so that where the path ends makes a difference */
}

/* FNV-1a over the path in upper case and the extra string. */
static uint32_t hash_of(const struct identity *identity)
{
  return fold(fold(FNV1A_BASIS, identity->path, true), identity->extra, false);
}

static void key_name(uint32_t hash, WCHAR name[KEY_CHARS])
{
  wsprintfW(name, L"%08X", hash);
}

/* --- whose key it is ---------------------------------------------------------------------- */

enum holder { NOBODY, SOMEBODY_ELSE, THE_ONE, NOT_KNOWN /* for want of memory */ };

/* A value that is missing counts as an empty string. */
static DWORD read_string(HKEY key, const WCHAR *name, WCHAR *string)
{
  const DWORD error = registry_read_string(key, name, string, STRING_ROOM);

  if (error != 0)
    string[0] = 0;
  return error;
}

static enum holder nobody_unless_short(DWORD error)
{
  return registry_is_shortage(error) ? NOT_KNOWN : NOBODY;
}

/* The path is written last: a key without it belongs to nobody. What is too long to be read is
 * nobody's that is asked for, but somebody's. */
static enum holder holder_of(HKEY key, const struct identity *identity, WCHAR *string)
{
  DWORD error = read_string(key, PATH_VALUE, string);

  if (error != 0)
    return error == ERROR_MORE_DATA ? SOMEBODY_ELSE : nobody_unless_short(error);
  if (CompareStringOrdinal(string, -1, identity->path, -1, TRUE) != CSTR_EQUAL)
    return SOMEBODY_ELSE;
  error = read_string(key, EXTRA_VALUE, string);
  if (registry_is_shortage(error))
    return NOT_KNOWN;
  return error != ERROR_MORE_DATA && wcscmp(string, identity->extra) == 0 ? THE_ONE : SOMEBODY_ELSE;
}

static enum holder holder_by_name(HKEY applications, const WCHAR *name,
                                  const struct identity *identity, WCHAR *string)
{
  enum holder holder;
  HKEY key;
  const DWORD error = registry_open(applications, name, &key);

  if (error != 0)
    return nobody_unless_short(error);
  holder = holder_of(key, identity, string);
  registry_close(key);
  return holder;
}

/* --- finding it --------------------------------------------------------------------------- */

/* By its hash and the numbers behind it, up to the first that is nobody's: so our own writer
 * places them. ERROR_FILE_NOT_FOUND: the name is one for a new key. */
static DWORD find_by_hash(HKEY applications, const struct identity *identity, WCHAR *string,
                          WCHAR name[NAME_ROOM])
{
  for (uint32_t hash = hash_of(identity);; hash++) {
    enum holder holder;

    key_name(hash, name);
    holder = holder_by_name(applications, name, identity, string);
    if (holder == NOT_KNOWN)
      return ERROR_NOT_ENOUGH_MEMORY;
    if (holder != SOMEBODY_ELSE)
      return holder == THE_ONE ? 0 : ERROR_FILE_NOT_FOUND;
  }
}

/* One that was written by another rule than ours. */
static DWORD find_by_look(HKEY applications, const struct identity *identity, WCHAR *string,
                          WCHAR name[NAME_ROOM])
{
  for (DWORD index = 0;; index++) {
    const DWORD error = registry_key_at(applications, index, name, NAME_ROOM);
    enum holder holder = NOBODY;

    if (error != 0 && error != ERROR_MORE_DATA)
      return registry_is_shortage(error) ? error : ERROR_FILE_NOT_FOUND;
    if (error == 0)
      holder = holder_by_name(applications, name, identity, string);
    if (holder == NOT_KNOWN)
      return ERROR_NOT_ENOUGH_MEMORY;
    if (holder == THE_ONE)
      return 0;
  }
}

/* The name of the application's key. ERROR_FILE_NOT_FOUND: it has none, and the name is that of
 * the key to make. */
static DWORD find(HKEY applications, const struct identity *identity, WCHAR *string,
                  WCHAR name[NAME_ROOM])
{
  WCHAR other[NAME_ROOM];
  DWORD error = find_by_hash(applications, identity, string, name);

  if (error != ERROR_FILE_NOT_FOUND)
    return error;
  error = find_by_look(applications, identity, string, other);
  if (error == 0)
    lstrcpynW(name, other, NAME_ROOM);
  return error;
}

static WCHAR *make_string_room(void)
{
  return heap_allocate(STRING_ROOM * sizeof(WCHAR));
}

/* --- reading ------------------------------------------------------------------------------ */

static DWORD read_categories(HKEY applications, const struct identity *identity, WCHAR *string,
                             DWORD *categories)
{
  WCHAR name[NAME_ROOM];
  HKEY key;
  DWORD error = find(applications, identity, string, name);

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
    string = make_string_room();
    error = string != NULL ? read_categories(applications, &identity, string, categories)
                           : ERROR_NOT_ENOUGH_MEMORY;
    heap_free(string);
    registry_close(applications);
  }
  if (error == ERROR_FILE_NOT_FOUND || error == ERROR_INVALID_DATATYPE)
    return WSASERVICE_NOT_FOUND;
  return registry_error(error);
}

/* --- writing ------------------------------------------------------------------------------ */

static DWORD write_new(HKEY key, const struct identity *identity, DWORD categories)
{
  DWORD error = identity->extra[0] != 0 ? registry_write_string(key, EXTRA_VALUE, identity->extra)
                                        : registry_delete_value(key, EXTRA_VALUE);

  if (error == 0)
    error = registry_write_dword(key, CATEGORIES_VALUE, categories);
  if (error == 0)
    error = registry_write_string(key, PATH_VALUE, identity->path);
  return error;
}

static DWORD write_categories(HKEY applications, const struct identity *identity, WCHAR *string,
                              DWORD categories)
{
  WCHAR name[NAME_ROOM];
  const DWORD found = find(applications, identity, string, name);
  const bool is_there = found == 0;
  bool is_new;
  HKEY key;
  DWORD error = found == ERROR_FILE_NOT_FOUND ? 0 : found;

  if (error == 0)
    error = registry_create(applications, name, &key, &is_new);
  if (error != 0)
    return error;
  error = is_there ? registry_write_dword(key, CATEGORIES_VALUE, categories)
                   : write_new(key, identity, categories);
  close_created(key, applications, name, error != 0 && is_new);
  return error;
}

int registry_set_application_categories(const WCHAR *path, const WCHAR *extra, DWORD categories)
{
  const struct identity identity = {path, extra};
  WCHAR *const string = make_string_room();
  WCHAR key_path[CATALOG_PATH_CHARS];
  HKEY applications;
  bool is_new;
  DWORD error;

  if (string == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  root_path(APPLICATIONS_KEY, key_path);
  error = registry_create(HKEY_LOCAL_MACHINE, key_path, &applications, &is_new);
  if (error == 0) {
    error = write_categories(applications, &identity, string, categories);
    close_created(applications, HKEY_LOCAL_MACHINE, key_path, error != 0 && is_new);
  }
  heap_free(string);
  return registry_error(error);
}
