/* WSCUpdateProvider and WSCUpdateProvider32. */
#include "catalog/transaction.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "platform/wine.h"
#include "ws2spi_shim.h"
#include "wsc/arguments.h"
#include "wsc/forward.h"

struct update_request {
  enum catalog_width width;
  const struct catalog_item *items;
  size_t count;
};

static int update_compute(struct transaction *transaction, void *argument)
{
  const struct update_request *request = argument;

  transaction->is_changed[request->width] = true;
  return catalog_edit_update(&transaction->edit[request->width], transaction->table[request->width],
                             request->items, request->count);
}

static int update_provider(enum catalog_width width, const GUID *provider_id, const WCHAR *path,
                           const WSAPROTOCOL_INFOW *list, DWORD count)
{
  struct catalog_item *items;
  int error = arguments_copy_items(&items, provider_id, path, list, count);

  if (error == 0) {
    struct update_request request = {width, items, count};

    error = documented_error(
        transaction_run(1U << width, update_compute, &request, &items[0].info.ProviderId));
  }
  heap_free(items);
  return error;
}

/* Wine exports the function, but a call of it raises an exception. */
#define FORWARD_UPDATE(name)                                                                       \
  (system_is_wine()                                                                                \
       ? spi_fail(lpErrno, WSANO_RECOVERY)                                                         \
       : FORWARD_TO_SYSTEM(name, spi_fail(lpErrno, WSANO_RECOVERY), lpProviderId,                  \
                           lpszProviderDllPath, lpProtocolInfoList, dwNumberOfEntries, lpErrno))

/* No page says which new entry replaces which old one. Here it is the one with the same catalog id,
 * which is what Microsoft's LSP sample passes. */
int WSPAPI WSCUpdateProvider(LPGUID lpProviderId, const WCHAR *lpszProviderDllPath,
                             const LPWSAPROTOCOL_INFOW lpProtocolInfoList, DWORD dwNumberOfEntries,
                             LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return FORWARD_UPDATE(WSCUpdateProvider);
  return spi_result(lpErrno, update_provider(CATALOG_NATIVE, lpProviderId, lpszProviderDllPath,
                                             lpProtocolInfoList, dwNumberOfEntries));
}

#ifdef _WIN64
int WSPAPI WSCUpdateProvider32(LPGUID lpProviderId, const WCHAR *lpszProviderDllPath,
                               const LPWSAPROTOCOL_INFOW lpProtocolInfoList,
                               DWORD dwNumberOfEntries, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return FORWARD_UPDATE(WSCUpdateProvider32);
  return spi_result(lpErrno, update_provider(CATALOG_32, lpProviderId, lpszProviderDllPath,
                                             lpProtocolInfoList, dwNumberOfEntries));
}
#endif
