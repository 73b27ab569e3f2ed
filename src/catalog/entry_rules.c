#include "catalog/entry_rules.h"

#include "catalog/image_check.h"
#include "catalog/tables.h"

/* All parts are installed before the chain. At most one is registered: all registered
 * entries share one path, the shim's own, and WSPStartup there could not tell which of two
 * is meant (D9). */
static bool parts_are_possible(const struct entry_table *table, const WSAPROTOCOLCHAIN *chain)
{
  int registered = 0;

  for (int place = 0; place < chain->ChainLen; place++) {
    const struct stored_entry *part = entry_table_find(table, chain->ChainEntries[place]);

    if (part == NULL)
      return false;
    if (part->entry.kind == CATALOG_REGISTERED)
      registered++;
  }
  return registered <= 1;
}

bool entry_is_acceptable(const struct entry_table *table, const struct catalog_item *item)
{
  const WSAPROTOCOLCHAIN *chain = &item->info.ProtocolChain;

  /* A base protocol's own ChainEntries need not be filled. */
  return item_fault(item) == NULL &&
         (chain->ChainLen <= BASE_PROTOCOL || parts_are_possible(table, chain));
}

bool entry_is_local(const WSAPROTOCOL_INFOW *info)
{
  const WSAPROTOCOLCHAIN *chain = &info->ProtocolChain;

  if (chain->ChainLen <= BASE_PROTOCOL || chain->ChainLen > MAX_PROTOCOL_CHAIN)
    return false;
  for (int place = 0; place < chain->ChainLen; place++) {
    if (is_overlay_id(chain->ChainEntries[place]))
      return true;
  }
  return false;
}
