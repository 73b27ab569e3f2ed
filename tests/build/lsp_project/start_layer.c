/* The test of the layer, for C and C++ compilers alike:
 *   start_layer.exe <file name of the DLL> opens a socket
 * installs the layer over TCP/IP, starts it, opens a socket through it, and takes all back.
 * The exit code names the step that failed. */
#include <ws2spi_lsp.h>
#include <ws2spi_shim.h>

#include <stdio.h>
#include <string.h>

enum { BASE_TCP = 1001 };

static const GUID LAYER = {0xd1b5a6c4, 0x37a9, 0x4e0e, {0x9b, 0x1f, 0x5d, 0x20, 0x61, 0xaa, 1, 2}};
static const GUID CHAIN = {0xd1b5a6c4, 0x37a9, 0x4e0e, {0x9b, 0x1f, 0x5d, 0x20, 0x61, 0xaa, 1, 3}};

static WCHAR path[MAX_PATH];

static BOOL find_entry(DWORD id, const GUID *provider, WSAPROTOCOL_INFOW *found)
{
  WSAPROTOCOL_INFOW entries[32];
  DWORD bytes = sizeof entries;
  int error;
  const int count = WSCEnumProtocols(NULL, entries, &bytes, &error);

  for (int i = 0; i < count; i++) {
    if (provider == NULL ? entries[i].dwCatalogEntryId == id
                         : memcmp(&entries[i].ProviderId, provider, sizeof *provider) == 0) {
      *found = entries[i];
      return TRUE;
    }
  }
  return FALSE;
}

static BOOL install(const GUID *provider, WSAPROTOCOL_INFOW *entry)
{
  GUID id = *provider;
  int error;

  return WSCInstallProvider(&id, path, entry, 1, &error) == 0 && find_entry(0, provider, entry);
}

static BOOL remove_provider(const GUID *provider)
{
  GUID id = *provider;
  int error;

  return WSCDeinstallProvider(&id, &error) == 0;
}

static BOOL opens_socket(WSPPROC_TABLE *table, WSAPROTOCOL_INFOW *chain)
{
  int error;
  const SOCKET s = table->lpWSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, chain, 0, 0, &error);

  return s != INVALID_SOCKET && table->lpWSPCloseSocket(s, &error) == 0;
}

int main(int argc, char **argv)
{
  WSAPROTOCOL_INFOW base, dummy, chain;
  WSPPROC_TABLE table;
  WCHAR name[MAX_PATH];
  int error;

  if (argc != 3 || strcmp(argv[2], "opens a socket") != 0)
    return 2;
  if (MultiByteToWideChar(CP_ACP, 0, argv[1], -1, name, MAX_PATH) == 0 ||
      GetFullPathNameW(name, MAX_PATH, path, NULL) == 0 || !find_entry(BASE_TCP, NULL, &base))
    return 3;
  if (Ws2SpiMakeDummyEntry(&base, L"Layer", &LAYER, XP1_IFS_HANDLES, &dummy) != 0 ||
      !install(&LAYER, &dummy))
    return 4;
  if (Ws2SpiMakeChainEntry(&base, L"Layer", dummy.dwCatalogEntryId, XP1_IFS_HANDLES, &chain) != 0 ||
      !install(&CHAIN, &chain))
    return 5;
  if (Ws2SpiStartProvider(chain.dwCatalogEntryId, &table, &error) != 0)
    return 6;
  if (!opens_socket(&table, &chain))
    return 7;
  if (Ws2SpiStopProvider(chain.dwCatalogEntryId, &error) != 0)
    return 8;
  if (!remove_provider(&CHAIN) || !remove_provider(&LAYER))
    return 9;
  printf("%s started, opened a socket and stopped\n", argv[1]);
  return 0;
}
