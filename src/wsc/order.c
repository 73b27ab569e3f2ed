/* WSCWriteProviderOrder, WSCWriteProviderOrder32 and Ws2SpiWriteProviderOrder. */
#include "catalog/overlay.h"
#include "catalog/transaction.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"
#include "wsc/arguments.h"
#include "wsc/forward.h"

struct order_request {
  enum catalog_width width;
  const DWORD *ids;
  size_t count;
};

static int order_compute(struct transaction *transaction, void *argument)
{
  const struct order_request *request = argument;

  transaction->is_changed[request->width] = true;
  return catalog_edit_order(&transaction->edit[request->width], transaction->table[request->width],
                            request->ids, request->count);
}

/* Process-local entries stay behind the stored ones. A list names none of them, or all of them in
 * their new order. Copies the list with the ids of local entries at the end of `ids`, and returns
 * the number of stored ones. */
static size_t order_split_ids(DWORD *ids, const DWORD *list, size_t count)
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

static int order_write(enum catalog_width width, const DWORD *list, DWORD *ids, size_t count)
{
  const size_t stored = order_split_ids(ids, list, count);
  struct order_request request = {width, ids, stored};
  const bool names_local = stored != count;
  struct rejection rejection;
  int error;

  if (names_local && (width != CATALOG_NATIVE || !overlay_has_all(ids + stored, count - stored))) {
    error = reject(&rejection, WSAEINVAL,
                   "the list names process-local entries, but not each of them exactly once");
    rejection_log(&rejection, NULL, error);
    return error;
  }
  error = documented_error(transaction_run(1U << width, order_compute, &request, NULL));
  if (error == 0 && names_local)
    overlay_order(ids + stored, count - stored);
  return error;
}

static int order_entries(enum catalog_width width, const DWORD *caller_ids, DWORD count)
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
    error = order_write(width, list, list + count, count);
  heap_free(list);
  return error;
}

/* Unlike the other WSC functions it returns the error code. */
int WSPAPI WSCWriteProviderOrder(LPDWORD lpwdCatalogEntryId, DWORD dwNumberOfEntries)
{
  if (store_is_system())
    return FORWARD_TO_SYSTEM(WSCWriteProviderOrder, WSANO_RECOVERY, lpwdCatalogEntryId,
                             dwNumberOfEntries);
  return order_entries(CATALOG_NATIVE, lpwdCatalogEntryId, dwNumberOfEntries);
}

#ifdef _WIN64
int WSPAPI WSCWriteProviderOrder32(LPDWORD lpwdCatalogEntryId, DWORD dwNumberOfEntries)
{
  if (store_is_system())
    return FORWARD_TO_SYSTEM(WSCWriteProviderOrder32, WSANO_RECOVERY, lpwdCatalogEntryId,
                             dwNumberOfEntries);
  return order_entries(CATALOG_32, lpwdCatalogEntryId, dwNumberOfEntries);
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
  return spi_result(lpErrno, order_entries(width, lpCatalogEntryIdList, dwNumberOfEntries));
}
