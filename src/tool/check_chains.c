#include "tool/report.h"

#include "tool/output.h"

static void chains_check_elements(struct report *report, const WS2SPI_CATALOG_ENTRY *chain)
{
  const struct listing *const listing = report->listing;
  const BOOL is_ifs = (chain->ProtocolInfo.dwServiceFlags1 & XP1_IFS_HANDLES) != 0;

  for (int i = 0; i < entry_chain_length(chain); i++) {
    const DWORD id = chain->ProtocolInfo.ProtocolChain.ChainEntries[i];
    const WS2SPI_CATALOG_ENTRY *const element = listing_find(listing, id);

    if (element == NULL)
      report_error(report, chain, "its chain refers to entry %lu, which does not exist", id);
    else if (is_ifs && (element->ProtocolInfo.dwServiceFlags1 & XP1_IFS_HANDLES) == 0)
      report_error(report, chain,
                   "has IFS handles (XP1_IFS_HANDLES), but entry %lu \"%s\" in its chain makes "
                   "handles of another kind",
                   id, utf8_from_wide(element->ProtocolInfo.szProtocol).text);
    else
      continue;
    report_repair("ws2spi catalog remove %s %lu%s", width_option(listing->width),
                  chain->ProtocolInfo.dwCatalogEntryId,
                  element == NULL ? "" : ", then install it again before the other layer");
  }
}

/* socket() selects the first entry that matches. */
static void chains_check_order(struct report *report, size_t position)
{
  const struct listing *const listing = report->listing;
  const WS2SPI_CATALOG_ENTRY *const chain = &listing->entries[position];
  const size_t lower = report->tree->parent[position];

  if (lower == TREE_NONE || lower > position)
    return;
  report_error(report, chain,
               "comes after entry %lu, over which it is layered, so socket() never selects it",
               listing->entries[lower].ProtocolInfo.dwCatalogEntryId);
  report_repair("ws2spi catalog order %s %lu", width_option(listing->width),
                chain->ProtocolInfo.dwCatalogEntryId);
}

BOOL check_chains(struct report *report)
{
  const struct listing *const listing = report->listing;

  for (size_t i = 0; i < listing->count; i++)
    if (entry_chain_length(&listing->entries[i]) > 0) {
      chains_check_elements(report, &listing->entries[i]);
      chains_check_order(report, i);
    }
  return TRUE;
}
