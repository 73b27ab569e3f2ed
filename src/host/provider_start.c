#include "host/provider_start.h"

#include "host/load.h"
#include "platform/log.h"
#include "upcalls/upcalls.h"

#include <stdint.h>
#include <string.h>

static const char *const PROCEDURES[] = {
    "WSPAccept",
    "WSPAddressToString",
    "WSPAsyncSelect",
    "WSPBind",
    "WSPCancelBlockingCall",
    "WSPCleanup",
    "WSPCloseSocket",
    "WSPConnect",
    "WSPDuplicateSocket",
    "WSPEnumNetworkEvents",
    "WSPEventSelect",
    "WSPGetOverlappedResult",
    "WSPGetPeerName",
    "WSPGetSockName",
    "WSPGetSockOpt",
    "WSPGetQOSByName",
    "WSPIoctl",
    "WSPJoinLeaf",
    "WSPListen",
    "WSPRecv",
    "WSPRecvDisconnect",
    "WSPRecvFrom",
    "WSPSelect",
    "WSPSend",
    "WSPSendDisconnect",
    "WSPSendTo",
    "WSPSetSockOpt",
    "WSPShutdown",
    "WSPSocket",
    "WSPStringToAddress",
};
enum { PROCEDURE_COUNT = sizeof PROCEDURES / sizeof PROCEDURES[0] };
_Static_assert(sizeof(WSPPROC_TABLE) == PROCEDURE_COUNT * sizeof(uintptr_t), "30 procedures");

static const char *provider_missing_procedure(const WSPPROC_TABLE *table)
{
  uintptr_t procedures[PROCEDURE_COUNT];

  memcpy(procedures, table, sizeof procedures);
  for (size_t i = 0; i < PROCEDURE_COUNT; i++) {
    if (procedures[i] == 0)
      return PROCEDURES[i];
  }
  return NULL;
}

/* Checks the version first: a provider of another version may have another table. */
static int provider_check(const WSPDATA *data, const WSPPROC_TABLE *table, DWORD id)
{
  const char *missing = provider_missing_procedure(table);

  if (data->wVersion != MAKEWORD(2, 2)) {
    log_event("entry %lu: the provider offers version %u.%u instead of 2.2", id,
              LOBYTE(data->wVersion), HIBYTE(data->wVersion));
    return WSAEINVALIDPROVIDER;
  }
  if (missing != NULL) {
    log_event("entry %lu: the procedure table has no %s", id, missing);
    return WSAEINVALIDPROCTABLE;
  }
  return 0;
}

static int provider_call_startup(const struct catalog_entry *entry, LPWSPSTARTUP startup,
                                 WSPPROC_TABLE *table)
{
  const DWORD id = entry->info.dwCatalogEntryId;
  WSAPROTOCOL_INFOW info = entry->info; /* a copy, which the provider may change */
  WSPDATA data = {0};
  int error = startup(MAKEWORD(2, 2), &data, &info, upcall_table, table);
  int ignored;

  if (error != 0) {
    log_event("entry %lu: WSPStartup returned %d", id, error);
    return WSAEPROVIDERFAILEDINIT;
  }
  error = provider_check(&data, table, id);
  if (error != 0 && table->lpWSPCleanup != NULL)
    table->lpWSPCleanup(&ignored);
  return error;
}

int provider_start(const struct catalog_entry *entry, struct provider_start *start)
{
  LPWSPSTARTUP startup;
  int error = load_wsp_startup(entry, &startup, &start->module);

  if (error != 0)
    return error;
  memset(&start->table, 0, sizeof start->table);
  error = provider_call_startup(entry, startup, &start->table);
  if (error != 0)
    provider_unload(start);
  return error;
}

int provider_cleanup(const struct provider_start *start)
{
  int error = 0;

  if (start->table.lpWSPCleanup(&error) == 0)
    return 0;
  return error != 0 ? error : WSASYSCALLFAILURE;
}

void provider_unload(struct provider_start *start)
{
  if (start->module != NULL)
    FreeLibrary(start->module);
  start->module = NULL;
}
