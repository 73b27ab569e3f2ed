/* A layered provider for TCP/IP as it was written for ws2spi 0.1. Instead of ws2spi_shim.h it has the
 * declarations of that version, by hand, so that it cannot follow a change of the header: a layer
 * that was compiled then has to run with the DLL of today. The example test drives it. */
#include <winsock2.h>
#include <ws2spi.h>

#include <string.h>

int WSPAPI Ws2SpiGetUpcallTable(LPWSPUPCALLTABLE lpUpcallTable, LPINT lpErrno);
int WSPAPI Ws2SpiSetUpcallTable(const WSPUPCALLTABLE *lpUpcallTable, LPINT lpErrno);
int WSPAPI Ws2SpiStartProvider(DWORD dwCatalogEntryId, LPWSPPROC_TABLE lpProcTable, LPINT lpErrno);
int WSPAPI Ws2SpiStopProvider(DWORD dwCatalogEntryId, LPINT lpErrno);

/* It is installed once and over a base entry, so one WSPStartup at a time is enough. */
static DWORD own_id;
static WSAPROTOCOL_INFOW lower_info;
static WSPPROC_TABLE lower;

/* Winsock has to know the descriptor as one of this layer (ws2spi/nf-ws2spi-wpumodifyifshandle). */
static SOCKET own(SOCKET s, LPINT error)
{
  SOCKET registered = INVALID_SOCKET;
  int ignored;

  if (s == INVALID_SOCKET)
    return INVALID_SOCKET;
  registered = WPUModifyIFSHandle(own_id, s, error);
  if (registered == INVALID_SOCKET)
    lower.lpWSPCloseSocket(s, &ignored);
  return registered;
}

static SOCKET WSPAPI layer_socket(int family, int type, int protocol, LPWSAPROTOCOL_INFOW info,
                                  GROUP group, DWORD flags, LPINT error)
{
  (void)info;
  return own(lower.lpWSPSocket(family, type, protocol, &lower_info, group, flags, error), error);
}

static SOCKET WSPAPI layer_accept(SOCKET s, struct sockaddr *address, LPINT length,
                                  LPCONDITIONPROC condition, DWORD_PTR data, LPINT error)
{
  return own(lower.lpWSPAccept(s, address, length, condition, data, error), error);
}

static int WSPAPI layer_cleanup(LPINT error)
{
  return Ws2SpiStopProvider(lower_info.dwCatalogEntryId, error);
}

static BOOL read_entry(DWORD id, WSAPROTOCOL_INFOW *found)
{
  WSAPROTOCOL_INFOW entries[32];
  DWORD bytes = sizeof entries;
  int error;
  const int count = WSCEnumProtocols(NULL, entries, &bytes, &error);

  for (int i = 0; i < count; i++) {
    if (entries[i].dwCatalogEntryId == id) {
      *found = entries[i];
      return TRUE;
    }
  }
  return FALSE;
}

/* ws2spi.dll started this layer, so the table is its own, before it was set and after. */
static int check_upcalls(const WSPUPCALLTABLE *upcalls)
{
  WSPUPCALLTABLE table;
  int error;

  if (Ws2SpiSetUpcallTable(upcalls, &error) != 0 || Ws2SpiGetUpcallTable(&table, &error) != 0)
    return error;
  return memcmp(&table, upcalls, sizeof table) == 0 ? 0 : WSAEINVALIDPROVIDER;
}

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                      WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  int error = check_upcalls(&upcalls);

  if (error != 0)
    return error;
  if (version != MAKEWORD(2, 2))
    return WSAVERNOTSUPPORTED;
  if (info->ProtocolChain.ChainLen != 2 ||
      !read_entry(info->ProtocolChain.ChainEntries[1], &lower_info))
    return WSAEINVALIDPROVIDER;
  if (Ws2SpiStartProvider(lower_info.dwCatalogEntryId, &lower, &error) != 0)
    return error;
  own_id = info->dwCatalogEntryId;
  data->wVersion = version;
  data->wHighVersion = version;
  *table = lower;
  table->lpWSPSocket = layer_socket;
  table->lpWSPAccept = layer_accept;
  table->lpWSPCleanup = layer_cleanup;
  return 0;
}
