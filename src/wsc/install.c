#include "catalog/entry_validate.h"
#include "catalog/overlay.h"
#include "catalog/transaction.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"
#include "ws2spi_shim.h"
#include "wsc/arguments.h"

_Static_assert(WS2SPI_WIDTH_32 == 1 << CATALOG_32 && WS2SPI_WIDTH_64 == 1 << CATALOG_64,
               "transaction_run takes them as they are");

/* --- install -------------------------------------------------------------------------- */

struct install_request {
  const struct catalog_item *items;
  size_t count;
  DWORD first_id;
};

static int compute_install(struct transaction *transaction, void *argument)
{
  struct install_request *request = argument;
  int error = 0;

  if (transaction->table[CATALOG_NATIVE] != NULL &&
      overlay_has_provider(&request->items[0].info.ProviderId))
    return reject(&transaction->rejection, WSANO_RECOVERY, PROVIDER_IS_REGISTERED);
  if (!transaction_take_ids(transaction, request->count, &request->first_id))
    return reject(&transaction->rejection, WSANO_RECOVERY, NO_MORE_IDS);
  transaction->new_provider = &request->items[0].info.ProviderId;
  for (int i = 0; error == 0 && i < CATALOG_WIDTHS; i++) {
    transaction->is_changed[i] = transaction->table[i] != NULL;
    if (transaction->is_changed[i])
      error = catalog_edit_install(&transaction->edit[i], transaction->table[i], request->items,
                                   request->count, request->first_id);
  }
  return error;
}

static bool any_is_local(const struct catalog_item *items, size_t count)
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

  if (any_is_local(items, count) && widths == WS2SPI_WIDTH_NATIVE)
    return overlay_add(items, count, NULL, first_id);
  if (any_is_local(items, count)) {
    error =
        reject(&rejection, WSAEINVAL, "a chain over a registered entry is of its own width only");
    rejection_log(&rejection, provider_id, error);
    return error;
  }
  error = transaction_run(widths, compute_install, &request, provider_id);
  *first_id = request.first_id;
  return error;
}

static int install(DWORD widths, const GUID *provider_id, const WCHAR *path,
                   const WSAPROTOCOL_INFOW *list, DWORD count, DWORD *first_id)
{
  struct catalog_item *items;
  int error = arguments_copy_items(&items, provider_id, path, list, count);

  if (error == 0)
    error = install_items(widths, items, count, first_id);
  heap_free(items);
  return error;
}

/* --- deinstall -------------------------------------------------------------------------- */

struct deinstall_request {
  const GUID *provider_id;
  bool is_in_overlay; /* then it need not be stored */
  bool was_stored;
};

static int compute_deinstall(struct transaction *transaction, void *argument)
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

/* Stored ones first, since that can fail. Natively those of this process stand for stored ones, which
 * only another process can have put there meanwhile. */
static int deinstall_from(DWORD widths, const GUID *provider_id)
{
  const bool is_in_overlay =
      (widths & WS2SPI_WIDTH_NATIVE) != 0 && overlay_has_installed(provider_id);
  const DWORD stored_widths = is_in_overlay ? widths & ~(DWORD)WS2SPI_WIDTH_NATIVE : widths;
  struct deinstall_request request = {provider_id, is_in_overlay, false};
  int error = 0;

  if (stored_widths != 0)
    error = transaction_run(stored_widths, compute_deinstall, &request, provider_id);
  if (error == 0 && is_in_overlay && overlay_remove_installed(provider_id) != 0 &&
      !request.was_stored)
    error = WSAEINVAL; /* somebody else was quicker */
  return error;
}

static int deinstall(DWORD widths, const GUID *provider_id)
{
  GUID id;

  if (!caller_read(&id, provider_id, sizeof id))
    return WSAEFAULT;
  return documented_error(deinstall_from(widths, &id));
}

/* --- the exports: to the system's catalog changes are handed on ---------------------------- */

static int hand_on_install(const char *name, LPGUID provider_id, const WCHAR *path,
                           const LPWSAPROTOCOL_INFOW list, DWORD count, LPINT lpErrno)
{
  LPWSCINSTALLPROVIDER function;

  if (!system_winsock_find(name, &function, sizeof function))
    return spi_fail(lpErrno, WSANO_RECOVERY);
  return function(provider_id, path, list, count, lpErrno);
}

static int hand_on_deinstall(const char *name, LPGUID provider_id, LPINT lpErrno)
{
  LPWSCDEINSTALLPROVIDER function;

  if (!system_winsock_find(name, &function, sizeof function))
    return spi_fail(lpErrno, WSANO_RECOVERY);
  return function(provider_id, lpErrno);
}

int WSPAPI WSCInstallProvider(LPGUID lpProviderId, const WCHAR *lpszProviderDllPath,
                              const LPWSAPROTOCOL_INFOW lpProtocolInfoList, DWORD dwNumberOfEntries,
                              LPINT lpErrno)
{
  DWORD first_id;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return hand_on_install("WSCInstallProvider", lpProviderId, lpszProviderDllPath,
                           lpProtocolInfoList, dwNumberOfEntries, lpErrno);
  return spi_result(lpErrno, install(WS2SPI_WIDTH_NATIVE, lpProviderId, lpszProviderDllPath,
                                     lpProtocolInfoList, dwNumberOfEntries, &first_id));
}

int WSPAPI WSCDeinstallProvider(LPGUID lpProviderId, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return hand_on_deinstall("WSCDeinstallProvider", lpProviderId, lpErrno);
  return spi_result(lpErrno, deinstall(WS2SPI_WIDTH_NATIVE, lpProviderId));
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
    return hand_on_install("WSCInstallProvider64_32", lpProviderId, lpszProviderDllPath,
                           lpProtocolInfoList, dwNumberOfEntries, lpErrno);
  return spi_result(lpErrno, install(WS2SPI_WIDTH_BOTH, lpProviderId, lpszProviderDllPath,
                                     lpProtocolInfoList, dwNumberOfEntries, &first_id));
}

int WSPAPI WSCDeinstallProvider32(LPGUID lpProviderId, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return hand_on_deinstall("WSCDeinstallProvider32", lpProviderId, lpErrno);
  return spi_result(lpErrno, deinstall(WS2SPI_WIDTH_32, lpProviderId));
}
#endif

static bool is_a_width(DWORD dwWidth)
{
  return dwWidth != 0 && (dwWidth & ~(DWORD)WS2SPI_WIDTH_BOTH) == 0;
}

int WSPAPI Ws2SpiInstallProvider(DWORD dwWidth, const GUID *lpProviderId,
                                 LPCWSTR lpszProviderDllPath,
                                 const WSAPROTOCOL_INFOW *lpProtocolInfoList,
                                 DWORD dwNumberOfEntries, LPDWORD lpdwFirstEntryId, LPINT lpErrno)
{
  DWORD first_id;
  int error;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (!is_a_width(dwWidth))
    return spi_fail(lpErrno, WSAEINVAL);
  if (lpdwFirstEntryId != NULL && !caller_can_write(lpdwFirstEntryId, sizeof first_id))
    return spi_fail(lpErrno, WSAEFAULT);
  error = install(dwWidth, lpProviderId, lpszProviderDllPath, lpProtocolInfoList, dwNumberOfEntries,
                  &first_id);
  if (error == 0 && lpdwFirstEntryId != NULL)
    caller_write(lpdwFirstEntryId, &first_id, sizeof first_id);
  return spi_result(lpErrno, error);
}

int WSPAPI Ws2SpiDeinstallProvider(DWORD dwWidth, const GUID *lpProviderId, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  return spi_result(lpErrno, is_a_width(dwWidth) ? deinstall(dwWidth, lpProviderId) : WSAEINVAL);
}
