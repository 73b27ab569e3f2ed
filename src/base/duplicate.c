#include "base/duplicate.h"

#include "base/procedures.h"
#include "base/base_socket.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

bool duplicate_is_in(const WSAPROTOCOL_INFOW *info)
{
  return info->dwProviderReserved != 0 || info->dwServiceFlags4 != 0;
}

/* A bit of dwServiceFlags2, which the system does not use. */
enum { ORIGINAL_IS_NONBLOCKING = 1 };

bool duplicate_is_nonblocking(const WSAPROTOCOL_INFOW *info)
{
  return (info->dwServiceFlags2 & ORIGINAL_IS_NONBLOCKING) != 0;
}

/* All entries of the system's catalog, or NULL. */
static WSAPROTOCOL_INFOW *duplicate_read_system_catalog(int *count)
{
  const struct system_winsock *system = system_winsock();
  WSAPROTOCOL_INFOW *catalog;
  DWORD size = 0;

  system->WSAEnumProtocolsW(NULL, NULL, &size);
  catalog = heap_allocate(size);
  if (catalog == NULL)
    return NULL;
  *count = system->WSAEnumProtocolsW(NULL, catalog, &size);
  if (*count != SOCKET_ERROR)
    return catalog;
  heap_free(catalog);
  return NULL;
}

void duplicate_info_to_system(const struct base_protocol *protocol, WSAPROTOCOL_INFOW *info)
{
  int count = 0;
  WSAPROTOCOL_INFOW *catalog = duplicate_read_system_catalog(&count);

  info->dwServiceFlags2 &= ~(DWORD)ORIGINAL_IS_NONBLOCKING;
  for (int i = 0; catalog != NULL && i < count; i++) {
    if (catalog[i].iAddressFamily == protocol->family && catalog[i].iSocketType == protocol->type &&
        catalog[i].ProtocolChain.ChainLen == BASE_PROTOCOL) {
      info->dwCatalogEntryId = catalog[i].dwCatalogEntryId;
      info->ProviderId = catalog[i].ProviderId;
      info->ProtocolChain = catalog[i].ProtocolChain;
      break;
    }
  }
  heap_free(catalog);
}

static int duplicate_socket(struct base_socket *socket, DWORD process, LPWSAPROTOCOL_INFOW target)
{
  WSAPROTOCOL_INFOW info;

  if (!caller_can_write(target, sizeof *target))
    return WSAEFAULT;
  if (system_winsock()->WSADuplicateSocketW(socket->handle, process, &info) != 0)
    return base_system_error();
  base_protocol_describe(socket->protocol, &info);
  atomic_store(&socket->shared, true);
  if (atomic_load(&socket->nonblocking))
    info.dwServiceFlags2 |= ORIGINAL_IS_NONBLOCKING;
  return caller_write(target, &info, sizeof info) ? 0 : WSAEFAULT;
}

int WSPAPI base_duplicate_socket(SOCKET s, DWORD dwProcessId, LPWSAPROTOCOL_INFOW lpProtocolInfo,
                                 LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPDuplicateSocket", s, lpErrno);

  if (socket == NULL)
    return SOCKET_ERROR;
  return base_leave("WSPDuplicateSocket", socket, lpErrno,
                    duplicate_socket(socket, dwProcessId, lpProtocolInfo));
}
