/* WSCGetProviderPath and WSCGetProviderPath32. */
#include "catalog/catalog.h"
#include "platform/spi_error.h"

int WSPAPI WSCGetProviderPath(LPGUID lpProviderId, WCHAR *lpszProviderDllPath,
                              LPINT lpProviderDllPathLen, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  return spi_result(lpErrno, catalog_get_provider_path(CATALOG_NATIVE, lpProviderId,
                                                       lpszProviderDllPath, lpProviderDllPathLen));
}

#ifdef _WIN64
/* For a base entry it returns the path of this 64-bit DLL: the path of the 32-bit ws2spi.dll is not
 * known here. */
int WSPAPI WSCGetProviderPath32(LPGUID lpProviderId, WCHAR *lpszProviderDllPath,
                                LPINT lpProviderDllPathLen, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  return spi_result(lpErrno, catalog_get_provider_path(CATALOG_32, lpProviderId,
                                                       lpszProviderDllPath, lpProviderDllPathLen));
}
#endif
