#include "tool/catalog_calls.h"

int catalog_install(DWORD width, const GUID *provider, const WCHAR *path,
                    const WSAPROTOCOL_INFOW *entry, DWORD *id)
{
  int error = 0;

  Ws2SpiInstallProvider(width, provider, path, entry, 1, id, &error);
  return error;
}

int catalog_deinstall(DWORD width, const GUID *provider)
{
  int error = 0;

  Ws2SpiDeinstallProvider(width, provider, &error);
  return error;
}

int catalog_write_order(DWORD width, DWORD *ids, DWORD count)
{
  int error = 0;

  Ws2SpiWriteProviderOrder(width, ids, count, &error);
  return error;
}

int catalog_repair(DWORD widths)
{
  int error = 0;

  Ws2SpiRepairCatalog(widths, &error);
  return error;
}

int catalog_reset(DWORD widths)
{
  int error = 0;

  Ws2SpiResetCatalog(widths, &error);
  return error;
}
