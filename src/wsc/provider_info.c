/* WSCGetProviderInfo and WSCSetProviderInfo. The only information there is are the LSP
 * categories. */
#include "catalog/catalog.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "wsc/arguments.h"
#include "wsc/forward.h"

static int provider_info_check_type(WSC_PROVIDER_INFO_TYPE type, DWORD flags)
{
  if (type == ProviderInfoAudit)
    return ERROR_CALL_NOT_IMPLEMENTED;
  return type == ProviderInfoLspCategories && flags == 0 ? 0 : WSAEINVAL;
}

/* A process-local provider is found even if the store cannot be read; for any other the store's
 * error counts. */
static int provider_info_find(enum catalog_width width, const GUID *id, int if_unknown,
                              bool *is_stored)
{
  const struct catalog_entry *entry;
  const int error = catalog_find_provider(width, id, &entry);

  if (entry == NULL)
    return error != 0 ? error : if_unknown;
  *is_stored = !id_is_local(entry->info.dwCatalogEntryId);
  catalog_release(entry);
  return *is_stored ? error : 0;
}

/* --- get ------------------------------------------------------------------------------ */

static int provider_info_read(enum catalog_width width, const GUID *id, DWORD *categories)
{
  int error = catalog_store_in_use()->get_provider_categories(width, id, categories);

  if (error == WSASERVICE_NOT_FOUND) {
    *categories = 0;
    error = 0;
  }
  return error;
}

/* According to the page a NULL Info fails and stores the size needed; it does not give the code. */
static int provider_info_copy_out(DWORD categories, void *info, size_t *size)
{
  const size_t needed = sizeof categories;
  size_t offered;

  if (!caller_read(&offered, size, sizeof offered) || !caller_write(size, &needed, sizeof needed))
    return WSAEFAULT;
  if (info == NULL || offered < needed)
    return WSAEFAULT;
  if (caller_can_write(info, needed) && caller_write(info, &categories, needed))
    return 0;
  caller_write(size, &offered, sizeof offered);
  return WSAEFAULT;
}

static int provider_info_get(enum catalog_width width, const GUID *provider_id,
                             WSC_PROVIDER_INFO_TYPE type, void *info, size_t *size, DWORD flags)
{
  DWORD categories = 0;
  bool is_stored = false;
  GUID id;
  int error = provider_info_check_type(type, flags);

  if (error != 0)
    return error;
  if (!caller_read(&id, provider_id, sizeof id))
    return WSAEFAULT;
  error = provider_info_find(width, &id, WSAEINVALIDPROVIDER, &is_stored);
  if (error == 0 && is_stored)
    error = provider_info_read(width, &id, &categories);
  return error != 0 ? documented_error(error) : provider_info_copy_out(categories, info, size);
}

/* --- set ------------------------------------------------------------------------------ */

/* Called with the store locked: a provider that is removed at the same time would otherwise leave
 * its categories to the next provider with its id. */
static int provider_info_write_locked(const struct catalog_store *store, enum catalog_width width,
                                      const GUID *id, DWORD categories)
{
  bool is_stored = false;
  const int error = provider_info_find(width, id, WSAEINVAL, &is_stored);

  if (error != 0)
    return error;
  if (!is_stored)
    return WSAEINVAL;
  if (store != catalog_store_in_use())
    return WSANO_RECOVERY; /* another store has been opened, and the provider may be its */
  return store->set_provider_categories(width, id, categories);
}

static int provider_info_write(enum catalog_width width, const GUID *id, DWORD categories)
{
  const struct catalog_store *store = catalog_store_in_use();
  int error = store->lock();

  if (error == 0) {
    error = provider_info_write_locked(store, width, id, categories);
    store->unlock();
  }
  return documented_error(error);
}

static int provider_info_set(enum catalog_width width, const GUID *provider_id,
                             WSC_PROVIDER_INFO_TYPE type, const void *info, size_t size,
                             DWORD flags)
{
  DWORD categories;
  GUID id;
  int error = provider_info_check_type(type, flags);

  if (error != 0)
    return error;
  if (!caller_read(&id, provider_id, sizeof id))
    return WSAEFAULT;
  if (size != sizeof categories)
    return WSAEINVAL;
  if (!caller_read(&categories, info, sizeof categories))
    return WSAEFAULT;
  return provider_info_write(width, &id, categories);
}

/* --- the exports ---------------------------------------------------------------------- */

int WSPAPI WSCGetProviderInfo(LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                              size_t *InfoSize, DWORD Flags, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return FORWARD_TO_SYSTEM(WSCGetProviderInfo, spi_fail(lpErrno, WSANO_RECOVERY), lpProviderId,
                             InfoType, Info, InfoSize, Flags, lpErrno);
  return spi_result(
      lpErrno, provider_info_get(CATALOG_NATIVE, lpProviderId, InfoType, Info, InfoSize, Flags));
}

int WSPAPI WSCSetProviderInfo(LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                              size_t InfoSize, DWORD Flags, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return FORWARD_TO_SYSTEM(WSCSetProviderInfo, spi_fail(lpErrno, WSANO_RECOVERY), lpProviderId,
                             InfoType, Info, InfoSize, Flags, lpErrno);
  return spi_result(
      lpErrno, provider_info_set(CATALOG_NATIVE, lpProviderId, InfoType, Info, InfoSize, Flags));
}

#ifdef _WIN64
int WSPAPI WSCGetProviderInfo32(LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                                size_t *InfoSize, DWORD Flags, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return FORWARD_TO_SYSTEM(WSCGetProviderInfo32, spi_fail(lpErrno, WSANO_RECOVERY), lpProviderId,
                             InfoType, Info, InfoSize, Flags, lpErrno);
  return spi_result(lpErrno,
                    provider_info_get(CATALOG_32, lpProviderId, InfoType, Info, InfoSize, Flags));
}

int WSPAPI WSCSetProviderInfo32(LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                                size_t InfoSize, DWORD Flags, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return FORWARD_TO_SYSTEM(WSCSetProviderInfo32, spi_fail(lpErrno, WSANO_RECOVERY), lpProviderId,
                             InfoType, Info, InfoSize, Flags, lpErrno);
  return spi_result(lpErrno,
                    provider_info_set(CATALOG_32, lpProviderId, InfoType, Info, InfoSize, Flags));
}
#endif
