/* WSCInstallProviderAndChains, which 32-bit Windows has, and WSCInstallProviderAndChains64_32. */
#include "catalog/chains.h"
#include "catalog/overlay.h"
#include "platform/caller_memory.h"
#include "platform/environment.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"
#include "wsc/arguments.h"
#include "wsc/forward.h"

#include <rpc.h>
#include <string.h>

struct chains_arguments {
  const GUID *provider_id;
  const WCHAR *path[CATALOG_WIDTHS];
  const WCHAR *name;
  DWORD service_flags;
  const WSAPROTOCOL_INFOW *list;
  DWORD count;
  DWORD *layer_id;
};

/* The page has WSAEINVAL for a NULL pointer and WSAEFAULT for memory that cannot be read. */
static int install_chains_copy_name(WCHAR *name, const WCHAR *caller_name)
{
  const size_t length =
      caller_name == NULL ? 0 : caller_string_length(caller_name, WSAPROTOCOL_LEN + 1);

  if (length == CALLER_BAD_STRING)
    return WSAEFAULT;
  if (length == 0 || length > WSAPROTOCOL_LEN)
    return WSAEINVAL;
  name[length] = 0;
  return caller_read(name, caller_name, length * sizeof *name) ? 0 : WSAEFAULT;
}

static int install_chains_copy_paths(struct chains_request *request, const WCHAR *const *paths)
{
  int error = 0;

  for (int i = 0; error == 0 && i < CATALOG_WIDTHS; i++)
    error = paths[i] == NULL ? WSAEINVAL : arguments_copy_path(request->path[i], paths[i]);
  return error;
}

/* Duplicates in the list are ignored. */
static int install_chains_copy_distinct(struct chains_request *request, struct protocol_map *seen,
                                        const WSAPROTOCOL_INFOW *list, DWORD count)
{
  for (DWORD i = 0; i < count; i++) {
    WSAPROTOCOL_INFOW info;
    struct protocol_key key;

    if (!caller_read(&info, &list[i], sizeof info))
      return WSAEFAULT;
    key = (struct protocol_key){info.iAddressFamily, info.iSocketType, info.iProtocol};
    if (!protocol_map_add(seen, &key, list))
      continue;
    request->list_index[request->count] = i;
    request->protocols[request->count++] = key;
  }
  return 0;
}

static int install_chains_copy_protocols(struct chains_request *request,
                                         const WSAPROTOCOL_INFOW *list, DWORD count)
{
  const size_t size = count * sizeof *request->protocols;
  struct protocol_map seen = {0};
  int error = WSA_NOT_ENOUGH_MEMORY;

  if (size / sizeof *request->protocols != count)
    return WSAEFAULT;
  request->protocols = heap_allocate(size);
  request->list_index = heap_allocate(count * sizeof *request->list_index);
  if (request->protocols != NULL && request->list_index != NULL &&
      protocol_map_allocate(&seen, count))
    error = install_chains_copy_distinct(request, &seen, list, count);
  protocol_map_free(&seen);
  return error;
}

static int install_chains_make_request(struct chains_request *request,
                                       const struct chains_arguments *arguments,
                                       struct rejection *rejection)
{
  RPC_STATUS status;
  int error;

  if (arguments->provider_id == NULL)
    return reject(rejection, WSAEINVAL, "lpProviderId is NULL");
  if (!caller_read(&request->provider_id, arguments->provider_id, sizeof request->provider_id))
    return WSAEFAULT;
  if ((arguments->service_flags & ~(DWORD)XP1_IFS_HANDLES) != 0)
    return reject(rejection, WSAEINVAL, "dwServiceFlags has a flag other than XP1_IFS_HANDLES");
  request->service_flags = arguments->service_flags;
  error = install_chains_copy_paths(request, arguments->path);
  if (error != 0)
    return reject(rejection, error, error == WSAEINVAL ? PATH_IS_INVALID : NULL);
  error = install_chains_copy_name(request->name, arguments->name);
  if (error != 0)
    return reject(rejection, error,
                  error == WSAEINVAL ? "the name of the LSP is empty or too long" : NULL);
  status = UuidCreate(&request->chain_id);
  if (status != RPC_S_OK && status != RPC_S_UUID_LOCAL_ONLY)
    return WSANO_RECOVERY;
  request->over_all = arguments->list == NULL;
  if (request->over_all)
    return 0;
  if (arguments->count == 0)
    return reject(rejection, WSAEINVAL, LIST_IS_EMPTY);
  return install_chains_copy_protocols(request, arguments->list, arguments->count);
}

static int install_chains(DWORD widths, const struct chains_arguments *arguments)
{
  struct chains_request *request;
  struct rejection rejection = {0};
  int error;

  if (arguments->layer_id != NULL && !caller_can_write(arguments->layer_id, sizeof(DWORD)))
    return WSAEFAULT;
  request = heap_allocate(sizeof *request);
  if (request == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  error = install_chains_make_request(request, arguments, &rejection);
  if (rejection.reason != NULL)
    rejection_log(&rejection, arguments->provider_id != NULL ? &request->provider_id : NULL, error);
  if (error == 0)
    error = transaction_run(widths, chains_compute, request, &request->provider_id);
  if (error == 0 && arguments->layer_id != NULL)
    caller_write(arguments->layer_id, &request->layer_id, sizeof(DWORD));
  heap_free(request->protocols);
  heap_free(request->list_index);
  heap_free(request);
  return error;
}

/* WSAENOBUFS is the only code for a shortage of memory on both pages. */
static int install_chains_documented(DWORD widths, const struct chains_arguments *arguments)
{
  const int error = install_chains(widths, arguments);

  return error == WSA_NOT_ENOUGH_MEMORY ? WSAENOBUFS : error;
}

#ifdef _WIN64

static bool install_chains_is_in_folder(const WCHAR *path, const WCHAR *folder)
{
  const int length = lstrlenW(folder);

  return lstrlenW(path) > length &&
         CompareStringOrdinal(path, length, folder, length, TRUE) == CSTR_EQUAL &&
         wcspbrk(path + length, L"\\/") == NULL;
}

/* One path for both widths must be in system32, because only there does the system redirect 32-bit
 * processes to the folder of the 32-bit DLL. */
static int install_chains_check_shared_path(const WCHAR *caller_path)
{
  static const WCHAR folder[] = L"%windir%\\system32\\";
  WCHAR path[MAX_PATH];
  WCHAR *expanded, *expanded_folder;
  int error = arguments_copy_path(path, caller_path);

  if (error != 0)
    return error;
  expanded = expand_environment(path);
  expanded_folder = expand_environment(folder);
  if (expanded == NULL || expanded_folder == NULL)
    error = WSAENOBUFS;
  else if (!install_chains_is_in_folder(expanded, expanded_folder))
    error = WSAEINVAL;
  heap_free(expanded);
  heap_free(expanded_folder);
  return error;
}

static int install_chains_in_both(const struct chains_arguments *arguments, bool path_is_shared)
{
  const WCHAR *const path = arguments->path[CATALOG_64];
  const int error = path_is_shared && path != NULL ? install_chains_check_shared_path(path) : 0;

  if (error == WSAEINVAL) {
    const struct rejection rejection = {
        .reason = "one DLL path for both widths must be %windir%\\system32\\<file>"};

    rejection_log(&rejection, NULL, error);
  }
  return error != 0 ? error : install_chains_documented(WS2SPI_WIDTH_BOTH, arguments);
}

int WSPAPI WSCInstallProviderAndChains64_32(
    const LPGUID lpProviderId, const LPWSTR lpszProviderDllPath, const LPWSTR lpszProviderDllPath32,
    const LPWSTR lpszLspName, DWORD dwServiceFlags, const LPWSAPROTOCOL_INFO lpProtocolInfoList,
    DWORD dwNumberOfEntries, LPDWORD lpdwCatalogEntryId, LPINT lpErrno)
{
  const struct chains_arguments arguments = {
      .provider_id = lpProviderId,
      .path[CATALOG_64] = lpszProviderDllPath,
      .path[CATALOG_32] =
          lpszProviderDllPath32 != NULL ? lpszProviderDllPath32 : lpszProviderDllPath,
      .name = lpszLspName,
      .service_flags = dwServiceFlags,
      .list = lpProtocolInfoList,
      .count = dwNumberOfEntries,
      .layer_id = lpdwCatalogEntryId,
  };

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return FORWARD_TO_SYSTEM(WSCInstallProviderAndChains64_32, spi_fail(lpErrno, WSANO_RECOVERY),
                             lpProviderId, lpszProviderDllPath, lpszProviderDllPath32, lpszLspName,
                             dwServiceFlags, lpProtocolInfoList, dwNumberOfEntries,
                             lpdwCatalogEntryId, lpErrno);
  return spi_result(lpErrno, install_chains_in_both(&arguments, lpszProviderDllPath32 == NULL));
}

#else

int WSPAPI WSCInstallProviderAndChains(const LPGUID lpProviderId, const LPWSTR lpszProviderDllPath,
                                       const LPWSTR lpszLspName, DWORD dwServiceFlags,
                                       const LPWSAPROTOCOL_INFO lpProtocolInfoList,
                                       DWORD dwNumberOfEntries, LPDWORD lpdwCatalogEntryId,
                                       LPINT lpErrno)
{
  const struct chains_arguments arguments = {
      .provider_id = lpProviderId,
      .path = {lpszProviderDllPath, lpszProviderDllPath},
      .name = lpszLspName,
      .service_flags = dwServiceFlags,
      .list = lpProtocolInfoList,
      .count = dwNumberOfEntries,
      .layer_id = lpdwCatalogEntryId,
  };

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return FORWARD_TO_SYSTEM(WSCInstallProviderAndChains, spi_fail(lpErrno, WSANO_RECOVERY),
                             lpProviderId, lpszProviderDllPath, lpszLspName, dwServiceFlags,
                             lpProtocolInfoList, dwNumberOfEntries, lpdwCatalogEntryId, lpErrno);
  return spi_result(lpErrno, install_chains_documented(WS2SPI_WIDTH_NATIVE, &arguments));
}

#endif
