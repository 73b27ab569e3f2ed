#include "registry/item_key.h"

#include "platform/heap.h"
#include "registry/catalog_keys.h"

#include <wchar.h>

static const WCHAR ITEM_VALUE[] = L"PackedCatalogItem";
static const WCHAR NAME_VALUE[] = L"ProtocolName";
static const WCHAR PATH_VALUE[] = L"Ws2Spi_ProviderPath";

/* --- an item and its stored form --------------------------------------------------------- */

const char *journal_item_read(const struct journal_item *stored, struct catalog_item *item)
{
  const char *reason;

  *item = (struct catalog_item){0};
  if (stored->type != REG_BINARY)
    return "PackedCatalogItem is not binary";
  reason = packed_item_read(stored->bytes, stored->size, item);
  if (reason == NULL && stored->path_size != 0 && stored->path_size <= sizeof item->path &&
      packed_path_agrees(stored->bytes, stored->path))
    wcscpy(item->path, stored->path);
  return reason;
}

static DWORD item_string_size(const WCHAR *string)
{
  return (DWORD)((wcslen(string) + 1) * sizeof *string);
}

struct journal_item journal_item_of(const struct catalog_item *item,
                                    unsigned char packed[PACKED_ITEM_SIZE])
{
  struct journal_item stored = {.type = REG_BINARY, .size = PACKED_ITEM_SIZE, .bytes = packed};

  packed_item_write(item, packed);
  stored.name = item->info.szProtocol;
  stored.name_size = item_string_size(stored.name);
  if (!packed_path_is_enough(item->path)) {
    stored.path = item->path;
    stored.path_size = item_string_size(stored.path);
  }
  return stored;
}

/* --- reading ---------------------------------------------------------------------------- */

static DWORD item_open(HKEY entries, DWORD position, HKEY *key)
{
  WCHAR name[POSITION_CHARS];

  position_name(position, name);
  return registry_open(entries, name, key);
}

/* Called only if the packed path may stand for another one, which is rare. */
static DWORD item_read_path(HKEY key, struct journal_item *stored, WCHAR path[MAX_PATH])
{
  const DWORD error = registry_read_string(key, PATH_VALUE, path, MAX_PATH);

  if (error == 0) {
    stored->path = path;
    stored->path_size = item_string_size(path);
  }
  return registry_is_shortage(error) ? error : 0;
}

static DWORD item_read_values(HKEY key, struct catalog_item *item, const char **reason)
{
  unsigned char packed[PACKED_ITEM_SIZE + 1];
  WCHAR path[MAX_PATH];
  struct journal_item stored = {.size = sizeof packed, .bytes = packed};
  DWORD error = registry_read(key, ITEM_VALUE, &stored.type, packed, &stored.size);

  *item = (struct catalog_item){0};
  *reason = NULL;
  if (error == ERROR_MORE_DATA)
    *reason = "the packed item is too long";
  else if (error == ERROR_FILE_NOT_FOUND)
    *reason = "PackedCatalogItem is missing";
  else if (error == 0)
    *reason = journal_item_read(&stored, item);
  else
    return error;
  if (*reason != NULL || !packed_path_is_doubtful(packed))
    return 0;
  error = item_read_path(key, &stored, path);
  if (error == 0)
    *reason = journal_item_read(&stored, item);
  return error;
}

DWORD item_key_read(HKEY entries, DWORD position, struct catalog_item *item, const char **reason)
{
  HKEY key;
  DWORD error = item_open(entries, position, &key);

  if (error != 0)
    return error;
  error = item_read_values(key, item, reason);
  registry_close(key);
  return error;
}

/* A value that is not a terminated string counts as absent. */
static DWORD item_load_string(HKEY key, const WCHAR *name, const WCHAR **string, DWORD *size)
{
  DWORD type = REG_NONE;
  void *bytes;
  const DWORD error = registry_read_all(key, name, &type, &bytes, size);
  const WCHAR *const read = bytes;

  if (error == 0 && type == REG_SZ && *size != 0 && *size % sizeof *read == 0 &&
      read[*size / sizeof *read - 1] == 0) {
    *string = read;
    return 0;
  }
  heap_free(bytes);
  *size = 0;
  return registry_is_shortage(error) ? error : 0;
}

static DWORD item_load_values(HKEY key, struct journal_item *item)
{
  void *bytes;
  DWORD error = registry_read_all(key, ITEM_VALUE, &item->type, &bytes, &item->size);

  item->bytes = bytes;
  if (error == 0)
    error = item_load_string(key, NAME_VALUE, &item->name, &item->name_size);
  if (error == 0)
    error = item_load_string(key, PATH_VALUE, &item->path, &item->path_size);
  return error;
}

DWORD item_key_load(HKEY entries, DWORD position, struct journal_item *item)
{
  HKEY key;
  DWORD error = item_open(entries, position, &key);

  *item = (struct journal_item){0};
  if (error != 0)
    return error;
  error = item_load_values(key, item);
  registry_close(key);
  return error;
}

void item_key_free(struct journal_item *item)
{
  heap_free((void *)item->bytes);
  heap_free((void *)item->name);
  heap_free((void *)item->path);
  *item = (struct journal_item){0};
}

/* --- writing ---------------------------------------------------------------------------- */

static DWORD item_write_string(HKEY key, bool is_new, const WCHAR *name, const WCHAR *string,
                               DWORD size)
{
  if (size != 0)
    return registry_write(key, name, REG_SZ, string, size);
  return is_new ? 0 : registry_delete_value(key, name);
}

DWORD item_key_write(HKEY entries, DWORD position, const struct journal_item *item)
{
  WCHAR name[POSITION_CHARS];
  bool is_new;
  HKEY key;
  DWORD error;

  position_name(position, name);
  error = registry_create(entries, name, &key, &is_new);
  if (error != 0)
    return error;
  error = registry_write(key, ITEM_VALUE, item->type, item->bytes, item->size);
  if (error == 0)
    error = item_write_string(key, is_new, NAME_VALUE, item->name, item->name_size);
  if (error == 0)
    error = item_write_string(key, is_new, PATH_VALUE, item->path, item->path_size);
  registry_close(key);
  return error;
}
