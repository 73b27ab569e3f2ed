#include "lsp_entries.h"

#include <string.h>

enum { MOST = 4 };

GUID lsp_provider = {0xFA4E, 0x15B, 1, {9, 9, 9}};

const WCHAR *beside(const WCHAR *file)
{
  static WCHAR path[MAX_PATH];

  GetModuleFileNameW(NULL, path, MAX_PATH);
  wcscpy(wcsrchr(path, L'\\') + 1, file);
  return path;
}

/* 0 if there is none. */
static DWORD first_id_of_lsp(void)
{
  WSAPROTOCOL_INFOW infos[64];
  DWORD bytes = sizeof infos;
  int error;
  const int count = WSCEnumProtocols(NULL, infos, &bytes, &error);

  for (int i = 0; i < count; i++) {
    if (IsEqualGUID(&infos[i].ProviderId, &lsp_provider))
      return infos[i].dwCatalogEntryId;
  }
  return 0;
}

DWORD install_entries(const WCHAR *path, DWORD count)
{
  WSAPROTOCOL_INFOW infos[MOST];
  int error;

  for (int i = 0; i < MOST; i++)
    fake_provider_info(&infos[i]);
  if (WSCInstallProvider(&lsp_provider, path, infos, count, &error) != 0)
    return 0;
  return first_id_of_lsp();
}

DWORD install_chain(const WCHAR *path, DWORD top, DWORD bottom)
{
  WSAPROTOCOL_INFOW info;
  int error;

  fake_provider_info(&info);
  info.ProtocolChain.ChainLen = 2;
  info.ProtocolChain.ChainEntries[0] = top;
  info.ProtocolChain.ChainEntries[1] = bottom;
  if (WSCInstallProvider(&lsp_provider, path, &info, 1, &error) != 0)
    return 0;
  return first_id_of_lsp();
}

void deinstall_entries(void)
{
  int error;

  WSCDeinstallProvider(&lsp_provider, &error);
}

void prime_table(WSPPROC_TABLE *table)
{
  memset(table, 0x5A, sizeof *table);
}

BOOL is_primed(const WSPPROC_TABLE *table)
{
  WSPPROC_TABLE primed;

  prime_table(&primed);
  return memcmp(table, &primed, sizeof primed) == 0;
}

static int outcome(int result, int error)
{
  if (result == 0)
    return error == 0 ? 0 : -1;
  return result == SOCKET_ERROR && error != 0 ? error : -1;
}

int start(DWORD id, WSPPROC_TABLE *table)
{
  int error = -1;
  const int result = Ws2SpiStartProvider(id, table, &error);

  return outcome(result, error);
}

int stop(DWORD id)
{
  int error = -1;
  const int result = Ws2SpiStopProvider(id, &error);

  return outcome(result, error);
}
