#include "installing.h"

#include <ws2spi_shim.h>

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

enum { BASE_TCP = 1001 };

void require(BOOL ok, const char *what, const int *error)
{
  if (ok)
    return;
  printf("%s: error %d\n", what, error == NULL ? WSAGetLastError() : *error);
  exit(EXIT_FAILURE);
}

/* Entries are told apart by their provider ids: catalog ids are given out by the
 * installation, and enumerating is how one learns them. */
static BOOL find_entry(const GUID *provider, DWORD id, WSAPROTOCOL_INFOW *found)
{
  WSAPROTOCOL_INFOW entries[32];
  DWORD bytes = sizeof entries;
  int error;
  const int count = WSCEnumProtocols(NULL, entries, &bytes, &error);

  require(count != SOCKET_ERROR, "WSCEnumProtocols", &error);
  for (int i = 0; i < count; i++)
    if (provider == NULL ? entries[i].dwCatalogEntryId == id
                         : IsEqualGUID(&entries[i].ProviderId, provider)) {
      *found = entries[i];
      return TRUE;
    }
  return FALSE;
}

static void path_of(const WCHAR *file, WCHAR path[MAX_PATH])
{
  GetModuleFileNameW(NULL, path, MAX_PATH);
  wcscpy(wcsrchr(path, L'\\') + 1, file);
}

static WSAPROTOCOL_INFOW install(const struct layer *layer, const GUID *provider,
                                 WSAPROTOCOL_INFOW *entry)
{
  GUID id = *provider;
  WSAPROTOCOL_INFOW installed = {0};
  WCHAR path[MAX_PATH];
  int error;

  path_of(layer->file, path);
  /* Handles made by WPUCreateSocketHandle are not the system's own
   * (ws2spi/nf-ws2spi-wpucreatesockethandle). */
  if (!layer->has_ifs_handles)
    entry->dwServiceFlags1 &= ~(DWORD)XP1_IFS_HANDLES;
  entry->ProviderId = id;
  require(WSCInstallProvider(&id, path, entry, 1, &error) == 0, "WSCInstallProvider", &error);
  require(find_entry(&id, 0, &installed), "the installed entry is missing", NULL);
  return installed;
}

/* A hidden entry of chain length 0 stands for the layer itself and gets it a
 * catalog id, with which the chain can then name it. */
static WSAPROTOCOL_INFOW install_hidden_entry(const struct layer *layer,
                                              const WSAPROTOCOL_INFOW *base)
{
  WSAPROTOCOL_INFOW entry = *base;

  entry.iSocketType = 0;
  entry.iProtocol = 0;
  entry.dwProviderFlags |= PFL_HIDDEN;
  entry.dwProviderFlags &= ~(DWORD)PFL_MATCHES_PROTOCOL_ZERO;
  entry.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  wcscpy(entry.szProtocol, layer->name);
  return install(layer, layer->id, &entry);
}

static WSAPROTOCOL_INFOW install_chain(const struct layer *layer, const WSAPROTOCOL_INFOW *base,
                                       DWORD hidden)
{
  WSAPROTOCOL_INFOW entry = *base;

  entry.ProtocolChain.ChainLen = 2;
  entry.ProtocolChain.ChainEntries[0] = hidden;
  entry.ProtocolChain.ChainEntries[1] = base->dwCatalogEntryId;
  wcscat(wcscpy(entry.szProtocol, layer->name), L" over TCP/IP");
  return install(layer, layer->chain_id, &entry);
}

/* The catalog of this process alone: nothing is left behind in the registry. */
WSAPROTOCOL_INFOW install_layer(const struct layer *layer)
{
  WSAPROTOCOL_INFOW base, hidden;
  int error;

  require(Ws2SpiOpenCatalog(WS2SPI_CATALOG_MEMORY, &error) == 0, "Ws2SpiOpenCatalog", &error);
  require(find_entry(NULL, BASE_TCP, &base), "there is no base entry", NULL);
  hidden = install_hidden_entry(layer, &base);
  return install_chain(layer, &base, hidden.dwCatalogEntryId);
}

static void deinstall(const GUID *provider)
{
  GUID id = *provider;
  int error;

  require(WSCDeinstallProvider(&id, &error) == 0, "WSCDeinstallProvider", &error);
}

void deinstall_layer(const struct layer *layer)
{
  deinstall(layer->chain_id);
  deinstall(layer->id);
}
