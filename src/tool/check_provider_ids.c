#include "tool/report.h"

#include "platform/guid_text.h"

#include <stdlib.h>
#include <wchar.h>

/* By ProviderId; entries with the same one in catalog order. */
static int provider_ids_compare(const void *left, const void *right)
{
  const WS2SPI_CATALOG_ENTRY *const a = *(const WS2SPI_CATALOG_ENTRY *const *)left;
  const WS2SPI_CATALOG_ENTRY *const b = *(const WS2SPI_CATALOG_ENTRY *const *)right;
  const int order = memcmp(&a->ProtocolInfo.ProviderId, &b->ProtocolInfo.ProviderId, sizeof(GUID));

  return order != 0 ? order : (a > b) - (a < b);
}

/* A provider is loaded once for its id, from the path of the entry that is used first. */
static void provider_ids_check_pair(struct report *report, const WS2SPI_CATALOG_ENTRY *first,
                                    const WS2SPI_CATALOG_ENTRY *second)
{
  const GUID *const provider = &second->ProtocolInfo.ProviderId;

  if (!IsEqualGUID(&first->ProtocolInfo.ProviderId, provider) ||
      _wcsicmp(first->szPath, second->szPath) == 0)
    return;
  report_error(report, second, "has the same provider id %s as entry %lu, but another DLL",
               guid_to_text(provider).text, first->ProtocolInfo.dwCatalogEntryId);
  report_repair("ws2spi catalog remove %s %s, then install each again with an id of its own",
                width_option(report->listing->width), guid_to_text(provider).text);
}

static void provider_ids_check_entry_ids(struct report *report)
{
  const struct listing *const listing = report->listing;

  for (size_t i = 1; i < listing->count; i++) {
    const WS2SPI_CATALOG_ENTRY *const second = listing->by_id[i];
    const DWORD id = second->ProtocolInfo.dwCatalogEntryId;

    if (listing->by_id[i - 1]->ProtocolInfo.dwCatalogEntryId != id)
      continue;
    report_error(report, second, "another entry also has the id %lu", id);
    report_repair("ws2spi catalog remove %s %s", width_option(listing->width),
                  guid_to_text(&second->ProtocolInfo.ProviderId).text);
  }
}

BOOL check_provider_ids(struct report *report)
{
  const size_t count = report->listing->count;
  const WS2SPI_CATALOG_ENTRY **const sorted = malloc((count + 1) * sizeof *sorted);

  if (sorted == NULL)
    return FALSE;
  for (size_t i = 0; i < count; i++)
    sorted[i] = &report->listing->entries[i];
  qsort(sorted, count, sizeof *sorted, provider_ids_compare);
  for (size_t i = 1; i < count; i++)
    provider_ids_check_pair(report, sorted[i - 1], sorted[i]);
  free(sorted);
  provider_ids_check_entry_ids(report);
  return TRUE;
}
