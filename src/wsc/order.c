#include "catalog/overlay.h"
#include "catalog/transaction.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"
#include "ws2spi_shim.h"
#include "wsc/arguments.h"

struct order_request {
  enum catalog_width width;
  const DWORD *ids;
  size_t count;
};

static int compute_order(struct transaction *transaction, void *argument)
{
  const struct order_request *request = argument;

  transaction->is_changed[request->width] = true;
  return catalog_edit_order(&transaction->edit[request->width], transaction->table[request->width],
                            request->ids, request->count);
}

/* Entries of this process stay behind the stored ones; among themselves they follow the
 * list, from which they may also be missing altogether. The ids of these go to the end
 * of `ids`; returns how many are not. */
static size_t part_ids(DWORD *ids, const DWORD *list, size_t count)
{
  size_t stored = 0, local = count;

  for (size_t i = 0; i < count; i++) {
    if (!id_is_local(list[i]))
      ids[stored++] = list[i];
  }
  for (size_t i = count; i-- > 0;) {
    if (id_is_local(list[i]))
      ids[--local] = list[i];
  }
  return stored;
}

static int write_order(enum catalog_width width, const DWORD *list, DWORD *ids, size_t count)
{
  const size_t stored = part_ids(ids, list, count);
  struct order_request request = {width, ids, stored};
  const bool names_local = stored != count;
  struct rejection rejection;
  int error;

  if (names_local && (width != CATALOG_NATIVE || !overlay_has_all(ids + stored, count - stored))) {
    error = reject(&rejection, WSAEINVAL,
                   "the list has some entries of this process alone, and not each exactly once");
    rejection_log(&rejection, NULL, error);
    return error;
  }
  error = documented_error(transaction_run(1U << width, compute_order, &request, NULL));
  if (error == 0 && names_local)
    overlay_order(ids + stored, count - stored);
  return error;
}

static int order(enum catalog_width width, const DWORD *caller_ids, DWORD count)
{
  const size_t both = 2 * (size_t)count * sizeof *caller_ids;
  DWORD *list;
  int error;

  if (caller_ids == NULL || both / sizeof *caller_ids / 2 != count)
    return WSAEFAULT;
  list = heap_allocate(both + 1);
  if (list == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  error = WSAEFAULT;
  if (caller_read(list, caller_ids, both / 2))
    error = write_order(width, list, list + count, count);
  heap_free(list);
  return error;
}

static int hand_on(const char *name, LPDWORD ids, DWORD count)
{
  LPWSCWRITEPROVIDERORDER function;

  if (!system_winsock_find(name, &function, sizeof function))
    return WSANO_RECOVERY;
  return function(ids, count);
}

/* Returns the error itself. */
int WSPAPI WSCWriteProviderOrder(LPDWORD lpwdCatalogEntryId, DWORD dwNumberOfEntries)
{
  if (store_is_system())
    return hand_on("WSCWriteProviderOrder", lpwdCatalogEntryId, dwNumberOfEntries);
  return order(CATALOG_NATIVE, lpwdCatalogEntryId, dwNumberOfEntries);
}

#ifdef _WIN64
int WSPAPI WSCWriteProviderOrder32(LPDWORD lpwdCatalogEntryId, DWORD dwNumberOfEntries)
{
  if (store_is_system())
    return hand_on("WSCWriteProviderOrder32", lpwdCatalogEntryId, dwNumberOfEntries);
  return order(CATALOG_32, lpwdCatalogEntryId, dwNumberOfEntries);
}
#endif

int WSPAPI Ws2SpiWriteProviderOrder(DWORD dwWidth, const DWORD *lpCatalogEntryIdList,
                                    DWORD dwNumberOfEntries, LPINT lpErrno)
{
  enum catalog_width width;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (!width_from_flag(dwWidth, &width))
    return spi_fail(lpErrno, WSAEINVAL);
  return spi_result(lpErrno, order(width, lpCatalogEntryIdList, dwNumberOfEntries));
}
