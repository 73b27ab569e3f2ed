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
/* Of a base entry the path of this DLL, of which there is one for 32 bits too, but where is
 * not known here. */
int WSPAPI WSCGetProviderPath32(LPGUID lpProviderId, WCHAR *lpszProviderDllPath,
                                LPINT lpProviderDllPathLen, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  return spi_result(lpErrno, catalog_get_provider_path(CATALOG_32, lpProviderId,
                                                       lpszProviderDllPath, lpProviderDllPathLen));
}
#endif
