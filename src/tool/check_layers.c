#include "tool/report.h"

#include "tool/protocols.h"

#include <stdlib.h>

/* --- sorting by layer ----------------------------------------------------------------------- */

static int layers_compare(const void *left, const void *right)
{
  const WS2SPI_CATALOG_ENTRY *const a = *(const WS2SPI_CATALOG_ENTRY *const *)left;
  const WS2SPI_CATALOG_ENTRY *const b = *(const WS2SPI_CATALOG_ENTRY *const *)right;
  const DWORD layer_a = entry_layer(a);
  const DWORD layer_b = entry_layer(b);

  return layer_a != layer_b ? (layer_a > layer_b) - (layer_a < layer_b) : (a > b) - (a < b);
}

/* Dummies and chains sorted by layer; those of one layer in catalog order. NULL: out of memory. */
static const WS2SPI_CATALOG_ENTRY **layers_sort(const struct listing *listing, size_t *count)
{
  const WS2SPI_CATALOG_ENTRY **const sorted = malloc((listing->count + 1) * sizeof *sorted);

  *count = 0;
  for (size_t i = 0; sorted != NULL && i < listing->count; i++)
    if (entry_layer(&listing->entries[i]) != 0)
      sorted[(*count)++] = &listing->entries[i];
  if (sorted != NULL)
    qsort(sorted, *count, sizeof *sorted, layers_compare);
  return sorted;
}

/* --- what a layer covers ------------------------------------------------------------------ */

/* The bit of the entry's family and type among the base protocols; 0 for all others. */
static unsigned layers_protocol_bit(const WS2SPI_CATALOG_ENTRY *entry)
{
  for (unsigned i = 0; i < PROTOCOL_COUNT; i++)
    if (entry->ProtocolInfo.iAddressFamily == protocol_at(i).family &&
        entry->ProtocolInfo.iSocketType == protocol_at(i).type)
      return 1U << i;
  return 0;
}

/* The base protocols that this catalog has. */
static unsigned layers_base_bits(const struct listing *listing)
{
  unsigned bits = 0;

  for (size_t i = 0; i < listing->count; i++)
    if (listing->entries[i].ProtocolInfo.ProtocolChain.ChainLen == BASE_PROTOCOL)
      bits |= layers_protocol_bit(&listing->entries[i]);
  return bits;
}

/* Only a warning: a user may install a layer with --over for some protocols on purpose. */
static void layers_report_gaps(struct report *report, const WS2SPI_CATALOG_ENTRY *dummy,
                               unsigned missing)
{
  char names[64] = "";

  for (unsigned i = 0; i < PROTOCOL_COUNT; i++)
    if ((missing & 1U << i) != 0) {
      strcat(names, names[0] == '\0' ? "" : ", ");
      strcat(names, protocol_at(i).name);
    }
  report_warning(report, dummy,
                 "is not layered over %s: programs that use these together with the protocols "
                 "it covers, in select() for example, may fail",
                 names);
  report_repair("ws2spi catalog remove %s %lu, then install it again with --all",
                width_option(report->listing->width), dummy->ProtocolInfo.dwCatalogEntryId);
}

/* --- one layer ---------------------------------------------------------------------------------- */

/* Moving the chains to the front brings them before the dummy. */
static void layers_repair_order(const struct listing *listing,
                                const WS2SPI_CATALOG_ENTRY *const *of_layer, size_t count,
                                const WS2SPI_CATALOG_ENTRY *dummy)
{
  char ids[1024] = "";
  size_t length = 0;

  for (size_t i = 0; i < count; i++)
    if (of_layer[i] > dummy && length < sizeof ids - 16)
      length += (size_t)snprintf(ids + length, sizeof ids - length, " %lu",
                                 of_layer[i]->ProtocolInfo.dwCatalogEntryId);
  report_repair("ws2spi catalog order %s%s", width_option(listing->width), ids);
}

/* `of_layer` are the layer's entries in catalog order, with its dummy. */
static void layers_check_one(struct report *report, const WS2SPI_CATALOG_ENTRY *const *of_layer,
                             size_t count, unsigned base)
{
  const struct listing *const listing = report->listing;
  const WS2SPI_CATALOG_ENTRY *const dummy = listing_find(listing, entry_layer(of_layer[0]));
  unsigned covered = 0;

  if (dummy == NULL || dummy->ProtocolInfo.ProtocolChain.ChainLen != LAYERED_PROTOCOL)
    return;
  if (count == 1) {
    report_error(report, dummy, "no chain entry uses this layer");
    report_repair("ws2spi catalog remove %s %lu", width_option(listing->width),
                  dummy->ProtocolInfo.dwCatalogEntryId);
    return;
  }
  for (size_t i = 0; i < count; i++)
    covered |= layers_protocol_bit(of_layer[i]);
  if (covered != 0 && (base & ~covered) != 0)
    layers_report_gaps(report, dummy, base & ~covered);
  if (of_layer[count - 1] > dummy) {
    report_error(report, dummy, "this dummy entry comes before chain entries of its layer");
    layers_repair_order(listing, of_layer, count, dummy);
  }
}

BOOL check_layers(struct report *report)
{
  size_t count, end;
  const unsigned base = layers_base_bits(report->listing);
  const WS2SPI_CATALOG_ENTRY **const sorted = layers_sort(report->listing, &count);

  if (sorted == NULL)
    return FALSE;
  for (size_t first = 0; first < count; first = end) {
    for (end = first + 1; end < count && entry_layer(sorted[end]) == entry_layer(sorted[first]);)
      end++;
    layers_check_one(report, sorted + first, end - first, base);
  }
  free(sorted);
  return TRUE;
}
