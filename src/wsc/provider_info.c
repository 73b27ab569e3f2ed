/* What WSCGetProviderInfo knows of a provider: its LSP categories. */
#include "catalog/catalog.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"
#include "wsc/arguments.h"

typedef int(WSPAPI *get_info_function)(LPGUID, WSC_PROVIDER_INFO_TYPE, PBYTE, size_t *, DWORD,
                                       LPINT);
typedef int(WSPAPI *set_info_function)(LPGUID, WSC_PROVIDER_INFO_TYPE, PBYTE, size_t, DWORD, LPINT);

static int check_type(WSC_PROVIDER_INFO_TYPE type, DWORD flags)
{
  if (type == ProviderInfoAudit)
    return ERROR_CALL_NOT_IMPLEMENTED;
  return type == ProviderInfoLspCategories && flags == 0 ? 0 : WSAEINVAL;
}

/* Entries of this process are always known; of stored ones only a catalog that can be read tells. */
static int find_provider(enum catalog_width width, const GUID *id, int if_unknown, bool *is_stored)
{
  const struct catalog_entry *entry;
  const int error = catalog_find_provider(width, id, &entry);

  if (entry == NULL)
    return error != 0 ? error : if_unknown;
  *is_stored = !id_is_local(entry->info.dwCatalogEntryId);
  catalog_release(entry);
  return *is_stored ? error : 0;
}

/* --- get --------------------------------------------------------------------------------- */

static int read_categories(enum catalog_width width, const GUID *id, DWORD *categories)
{
  int error = catalog_store_in_use()->get_provider_categories(width, id, categories);

  if (error == WSASERVICE_NOT_FOUND) {
    *categories = 0;
    error = 0;
  }
  return error;
}

/* The page says that a NULL Info fails and stores the size, but not with which code. */
static int hand_out(DWORD categories, void *info, size_t *size)
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

static int get_info(enum catalog_width width, const GUID *provider_id, WSC_PROVIDER_INFO_TYPE type,
                    void *info, size_t *size, DWORD flags)
{
  DWORD categories = 0;
  bool is_stored = false;
  GUID id;
  int error = check_type(type, flags);

  if (error != 0)
    return error;
  if (!caller_read(&id, provider_id, sizeof id))
    return WSAEFAULT;
  error = find_provider(width, &id, WSAEINVALIDPROVIDER, &is_stored);
  if (error == 0 && is_stored)
    error = read_categories(width, &id, &categories);
  return error != 0 ? documented_error(error) : hand_out(categories, info, size);
}

/* --- set ----------------------------------------------------------------------------------- */

/* Asked with the store locked, since a provider that has gone meanwhile would leave them to
 * the next of its id. */
static int store_locked(const struct catalog_store *store, enum catalog_width width, const GUID *id,
                        DWORD categories)
{
  bool is_stored = false;
  const int error = find_provider(width, id, WSAEINVAL, &is_stored);

  if (error != 0)
    return error;
  if (!is_stored)
    return WSAEINVAL;
  if (store != catalog_store_in_use())
    return WSANO_RECOVERY; /* the answer may be another's */
  return store->set_provider_categories(width, id, categories);
}

static int store_categories(enum catalog_width width, const GUID *id, DWORD categories)
{
  const struct catalog_store *store = catalog_store_in_use();
  int error = store->lock();

  if (error == 0) {
    error = store_locked(store, width, id, categories);
    store->unlock();
  }
  return documented_error(error);
}

static int set_info(enum catalog_width width, const GUID *provider_id, WSC_PROVIDER_INFO_TYPE type,
                    const void *info, size_t size, DWORD flags)
{
  DWORD categories;
  GUID id;
  int error = check_type(type, flags);

  if (error != 0)
    return error;
  if (!caller_read(&id, provider_id, sizeof id))
    return WSAEFAULT;
  if (size != sizeof categories)
    return WSAEINVAL;
  if (!caller_read(&categories, info, sizeof categories))
    return WSAEFAULT;
  return store_categories(width, &id, categories);
}

/* --- the exports ------------------------------------------------------------------------------ */

static int get_or_hand_on(const char *name, enum catalog_width width, LPGUID id,
                          WSC_PROVIDER_INFO_TYPE type, PBYTE info, size_t *size, DWORD flags,
                          LPINT lpErrno)
{
  get_info_function function;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (!store_is_system())
    return spi_result(lpErrno, get_info(width, id, type, info, size, flags));
  if (!system_winsock_find(name, &function, sizeof function))
    return spi_fail(lpErrno, WSANO_RECOVERY);
  return function(id, type, info, size, flags, lpErrno);
}

static int set_or_hand_on(const char *name, enum catalog_width width, LPGUID id,
                          WSC_PROVIDER_INFO_TYPE type, PBYTE info, size_t size, DWORD flags,
                          LPINT lpErrno)
{
  set_info_function function;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (!store_is_system())
    return spi_result(lpErrno, set_info(width, id, type, info, size, flags));
  if (!system_winsock_find(name, &function, sizeof function))
    return spi_fail(lpErrno, WSANO_RECOVERY);
  return function(id, type, info, size, flags, lpErrno);
}

int WSPAPI WSCGetProviderInfo(LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                              size_t *InfoSize, DWORD Flags, LPINT lpErrno)
{
  return get_or_hand_on("WSCGetProviderInfo", CATALOG_NATIVE, lpProviderId, InfoType, Info,
                        InfoSize, Flags, lpErrno);
}

int WSPAPI WSCSetProviderInfo(LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                              size_t InfoSize, DWORD Flags, LPINT lpErrno)
{
  return set_or_hand_on("WSCSetProviderInfo", CATALOG_NATIVE, lpProviderId, InfoType, Info,
                        InfoSize, Flags, lpErrno);
}

#ifdef _WIN64
int WSPAPI WSCGetProviderInfo32(LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                                size_t *InfoSize, DWORD Flags, LPINT lpErrno)
{
  return get_or_hand_on("WSCGetProviderInfo32", CATALOG_32, lpProviderId, InfoType, Info, InfoSize,
                        Flags, lpErrno);
}

int WSPAPI WSCSetProviderInfo32(LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                                size_t InfoSize, DWORD Flags, LPINT lpErrno)
{
  return set_or_hand_on("WSCSetProviderInfo32", CATALOG_32, lpProviderId, InfoType, Info, InfoSize,
                        Flags, lpErrno);
}
#endif
