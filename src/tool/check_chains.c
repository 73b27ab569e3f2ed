#include "tool/findings.h"

#include "tool/output.h"

static void check_elements(struct findings *findings, const WS2SPI_CATALOG_ENTRY *chain)
{
  const struct listing *const listing = findings->listing;
  const BOOL is_ifs = (chain->ProtocolInfo.dwServiceFlags1 & XP1_IFS_HANDLES) != 0;

  for (int i = 0; i < entry_chain_length(chain); i++) {
    const DWORD id = chain->ProtocolInfo.ProtocolChain.ChainEntries[i];
    const WS2SPI_CATALOG_ENTRY *const element = listing_find(listing, id);

    if (element == NULL)
      finding(findings, chain, "its chain needs entry %lu, which is not there", id);
    else if (is_ifs && (element->ProtocolInfo.dwServiceFlags1 & XP1_IFS_HANDLES) == 0)
      finding(findings, chain,
              "hands out the handles of the layer below, but entry %lu in its chain, \"%s\", "
              "makes its own",
              id, utf8_from_wide(element->ProtocolInfo.szProtocol).text);
    else
      continue;
    finding_repair("ws2spi catalog remove %s %lu%s", width_option(listing->width),
                   chain->ProtocolInfo.dwCatalogEntryId,
                   element == NULL ? "" : ", and install it anew before the other one");
  }
}

/* socket() takes the first entry that matches. */
static void check_place(struct findings *findings, size_t place)
{
  const struct listing *const listing = findings->listing;
  const WS2SPI_CATALOG_ENTRY *const chain = &listing->entries[place];
  const size_t lower = findings->tree->parent[place];

  if (lower == TREE_NONE || lower > place)
    return;
  finding(findings, chain,
          "stands behind entry %lu, over which it is layered, so that no socket() gets it",
          listing->entries[lower].ProtocolInfo.dwCatalogEntryId);
  finding_repair("ws2spi catalog order %s %lu", width_option(listing->width),
                 chain->ProtocolInfo.dwCatalogEntryId);
}

BOOL check_chains(struct findings *findings)
{
  const struct listing *const listing = findings->listing;

  for (size_t i = 0; i < listing->count; i++)
    if (entry_chain_length(&listing->entries[i]) > 0) {
      check_elements(findings, &listing->entries[i]);
      check_place(findings, i);
    }
  return TRUE;
}
