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

static const char *missing_procedure(const WSPPROC_TABLE *table)
{
  uintptr_t procedures[PROCEDURE_COUNT];

  memcpy(procedures, table, sizeof procedures);
  for (size_t i = 0; i < PROCEDURE_COUNT; i++) {
    if (procedures[i] == 0)
      return PROCEDURES[i];
  }
  return NULL;
}

/* The version is looked at first: a provider of another version may well have
 * another table. */
static int check(const WSPDATA *data, const WSPPROC_TABLE *table, DWORD id)
{
  const char *missing = missing_procedure(table);

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

static int start(const struct catalog_entry *entry, LPWSPSTARTUP startup, WSPPROC_TABLE *table)
{
  const DWORD id = entry->info.dwCatalogEntryId;
  WSAPROTOCOL_INFOW info = entry->info; /* the provider gets a copy to write on */
  WSPDATA data = {0};
  int error = startup(MAKEWORD(2, 2), &data, &info, upcall_table, table);
  int ignored;

  if (error != 0) {
    log_event("entry %lu: WSPStartup returned %d", id, error);
    return WSAEPROVIDERFAILEDINIT;
  }
  error = check(&data, table, id);
  if (error != 0 && table->lpWSPCleanup != NULL)
    table->lpWSPCleanup(&ignored);
  return error;
}

int launch_provider(const struct catalog_entry *entry, struct launched_provider *launched)
{
  LPWSPSTARTUP startup;
  int error = load_provider(entry, &startup, &launched->module);

  if (error != 0)
    return error;
  memset(&launched->table, 0, sizeof launched->table);
  error = start(entry, startup, &launched->table);
  if (error != 0)
    unload_provider(launched);
  return error;
}

int cleanup_provider(const struct launched_provider *launched)
{
  int error = 0;

  if (launched->table.lpWSPCleanup(&error) == 0)
    return 0;
  return error != 0 ? error : WSASYSCALLFAILURE;
}

void unload_provider(struct launched_provider *launched)
{
  if (launched->module != NULL)
    FreeLibrary(launched->module);
  launched->module = NULL;
}
