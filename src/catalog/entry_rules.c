#include "catalog/entry_rules.h"

#include <wchar.h>

static bool name_ends(const WSAPROTOCOL_INFOW *info)
{
  return wmemchr(info->szProtocol, 0, sizeof info->szProtocol / sizeof info->szProtocol[0]) != NULL;
}

static bool is_repeated(const WSAPROTOCOLCHAIN *chain, int place)
{
  for (int other = 0; other < place; other++) {
    if (chain->ChainEntries[other] == chain->ChainEntries[place])
      return true;
  }
  return false;
}

/* All parts are installed before the chain, and none is in it twice. At most one
 * is registered: all registered entries share one path, the shim's own, and
 * WSPStartup there could not tell which of two is meant (D9). */
static bool parts_are_possible(const struct entry_table *table, const WSAPROTOCOLCHAIN *chain)
{
  int registered = 0;

  for (int place = 0; place < chain->ChainLen; place++) {
    const struct stored_entry *part = entry_table_find(table, chain->ChainEntries[place]);

    if (part == NULL || is_repeated(chain, place))
      return false;
    if (part->entry.kind == CATALOG_REGISTERED)
      registered++;
  }
  return registered <= 1;
}

bool entry_is_acceptable(const struct entry_table *table, const WSAPROTOCOL_INFOW *info)
{
  const int length = info->ProtocolChain.ChainLen;

  if (!name_ends(info) || length < LAYERED_PROTOCOL || length > MAX_PROTOCOL_CHAIN)
    return false;
  /* A base protocol's own ChainEntries need not be filled. */
  return length <= BASE_PROTOCOL || parts_are_possible(table, &info->ProtocolChain);
}
