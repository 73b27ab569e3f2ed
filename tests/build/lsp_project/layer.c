/* A small IFS layer over the base provider, for C and C++ compilers alike. All procedures
 * are the base provider's, except WSPCleanup. */
#include "layer.h"

static WSPPROC_TABLE lower;
static HMODULE lower_module;

/* Exported by its plain name, beside WSPStartup. */
int WSPAPI LayerStarts(int added)
{
  static int starts;

  return starts += added;
}

static int WSPAPI layer_cleanup(LPINT error)
{
  const int result = lower.lpWSPCleanup(error);

  if (result == 0 && LayerStarts(-1) == 0)
    FreeLibrary(lower_module);
  return result;
}

static BOOL find_base_entry(const WSAPROTOCOLCHAIN *chain, WSAPROTOCOL_INFOW *found)
{
  WSAPROTOCOL_INFOW entries[32];
  DWORD bytes = sizeof entries;
  int error;
  const int count = WSCEnumProtocols(NULL, entries, &bytes, &error);

  for (int i = 0; i < count; i++) {
    if (entries[i].dwCatalogEntryId == chain->ChainEntries[chain->ChainLen - 1]) {
      *found = entries[i];
      return TRUE;
    }
  }
  return FALSE;
}

static LPWSPSTARTUP load_lower(WSAPROTOCOL_INFOW *base, const WSPUPCALLTABLE *upcalls)
{
  WCHAR path[MAX_PATH];
  WCHAR expanded[MAX_PATH];
  int length = MAX_PATH;
  int error;

  if (upcalls->lpWPUGetProviderPath(&base->ProviderId, path, &length, &error) != 0 ||
      ExpandEnvironmentStringsW(path, expanded, MAX_PATH) == 0)
    return NULL;
  lower_module = LoadLibraryW(expanded);
  return (LPWSPSTARTUP)(void (*)(void))GetProcAddress(lower_module, "WSPStartup");
}

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                      WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  WSAPROTOCOL_INFOW base;
  LPWSPSTARTUP startup;
  int error;

  if (!layer_may_start() || !find_base_entry(&info->ProtocolChain, &base))
    return WSASYSNOTREADY;
  startup = load_lower(&base, &upcalls);
  if (startup == NULL)
    return WSASYSNOTREADY;
  error = startup(version, data, &base, upcalls, &lower);
  if (error != 0)
    return error;
  LayerStarts(1);
  *table = lower;
  table->lpWSPCleanup = layer_cleanup;
  return 0;
}
