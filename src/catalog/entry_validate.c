#include "catalog/entry_validate.h"

#include "catalog/catalog_internal.h"
#include "catalog/image_validate.h"

/* All elements are installed before the chain. At most one of them is registered: registered
 * entries share one path, that of this DLL, and its WSPStartup could not tell which of two is meant
 * (D9). */
static const char *entry_chain_problem(const struct entry_table *table,
                                       const WSAPROTOCOLCHAIN *chain)
{
  int registered = 0;

  for (int i = 0; i < chain->ChainLen; i++) {
    const struct stored_entry *element = entry_table_find(table, chain->ChainEntries[i]);

    if (element == NULL)
      return "its chain names an entry that does not exist";
    if (element->entry.kind == CATALOG_REGISTERED)
      registered++;
  }
  return registered <= 1 ? NULL : "its chain names more than one registered entry";
}

const char *entry_problem(const struct entry_table *table, const struct catalog_item *item)
{
  const WSAPROTOCOLCHAIN *chain = &item->info.ProtocolChain;
  const char *problem = item_problem(item);

  /* The ChainEntries of a base protocol need not be filled in. */
  return problem == NULL && chain->ChainLen > BASE_PROTOCOL ? entry_chain_problem(table, chain)
                                                            : problem;
}

bool entry_is_local(const WSAPROTOCOL_INFOW *info)
{
  const WSAPROTOCOLCHAIN *chain = &info->ProtocolChain;

  if (chain->ChainLen <= BASE_PROTOCOL || chain->ChainLen > MAX_PROTOCOL_CHAIN)
    return false;
  for (int i = 0; i < chain->ChainLen; i++) {
    if (id_is_local(chain->ChainEntries[i]))
      return true;
  }
  return false;
}
