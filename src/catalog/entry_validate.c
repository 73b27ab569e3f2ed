#include "catalog/entry_validate.h"

#include "catalog/catalog_internal.h"
#include "catalog/image_validate.h"

/* All parts are installed before the chain. At most one is registered: all registered
 * entries share one path, the shim's own, and WSPStartup there could not tell which of two
 * is meant (D9). */
static const char *fault_of_parts(const struct entry_table *table, const WSAPROTOCOLCHAIN *chain)
{
  int registered = 0;

  for (int place = 0; place < chain->ChainLen; place++) {
    const struct stored_entry *part = entry_table_find(table, chain->ChainEntries[place]);

    if (part == NULL)
      return "its chain names an entry that is not there";
    if (part->entry.kind == CATALOG_REGISTERED)
      registered++;
  }
  return registered <= 1 ? NULL : "its chain names more than one registered entry";
}

const char *entry_problem(const struct entry_table *table, const struct catalog_item *item)
{
  const WSAPROTOCOLCHAIN *chain = &item->info.ProtocolChain;
  const char *problem = item_problem(item);

  /* A base protocol's own ChainEntries need not be filled. */
  return problem == NULL && chain->ChainLen > BASE_PROTOCOL ? fault_of_parts(table, chain)
                                                            : problem;
}

bool entry_is_local(const WSAPROTOCOL_INFOW *info)
{
  const WSAPROTOCOLCHAIN *chain = &info->ProtocolChain;

  if (chain->ChainLen <= BASE_PROTOCOL || chain->ChainLen > MAX_PROTOCOL_CHAIN)
    return false;
  for (int place = 0; place < chain->ChainLen; place++) {
    if (id_is_local(chain->ChainEntries[place]))
      return true;
  }
  return false;
}
