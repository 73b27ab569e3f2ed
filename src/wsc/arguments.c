#include "wsc/arguments.h"

#include "catalog/catalog.h"
#include "catalog/rejection.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "ws2spi_shim.h"

#include <string.h>

_Static_assert(WS2SPI_WIDTH_32 == 1 << CATALOG_32 && WS2SPI_WIDTH_64 == 1 << CATALOG_64,
               "transaction_run takes the flags as they are");

int arguments_copy_path(WCHAR *path, const WCHAR *caller_path)
{
  const size_t length = caller_string_length(caller_path, MAX_PATH);

  if (length == CALLER_BAD_STRING)
    return WSAEFAULT;
  if (length == 0 || length == MAX_PATH)
    return WSAEINVAL;
  memset(path, 0, MAX_PATH * sizeof *path);
  return caller_read(path, caller_path, length * sizeof *path) ? 0 : WSAEFAULT;
}

static int arguments_copy_list(struct catalog_item **items, const GUID *provider_id,
                               const WCHAR *path, const WSAPROTOCOL_INFOW *list, DWORD count)
{
  const size_t size = count * sizeof **items;

  /* No caller can have a list whose size overflows size_t. */
  if (size / sizeof **items != count)
    return WSAEFAULT;
  *items = heap_allocate(size);
  if (*items == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < count; i++) {
    struct catalog_item *item = &(*items)[i];

    if (!caller_read(&item->info, &list[i], sizeof item->info))
      return WSAEFAULT;
    item->info.ProviderId = *provider_id;
    memcpy(item->path, path, sizeof item->path);
  }
  return 0;
}

int arguments_copy_items(struct catalog_item **items, const GUID *provider_id, const WCHAR *path,
                         const WSAPROTOCOL_INFOW *list, DWORD count)
{
  WCHAR copied_path[MAX_PATH];
  struct rejection rejection = {0};
  GUID id;
  int error;

  *items = NULL;
  if (!caller_read(&id, provider_id, sizeof id) || list == NULL)
    return WSAEFAULT;
  error = arguments_copy_path(copied_path, path);
  if (error == WSAEINVAL)
    reject(&rejection, error, PATH_IS_INVALID);
  else if (error == 0 && count == 0)
    error = reject(&rejection, WSAEINVAL, LIST_IS_EMPTY);
  if (rejection.reason != NULL)
    rejection_log(&rejection, &id, error);
  return error != 0 ? error : arguments_copy_list(items, &id, copied_path, list, count);
}

bool width_from_flag(DWORD dwWidth, enum catalog_width *width)
{
  *width = dwWidth == WS2SPI_WIDTH_64 ? CATALOG_64 : CATALOG_32;
  return dwWidth == WS2SPI_WIDTH_32 || dwWidth == WS2SPI_WIDTH_64;
}

bool widths_are_valid(DWORD dwWidth)
{
  return dwWidth != 0 && (dwWidth & ~(DWORD)WS2SPI_WIDTH_BOTH) == 0;
}

int documented_error(int error)
{
  return error == WSASYSCALLFAILURE ? WSANO_RECOVERY : error;
}

bool store_is_system(void)
{
  return !catalog_store_in_use()->is_writable;
}
