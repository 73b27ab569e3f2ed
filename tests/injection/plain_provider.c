#include "injection/plain_provider.h"

#include "injection/sweep.h"

#include <wchar.h>

const GUID plain_provider_id = {0x11111111, 0x2222, 0x3333, {4, 4, 4, 4, 4, 4, 4, 4}};

WSAPROTOCOL_INFOW plain_entry(void)
{
  WSAPROTOCOL_INFOW entry = {.ProviderId = plain_provider_id};

  entry.ProtocolChain.ChainLen = BASE_PROTOCOL;
  entry.iVersion = 2;
  entry.iAddressFamily = AF_INET;
  entry.iMaxSockAddr = entry.iMinSockAddr = sizeof(struct sockaddr_in);
  entry.iSocketType = SOCK_STREAM;
  entry.iProtocol = IPPROTO_TCP;
  wcscpy(entry.szProtocol, L"Test Provider");
  return entry;
}

DWORD last_id(const struct shim *shim, int *error)
{
  WSAPROTOCOL_INFOW entries[16];
  DWORD bytes = sizeof entries;
  const int count = CALL(shim, WSCEnumProtocols)(NULL, entries, &bytes, error);

  return count > 0 ? entries[count - 1].dwCatalogEntryId : 0;
}

int stop_provider(const struct shim *shim, DWORD id)
{
  int outcome = 0, error = 0;

  while (CALL(shim, Ws2SpiStopProvider)(id, &error) != 0)
    outcome = report_error(error);
  return outcome;
}

int remove_by(LPWSCDEINSTALLPROVIDER deinstall, const GUID *provider)
{
  GUID id = *provider;
  int error = 0, first;

  if (CALL_AS("WSCDeinstallProvider", deinstall)(&id, &error) == 0)
    return 0;
  first = report_error(error);
  return CALL_AS("WSCDeinstallProvider", deinstall)(&id, &error) == 0 ? first : WSABASEERR;
}

int remove_provider(const struct shim *shim, const GUID *provider)
{
  return remove_by(shim->WSCDeinstallProvider, provider);
}
