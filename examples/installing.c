#include "installing.h"

#include <ws2spi_lsp.h>
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

/* Finds an entry by its ProviderId, or by its catalog id. Installation assigns the catalog id, so a
 * program has to enumerate the entries to learn it. */
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
  WCHAR path[MAX_PATH] = {0};
  int error;

  path_of(layer->file, path);
  require(WSCInstallProvider(&id, path, entry, 1, &error) == 0, "WSCInstallProvider", &error);
  require(find_entry(&id, 0, &installed), "WSCEnumProtocols does not list the installed entry",
          NULL);
  return installed;
}

/* The hidden entry represents the layer. Its catalog id is needed to name the layer in the chain.
 * The catalog is in this process's memory, so nothing is left behind in the registry. */
WSAPROTOCOL_INFOW install_layer(const struct layer *layer)
{
  /* Handles made by WPUCreateSocketHandle are not system handles
   * (ws2spi/nf-ws2spi-wpucreatesockethandle). */
  const DWORD flags = layer->has_ifs_handles ? XP1_IFS_HANDLES : 0;
  WSAPROTOCOL_INFOW base, hidden, chain;
  int error;

  require(Ws2SpiOpenCatalog(WS2SPI_CATALOG_MEMORY, &error) == 0, "Ws2SpiOpenCatalog", &error);
  require(find_entry(NULL, BASE_TCP, &base), "the catalog has no TCP/IP base entry", NULL);
  error = Ws2SpiMakeDummyEntry(&base, layer->name, layer->id, flags, &hidden);
  require(error == 0, "Ws2SpiMakeDummyEntry", &error);
  hidden = install(layer, layer->id, &hidden);
  error = Ws2SpiMakeChainEntry(&base, layer->name, hidden.dwCatalogEntryId, flags, &chain);
  require(error == 0, "Ws2SpiMakeChainEntry", &error);
  return install(layer, layer->chain_id, &chain);
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
