#include "catalog/catalog.h"

#include "platform/caller_memory.h"

/* No page says what is stored in the length. As in ReactOS it is the length without the
 * NUL on success, and the size needed, NUL included, with WSAEFAULT. */
static int provider_path_copy_out(const WCHAR *stored, WCHAR *path, int *chars, int room)
{
  const int length = lstrlenW(stored);
  const size_t bytes = ((size_t)length + 1) * sizeof *path;

  if (room <= length) {
    caller_store_int(chars, length + 1);
    return WSAEFAULT;
  }
  if (!caller_can_write(path, bytes) || !caller_write(path, stored, bytes))
    return WSAEFAULT;
  return caller_store_int(chars, length) ? 0 : WSAEFAULT;
}

int catalog_get_provider_path(enum catalog_width width, const GUID *provider_id, WCHAR *path,
                              int *chars)
{
  const struct catalog_entry *entry;
  GUID id;
  int room;
  int error;

  if (path == NULL || !caller_read(&id, provider_id, sizeof id) ||
      !caller_read(&room, chars, sizeof room) || !caller_can_write(chars, sizeof *chars))
    return WSAEFAULT;
  /* The page has no error for a catalog that cannot be read, so its error is ignored. */
  catalog_find_provider(width, &id, &entry);
  if (entry == NULL)
    return WSAEINVAL;
  error = provider_path_copy_out(entry->path, path, chars, room);
  catalog_release(entry);
  return error;
}
