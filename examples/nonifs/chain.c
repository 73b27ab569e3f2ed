/* The position of this layer in a chain, and the layer below. */
#include "layer.h"

#include <stdlib.h>
#include <wchar.h>

/* --- the catalog ---------------------------------------------------------------------- */

/* All catalog entries, hidden ones too (ws2spi/nf-ws2spi-wscenumprotocols). The caller frees them.
 * The buffer grows until they fit, because another process may add entries between two calls. */
static LPWSAPROTOCOL_INFOW read_catalog(int *count)
{
  LPWSAPROTOCOL_INFOW entries = NULL;
  DWORD bytes = 0;
  int error;

  while ((*count = WSCEnumProtocols(NULL, entries, &bytes, &error)) == SOCKET_ERROR) {
    free(entries);
    if (error != WSAENOBUFS || (entries = malloc(bytes)) == NULL)
      return NULL;
  }
  return entries;
}

static const WSAPROTOCOL_INFOW *find_entry(const WSAPROTOCOL_INFOW *entries, int count, DWORD id)
{
  for (int i = 0; i < count; i++)
    if (entries[i].dwCatalogEntryId == id)
      return &entries[i];
  return NULL;
}

/* Winsock has the path of a provider. It is returned as it was installed, with environment strings
 * not expanded (ws2spi/nf-ws2spi-wpugetproviderpath). */
static bool path_of(const WSAPROTOCOL_INFOW *entry, WCHAR path[MAX_PATH])
{
  const WSPUPCALLTABLE upcalls = current_upcalls();
  WCHAR stored[MAX_PATH], expanded[MAX_PATH];
  GUID provider = entry->ProviderId;
  int chars = MAX_PATH, error;
  DWORD length;

  if (upcalls.lpWPUGetProviderPath(&provider, stored, &chars, &error) != 0)
    return false;
  length = ExpandEnvironmentStringsW(stored, expanded, MAX_PATH);
  if (length == 0 || length > MAX_PATH)
    return false;
  length = GetFullPathNameW(expanded, MAX_PATH, path, NULL);
  return length != 0 && length < MAX_PATH;
}

/* --- the position --------------------------------------------------------------------- */

static bool own_path(WCHAR path[MAX_PATH])
{
  HMODULE module;
  DWORD length;

  if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                              GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                          (LPCWSTR)(const void *)layers, &module))
    return false;
  length = GetModuleFileNameW(module, path, MAX_PATH);
  return length != 0 && length < MAX_PATH;
}

/* This DLL's entries are those that were installed with its path. A chain has the path of its first
 * layer, so a chain within a chain belongs to this DLL if it begins with it. Two copies of this DLL
 * are two providers. */
static bool is_own_entry(const WSAPROTOCOL_INFOW *entry)
{
  WCHAR own[MAX_PATH], path[MAX_PATH];

  return entry != NULL && own_path(own) && path_of(entry, path) &&
         CompareStringOrdinal(own, -1, path, -1, TRUE) == CSTR_EQUAL;
}

static int place_in_chain(const WSAPROTOCOL_INFOW *entries, int count,
                          const WSAPROTOCOLCHAIN *chain, int after)
{
  for (int place = after + 1; place < chain->ChainLen && place < MAX_PROTOCOL_CHAIN; place++)
    if (is_own_entry(find_entry(entries, count, chain->ChainEntries[place])))
      return place;
  return -1;
}

static bool describe(struct layer *layer, const WSAPROTOCOL_INFOW *info,
                     const WSAPROTOCOL_INFOW *next, WCHAR next_path[MAX_PATH])
{
  const WSAPROTOCOLCHAIN *const chain = &info->ProtocolChain;

  layer->chain_info = *info;
  layer->own_id = layer->place == 0 ? info->dwCatalogEntryId : chain->ChainEntries[layer->place];
  layer->next_info = *next;
  layer->next_is_base = layer->place + 2 == chain->ChainLen;
  return path_of(next, next_path);
}

bool chain_find_place(struct layer *layer, const WSAPROTOCOL_INFOW *info, int after,
                      WCHAR next_path[MAX_PATH])
{
  const WSAPROTOCOLCHAIN *const chain = &info->ProtocolChain;
  int count;
  const LPWSAPROTOCOL_INFOW entries = read_catalog(&count);
  const WSAPROTOCOL_INFOW *next = NULL;
  bool found;

  layer->place = entries == NULL ? -1 : place_in_chain(entries, count, chain, after);
  if (layer->place >= 0 && layer->place + 1 < chain->ChainLen &&
      layer->place + 1 < MAX_PROTOCOL_CHAIN)
    next = find_entry(entries, count, chain->ChainEntries[layer->place + 1]);
  found = next != NULL && describe(layer, info, next, next_path);
  free(entries);
  return found;
}

/* --- protocol information ------------------------------------------------------------- */

/* Passes on the fields in which a base provider may keep a duplicated socket. */
WSAPROTOCOL_INFOW chain_info_for_next(const struct layer *layer, const WSAPROTOCOL_INFOW *given)
{
  WSAPROTOCOL_INFOW info;

  if (!layer->next_is_base)
    return given != NULL ? *given : layer->chain_info;
  info = layer->next_info;
  if (given != NULL) {
    info.dwServiceFlags2 = given->dwServiceFlags2;
    info.dwServiceFlags3 = given->dwServiceFlags3;
    info.dwServiceFlags4 = given->dwServiceFlags4;
    info.dwProviderReserved = given->dwProviderReserved;
    info.iProtocol = given->iProtocol;
  }
  return info;
}

void chain_describe(const struct layer *layer, WSAPROTOCOL_INFOW *info)
{
  info->dwServiceFlags1 = layer->chain_info.dwServiceFlags1;
  info->dwProviderFlags = layer->chain_info.dwProviderFlags;
  info->ProviderId = layer->chain_info.ProviderId;
  info->dwCatalogEntryId = layer->chain_info.dwCatalogEntryId;
  info->ProtocolChain = layer->chain_info.ProtocolChain;
  wmemcpy(info->szProtocol, layer->chain_info.szProtocol, WSAPROTOCOL_LEN + 1);
}
