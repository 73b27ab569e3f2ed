#include "upcalls/upcalls.h"

#include "catalog/catalog.h"
#include "platform/spi_error.h"

int WSPAPI upcall_get_provider_path(LPGUID provider_id, WCHAR *path, LPINT chars, LPINT lpErrno)
{
  if (!spi_begin_upcall_in("WPUGetProviderPath", lpErrno))
    return SOCKET_ERROR;
  return spi_result_in("WPUGetProviderPath", lpErrno,
                       catalog_get_provider_path(CATALOG_NATIVE, provider_id, path, chars));
}
