/* Every change that the tool makes to a catalog goes through these functions. Each returns 0 or
 * the error. */
#ifndef WS2SPI_TOOL_CATALOG_CALLS_H
#define WS2SPI_TOOL_CATALOG_CALLS_H

#include "tool/windows_headers.h"

int catalog_install(DWORD width, const GUID *provider, const WCHAR *path,
                    const WSAPROTOCOL_INFOW *entry, DWORD *id);
int catalog_deinstall(DWORD width, const GUID *provider);
int catalog_write_order(DWORD width, DWORD *ids, DWORD count);
int catalog_repair(DWORD widths);
int catalog_reset(DWORD widths);

#endif
