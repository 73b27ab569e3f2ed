#include "catalog/catalog.h"

#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/spi_error.h"

static int copy_path(WCHAR *path, const WCHAR *caller_path)
{
  const size_t length = caller_string_length(caller_path, MAX_PATH);

  if (length == CALLER_BAD_STRING)
    return WSAEFAULT;
  if (length == 0 || length == MAX_PATH)
    return WSAEINVAL;
  path[length] = 0;
  return caller_read(path, caller_path, length * sizeof *path) ? 0 : WSAEFAULT;
}

static int copy_infos(WSAPROTOCOL_INFOW **infos, const WSAPROTOCOL_INFOW *list, DWORD count)
{
  const size_t size = count * sizeof **infos;

  /* What a size_t cannot measure cannot be readable either. */
  if (size / sizeof **infos != count)
    return WSAEFAULT;
  *infos = heap_allocate(size);
  if (*infos == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  return caller_read(*infos, list, size) ? 0 : WSAEFAULT;
}

static int add_all(WSAPROTOCOL_INFOW *infos, DWORD count, const GUID *id, const WCHAR *path)
{
  DWORD first_id;

  for (DWORD i = 0; i < count; i++)
    infos[i].ProviderId = *id;
  return catalog_add(infos, count, path, NULL, &first_id);
}

static int install(const GUID *provider_id, const WCHAR *caller_path, const WSAPROTOCOL_INFOW *list,
                   DWORD count)
{
  WSAPROTOCOL_INFOW *infos = NULL;
  WCHAR path[MAX_PATH];
  GUID id;
  int error;

  if (!caller_read(&id, provider_id, sizeof id) || list == NULL)
    return WSAEFAULT;
  error = copy_path(path, caller_path);
  if (error == 0 && count == 0)
    error = WSAEINVAL;
  if (error == 0)
    error = copy_infos(&infos, list, count);
  if (error == 0)
    error = add_all(infos, count, &id, path);
  heap_free(infos);
  return error;
}

static int deinstall(const GUID *provider_id)
{
  GUID id;

  if (!caller_read(&id, provider_id, sizeof id))
    return WSAEFAULT;
  return catalog_remove_provider(&id);
}

int WSPAPI WSCInstallProvider(LPGUID lpProviderId, const WCHAR *lpszProviderDllPath,
                              const LPWSAPROTOCOL_INFOW lpProtocolInfoList, DWORD dwNumberOfEntries,
                              LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  return spi_result(
      lpErrno, install(lpProviderId, lpszProviderDllPath, lpProtocolInfoList, dwNumberOfEntries));
}

int WSPAPI WSCDeinstallProvider(LPGUID lpProviderId, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  return spi_result(lpErrno, deinstall(lpProviderId));
}
