/* Ws2SpiRegisterProvider and Ws2SpiUnregisterProvider. */
#include "catalog/catalog.h"
#include "catalog/overlay.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"

#include <rpc.h>
#include <string.h>

/* A registered entry has the path of this DLL: a layer that loads the DLL of its lower entry then
 * reaches our WSPStartup, which calls the registered function. */
static int register_add(const WSAPROTOCOL_INFOW *info, LPWSPSTARTUP startup, DWORD *id)
{
  struct catalog_item item = {.info = *info};

  if (catalog_own_path() == NULL)
    return WSANO_RECOVERY;
  lstrcpynW(item.path, catalog_own_path(), MAX_PATH);
  return overlay_add(&item, 1, startup, id);
}

static bool register_ensure_provider_id(GUID *provider_id)
{
  static const GUID none;
  RPC_STATUS status;

  if (!IsEqualGUID(provider_id, &none))
    return true;
  status = UuidCreate(provider_id);
  return status == RPC_S_OK || status == RPC_S_UUID_LOCAL_ONLY;
}

static bool register_is_function(LPWSPSTARTUP startup)
{
  const void *address;

  memcpy(&address, &startup, sizeof address);
  return caller_can_execute(address);
}

static int register_provider(const WSAPROTOCOL_INFOW *caller_info, LPWSPSTARTUP startup,
                             DWORD *caller_id)
{
  WSAPROTOCOL_INFOW info;
  DWORD id;
  int error;

  if (!caller_read(&info, caller_info, sizeof info) || !register_is_function(startup) ||
      !caller_can_write(caller_id, sizeof *caller_id))
    return WSAEFAULT;
  if (!register_ensure_provider_id(&info.ProviderId))
    return WSANO_RECOVERY;
  error = register_add(&info, startup, &id);
  if (error == 0 && !caller_write(caller_id, &id, sizeof id)) {
    overlay_remove_registered(id);
    error = WSAEFAULT;
  }
  return error;
}

int WSPAPI Ws2SpiRegisterProvider(const WSAPROTOCOL_INFOW *lpProtocolInfo, LPWSPSTARTUP lpfnStartup,
                                  LPDWORD lpdwCatalogEntryId, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  return spi_result(lpErrno, register_provider(lpProtocolInfo, lpfnStartup, lpdwCatalogEntryId));
}

/* Only the entry is removed: a provider that has been started runs until it is stopped. */
int WSPAPI Ws2SpiUnregisterProvider(DWORD dwCatalogEntryId, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  return spi_result(lpErrno, overlay_remove_registered(dwCatalogEntryId));
}
