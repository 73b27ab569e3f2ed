#include "tool/listing.h"

#include "tool/protocols.h"

#include <stdlib.h>

int width_bits(DWORD width)
{
  return width == WS2SPI_WIDTH_32 ? 32 : 64;
}

DWORD system_widths(void)
{
#ifdef _WIN64
  return WS2SPI_WIDTH_BOTH;
#else
  BOOL is_wow64 = FALSE;

  return IsWow64Process(GetCurrentProcess(), &is_wow64) && is_wow64 ? WS2SPI_WIDTH_BOTH
                                                                    : WS2SPI_WIDTH_32;
#endif
}

static int listing_compare_ids(const void *left, const void *right)
{
  const DWORD a = (*(const WS2SPI_CATALOG_ENTRY *const *)left)->ProtocolInfo.dwCatalogEntryId;
  const DWORD b = (*(const WS2SPI_CATALOG_ENTRY *const *)right)->ProtocolInfo.dwCatalogEntryId;

  return (a > b) - (a < b);
}

BOOL listing_index(struct listing *listing)
{
  listing->by_id = malloc((listing->count + 1) * sizeof *listing->by_id);
  if (listing->by_id == NULL)
    return FALSE;
  for (size_t i = 0; i < listing->count; i++)
    listing->by_id[i] = &listing->entries[i];
  qsort(listing->by_id, listing->count, sizeof *listing->by_id, listing_compare_ids);
  return TRUE;
}

void listing_free(struct listing *listing)
{
  free(listing->entries);
  free(listing->by_id);
  free(listing->problems);
  *listing = (struct listing){0};
}

const WS2SPI_CATALOG_ENTRY *listing_find(const struct listing *listing, DWORD id)
{
  size_t first = 0;
  size_t end = listing->count;

  while (first < end) {
    const size_t middle = first + (end - first) / 2;

    if (listing->by_id[middle]->ProtocolInfo.dwCatalogEntryId < id)
      first = middle + 1;
    else
      end = middle;
  }
  return first < listing->count && listing->by_id[first]->ProtocolInfo.dwCatalogEntryId == id
             ? listing->by_id[first]
             : NULL;
}

DWORD entry_layer(const WS2SPI_CATALOG_ENTRY *entry)
{
  const WSAPROTOCOL_INFOW *const info = &entry->ProtocolInfo;

  if (info->ProtocolChain.ChainLen == LAYERED_PROTOCOL)
    return info->dwCatalogEntryId;
  return info->ProtocolChain.ChainLen > BASE_PROTOCOL ? info->ProtocolChain.ChainEntries[0] : 0;
}

BOOL entry_is_base(const WS2SPI_CATALOG_ENTRY *entry)
{
  return protocol_is_of_base_provider(&entry->ProtocolInfo.ProviderId);
}

int entry_chain_length(const WS2SPI_CATALOG_ENTRY *entry)
{
  const int length = entry->ProtocolInfo.ProtocolChain.ChainLen;

  return length <= BASE_PROTOCOL ? 0 : min(length, MAX_PROTOCOL_CHAIN);
}
