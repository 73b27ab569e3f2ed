#include "catalog/transaction.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"
#include "platform/wine.h"
#include "ws2spi_shim.h"
#include "wsc/arguments.h"

struct update_request {
  enum catalog_width width;
  const struct catalog_item *items;
  size_t count;
};

static int compute_update(struct transaction *transaction, void *argument)
{
  const struct update_request *request = argument;

  transaction->is_changed[request->width] = true;
  return catalog_edit_update(&transaction->edit[request->width], transaction->table[request->width],
                             request->items, request->count);
}

static int update(enum catalog_width width, const GUID *provider_id, const WCHAR *path,
                  const WSAPROTOCOL_INFOW *list, DWORD count)
{
  struct catalog_item *items;
  int error = arguments_copy_items(&items, provider_id, path, list, count);

  if (error == 0) {
    struct update_request request = {width, items, count};

    error = documented_error(
        transaction_run(1U << width, compute_update, &request, &items[0].info.ProviderId));
  }
  heap_free(items);
  return error;
}

/* Wine exports the function, and raises an exception when it is called. */
static int hand_on(const char *name, LPGUID provider_id, const WCHAR *path,
                   const LPWSAPROTOCOL_INFOW list, DWORD count, LPINT lpErrno)
{
  LPWSCUPDATEPROVIDER function;

  if (system_is_wine() || !system_winsock_find(name, &function, sizeof function))
    return spi_fail(lpErrno, WSANO_RECOVERY);
  return function(provider_id, path, list, count, lpErrno);
}

/* How old entries and new ones are matched is documented nowhere: by their catalog ids,
 * which is what Microsoft's LSP sample passes. */
int WSPAPI WSCUpdateProvider(LPGUID lpProviderId, const WCHAR *lpszProviderDllPath,
                             const LPWSAPROTOCOL_INFOW lpProtocolInfoList, DWORD dwNumberOfEntries,
                             LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return hand_on("WSCUpdateProvider", lpProviderId, lpszProviderDllPath, lpProtocolInfoList,
                   dwNumberOfEntries, lpErrno);
  return spi_result(lpErrno, update(CATALOG_NATIVE, lpProviderId, lpszProviderDllPath,
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
    return hand_on("WSCUpdateProvider32", lpProviderId, lpszProviderDllPath, lpProtocolInfoList,
                   dwNumberOfEntries, lpErrno);
  return spi_result(lpErrno, update(CATALOG_32, lpProviderId, lpszProviderDllPath,
                                    lpProtocolInfoList, dwNumberOfEntries));
}
#endif
