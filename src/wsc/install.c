/* The functions that install and deinstall a provider. */
#include "catalog/entry_validate.h"
#include "catalog/overlay.h"
#include "catalog/transaction.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"
#include "wsc/arguments.h"
#include "wsc/forward.h"

/* --- install -------------------------------------------------------------------------- */

struct install_request {
  const struct catalog_item *items;
  size_t count;
  DWORD first_id;
};

static int install_compute(struct transaction *transaction, void *argument)
{
  struct install_request *request = argument;
  int error = 0;

  if (transaction->table[CATALOG_NATIVE] != NULL &&
      overlay_has_provider(&request->items[0].info.ProviderId))
    return reject(&transaction->rejection, WSANO_RECOVERY, PROVIDER_IS_REGISTERED);
  if (!transaction_take_ids(transaction, request->count, &request->first_id))
    return reject(&transaction->rejection, WSANO_RECOVERY, NO_IDS_LEFT);
  transaction->new_provider = &request->items[0].info.ProviderId;
  for (int i = 0; error == 0 && i < CATALOG_WIDTHS; i++) {
    transaction->is_changed[i] = transaction->table[i] != NULL;
    if (transaction->is_changed[i])
      error = catalog_edit_install(&transaction->edit[i], transaction->table[i], request->items,
                                   request->count, request->first_id);
  }
  return error;
}

static bool install_has_local_entry(const struct catalog_item *items, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    if (entry_is_local(&items[i].info))
      return true;
  }
  return false;
}

static int install_items(DWORD widths, const struct catalog_item *items, size_t count,
                         DWORD *first_id)
{
  const GUID *provider_id = &items[0].info.ProviderId;
  struct install_request request = {items, count, 0};
  struct rejection rejection;
  int error;

  if (install_has_local_entry(items, count) && widths == WS2SPI_WIDTH_NATIVE)
    return overlay_add(items, count, NULL, first_id);
  if (install_has_local_entry(items, count)) {
    error = reject(&rejection, WSAEINVAL,
                   "a chain over a registered entry can be installed in the native catalog only");
    rejection_log(&rejection, provider_id, error);
    return error;
  }
  error = transaction_run(widths, install_compute, &request, provider_id);
  *first_id = request.first_id;
  return error;
}

static int install_provider(DWORD widths, const GUID *provider_id, const WCHAR *path,
                            const WSAPROTOCOL_INFOW *list, DWORD count, DWORD *first_id)
{
  struct catalog_item *items;
  int error = arguments_copy_items(&items, provider_id, path, list, count);

  if (error == 0)
    error = install_items(widths, items, count, first_id);
  heap_free(items);
  return error;
}

/* --- deinstall ------------------------------------------------------------------------ */

struct deinstall_request {
  const GUID *provider_id;
  bool is_in_overlay; /* then it is no error if the stores do not have it */
  bool was_stored;
};

static int deinstall_compute(struct transaction *transaction, void *argument)
{
  struct deinstall_request *request = argument;
  int error = request->is_in_overlay ? 0 : WSAEINVAL;

  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    int outcome = WSAEINVAL;

    if (transaction->table[i] != NULL)
      outcome = catalog_edit_deinstall(&transaction->edit[i], transaction->table[i],
                                       request->provider_id);
    transaction->is_changed[i] = outcome == 0;
    request->was_stored |= outcome == 0;
    if (outcome != WSAEINVAL)
      error = outcome;
    if (outcome != 0 && outcome != WSAEINVAL)
      break;
  }
  transaction->gone_provider = request->provider_id;
  return error;
}

/* The stored entries first, because removing these can fail. If the provider is process-local, the
 * native stored catalog is not searched: only another process could have added it there. */
static int deinstall_entries(DWORD widths, const GUID *provider_id)
{
  const bool is_in_overlay =
      (widths & WS2SPI_WIDTH_NATIVE) != 0 && overlay_has_installed(provider_id);
  const DWORD stored_widths = is_in_overlay ? widths & ~(DWORD)WS2SPI_WIDTH_NATIVE : widths;
  struct deinstall_request request = {provider_id, is_in_overlay, false};
  int error = 0;

  if (stored_widths != 0)
    error = transaction_run(stored_widths, deinstall_compute, &request, provider_id);
  if (error == 0 && is_in_overlay && overlay_remove_installed(provider_id) != 0 &&
      !request.was_stored)
    error = WSAEINVAL; /* another thread has removed it first */
  return error;
}

static int deinstall_provider(DWORD widths, const GUID *provider_id)
{
  GUID id;

  if (!caller_read(&id, provider_id, sizeof id))
    return WSAEFAULT;
  return documented_error(deinstall_entries(widths, &id));
}

/* --- the exports ---------------------------------------------------------------------- */

int WSPAPI WSCInstallProvider(LPGUID lpProviderId, const WCHAR *lpszProviderDllPath,
                              const LPWSAPROTOCOL_INFOW lpProtocolInfoList, DWORD dwNumberOfEntries,
                              LPINT lpErrno)
{
  DWORD first_id;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return FORWARD_TO_SYSTEM(WSCInstallProvider, spi_fail(lpErrno, WSANO_RECOVERY), lpProviderId,
                             lpszProviderDllPath, lpProtocolInfoList, dwNumberOfEntries, lpErrno);
  return spi_result(lpErrno,
                    install_provider(WS2SPI_WIDTH_NATIVE, lpProviderId, lpszProviderDllPath,
                                     lpProtocolInfoList, dwNumberOfEntries, &first_id));
}

int WSPAPI WSCDeinstallProvider(LPGUID lpProviderId, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return FORWARD_TO_SYSTEM(WSCDeinstallProvider, spi_fail(lpErrno, WSANO_RECOVERY), lpProviderId,
                             lpErrno);
  return spi_result(lpErrno, deinstall_provider(WS2SPI_WIDTH_NATIVE, lpProviderId));
}

#ifdef _WIN64
int WSPAPI WSCInstallProvider64_32(LPGUID lpProviderId, const WCHAR *lpszProviderDllPath,
                                   const LPWSAPROTOCOL_INFOW lpProtocolInfoList,
                                   DWORD dwNumberOfEntries, LPINT lpErrno)
{
  DWORD first_id;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return FORWARD_TO_SYSTEM(WSCInstallProvider64_32, spi_fail(lpErrno, WSANO_RECOVERY),
                             lpProviderId, lpszProviderDllPath, lpProtocolInfoList,
                             dwNumberOfEntries, lpErrno);
  return spi_result(lpErrno, install_provider(WS2SPI_WIDTH_BOTH, lpProviderId, lpszProviderDllPath,
                                              lpProtocolInfoList, dwNumberOfEntries, &first_id));
}

int WSPAPI WSCDeinstallProvider32(LPGUID lpProviderId, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return FORWARD_TO_SYSTEM(WSCDeinstallProvider32, spi_fail(lpErrno, WSANO_RECOVERY),
                             lpProviderId, lpErrno);
  return spi_result(lpErrno, deinstall_provider(WS2SPI_WIDTH_32, lpProviderId));
}
#endif

int WSPAPI Ws2SpiInstallProvider(DWORD dwWidth, const GUID *lpProviderId,
                                 LPCWSTR lpszProviderDllPath,
                                 const WSAPROTOCOL_INFOW *lpProtocolInfoList,
                                 DWORD dwNumberOfEntries, LPDWORD lpdwFirstEntryId, LPINT lpErrno)
{
  DWORD first_id;
  int error;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (!widths_are_valid(dwWidth))
    return spi_fail(lpErrno, WSAEINVAL);
  if (lpdwFirstEntryId != NULL && !caller_can_write(lpdwFirstEntryId, sizeof first_id))
    return spi_fail(lpErrno, WSAEFAULT);
  error = install_provider(dwWidth, lpProviderId, lpszProviderDllPath, lpProtocolInfoList,
                           dwNumberOfEntries, &first_id);
  if (error == 0 && lpdwFirstEntryId != NULL)
    caller_write(lpdwFirstEntryId, &first_id, sizeof first_id);
  return spi_result(lpErrno, error);
}

int WSPAPI Ws2SpiDeinstallProvider(DWORD dwWidth, const GUID *lpProviderId, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  return spi_result(lpErrno, widths_are_valid(dwWidth) ? deinstall_provider(dwWidth, lpProviderId)
                                                       : WSAEINVAL);
}
