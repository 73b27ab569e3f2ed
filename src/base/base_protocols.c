#include "base/base_protocols.h"

#include "catalog/catalog.h"

#include <stdatomic.h>
#include <string.h>

/* In the order of base_protocols; those of a fresh catalog until WSPStartup reads them. */
static _Atomic(DWORD) ids[BASE_ENTRIES_COUNT] = {
    FIRST_CATALOG_ID,     FIRST_CATALOG_ID + 1, FIRST_CATALOG_ID + 2,
    FIRST_CATALOG_ID + 3, FIRST_CATALOG_ID + 4, FIRST_CATALOG_ID + 5,
};

void base_protocols_read_ids(void)
{
  for (int i = 0; i < BASE_ENTRIES_COUNT; i++) {
    const DWORD id = catalog_find_base_id(base_protocols[i].family, base_protocols[i].type);

    if (id != 0)
      atomic_store(&ids[i], id);
  }
}

DWORD base_protocol_id(const struct base_protocol *protocol)
{
  return atomic_load(&ids[protocol - base_protocols]);
}

const struct base_protocol *base_protocol_by_id(DWORD id)
{
  for (int i = 0; i < BASE_ENTRIES_COUNT; i++) {
    if (atomic_load(&ids[i]) == id)
      return &base_protocols[i];
  }
  return NULL;
}

bool base_protocols_have_id(DWORD id)
{
  return base_protocol_by_id(id) != NULL;
}

static bool base_protocol_takes(const struct base_protocol *entry, int protocol)
{
  if (entry->type == SOCK_RAW)
    return protocol >= 0 && protocol <= 255;
  return protocol == 0 || protocol == entry->protocol;
}

int base_protocol_find(int family, int type, int protocol, const struct base_protocol **found)
{
  int error = WSAEAFNOSUPPORT;

  for (int i = 0; i < BASE_ENTRIES_COUNT; i++) {
    const struct base_protocol *entry = &base_protocols[i];

    if (family != AF_UNSPEC && family != entry->family)
      continue;
    if (type != 0 && type != entry->type) {
      if (error == WSAEAFNOSUPPORT)
        error = WSAESOCKTNOSUPPORT;
      continue;
    }
    /* A raw socket must be asked for by its type: a protocol alone never selects one. */
    if ((type != 0 || entry->type != SOCK_RAW) && base_protocol_takes(entry, protocol)) {
      *found = entry;
      return 0;
    }
    error = WSAEPROTONOSUPPORT;
  }
  return error;
}

void base_protocol_describe(const struct base_protocol *protocol, WSAPROTOCOL_INFOW *info)
{
  info->dwCatalogEntryId = base_protocol_id(protocol);
  info->ProviderId = *base_protocol_provider_id(protocol);
  info->ProtocolChain.ChainLen = BASE_PROTOCOL;
  memset(info->szProtocol, 0, sizeof info->szProtocol);
  memcpy(info->szProtocol, protocol->name, (wcslen(protocol->name) + 1) * sizeof(WCHAR));
}
