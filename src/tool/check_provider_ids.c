#include "tool/findings.h"

#include "tool/guid_text.h"

#include <stdlib.h>
#include <wchar.h>

/* By ProviderId, and among these in catalog order. */
static int compare_providers(const void *left, const void *right)
{
  const WS2SPI_CATALOG_ENTRY *const a = *(const WS2SPI_CATALOG_ENTRY *const *)left;
  const WS2SPI_CATALOG_ENTRY *const b = *(const WS2SPI_CATALOG_ENTRY *const *)right;
  const int order = memcmp(&a->ProtocolInfo.ProviderId, &b->ProtocolInfo.ProviderId, sizeof(GUID));

  return order != 0 ? order : (a > b) - (a < b);
}

/* A provider is loaded once for its id, from the path of whichever entry comes first. */
static void compare_neighbours(struct findings *findings, const WS2SPI_CATALOG_ENTRY *first,
                               const WS2SPI_CATALOG_ENTRY *second)
{
  const GUID *const provider = &second->ProtocolInfo.ProviderId;

  if (!IsEqualGUID(&first->ProtocolInfo.ProviderId, provider) ||
      _wcsicmp(first->szPath, second->szPath) == 0)
    return;
  finding(findings, second, "has the provider id %s of entry %lu, and another DLL",
          guid_to_text(provider).text, first->ProtocolInfo.dwCatalogEntryId);
  finding_repair("ws2spi catalog remove %s %s, and install each anew with an id of its own",
                 width_option(findings->listing->width), guid_to_text(provider).text);
}

static void check_ids(struct findings *findings)
{
  const struct listing *const listing = findings->listing;

  for (size_t i = 1; i < listing->count; i++) {
    const WS2SPI_CATALOG_ENTRY *const first = listing->by_id[i - 1];
    const DWORD id = first->ProtocolInfo.dwCatalogEntryId;

    if (listing->by_id[i]->ProtocolInfo.dwCatalogEntryId != id)
      continue;
    finding(findings, listing->by_id[i], "another entry has the id %lu too", id);
    finding_repair("ws2spi catalog remove %s %s", width_option(listing->width),
                   guid_to_text(&listing->by_id[i]->ProtocolInfo.ProviderId).text);
  }
}

BOOL check_provider_ids(struct findings *findings)
{
  const size_t count = findings->listing->count;
  const WS2SPI_CATALOG_ENTRY **const sorted = malloc((count + 1) * sizeof *sorted);

  if (sorted == NULL)
    return FALSE;
  for (size_t i = 0; i < count; i++)
    sorted[i] = &findings->listing->entries[i];
  qsort(sorted, count, sizeof *sorted, compare_providers);
  for (size_t i = 1; i < count; i++)
    compare_neighbours(findings, sorted[i - 1], sorted[i]);
  free(sorted);
  check_ids(findings);
  return TRUE;
}
