#include "tool/findings.h"

#include <stdlib.h>

/* --- the chains of each layer, side by side --------------------------------------------- */

static int compare_layers(const void *left, const void *right)
{
  const WS2SPI_CATALOG_ENTRY *const a = *(const WS2SPI_CATALOG_ENTRY *const *)left;
  const WS2SPI_CATALOG_ENTRY *const b = *(const WS2SPI_CATALOG_ENTRY *const *)right;
  const DWORD layer_a = entry_layer(a);
  const DWORD layer_b = entry_layer(b);

  return layer_a != layer_b ? (layer_a > layer_b) - (layer_a < layer_b) : (a > b) - (a < b);
}

/* Dummies and chains sorted by layer, and of one layer in catalog order. NULL: no memory. */
static const WS2SPI_CATALOG_ENTRY **sort_by_layer(const struct listing *listing, size_t *count)
{
  const WS2SPI_CATALOG_ENTRY **const sorted = malloc((listing->count + 1) * sizeof *sorted);

  *count = 0;
  for (size_t i = 0; sorted != NULL && i < listing->count; i++)
    if (entry_layer(&listing->entries[i]) != 0)
      sorted[(*count)++] = &listing->entries[i];
  if (sorted != NULL)
    qsort(sorted, *count, sizeof *sorted, compare_layers);
  return sorted;
}

/* --- what a layer covers --------------------------------------------------------------------- */

/* The families and types of which applications mix sockets in one select(). */
static const struct {
  int family;
  int type;
  const char *name;
} PROTOCOLS[] = {
    {AF_INET, SOCK_STREAM, "TCP"},   {AF_INET, SOCK_DGRAM, "UDP"},
    {AF_INET, SOCK_RAW, "RAW"},      {AF_INET6, SOCK_STREAM, "TCPv6"},
    {AF_INET6, SOCK_DGRAM, "UDPv6"}, {AF_INET6, SOCK_RAW, "RAWv6"},
};
enum { PROTOCOL_COUNT = sizeof PROTOCOLS / sizeof PROTOCOLS[0] };

/* The bit of the entry's protocol in the table above, 0 for another one. */
static unsigned protocol_bit(const WS2SPI_CATALOG_ENTRY *entry)
{
  for (unsigned i = 0; i < PROTOCOL_COUNT; i++)
    if (entry->ProtocolInfo.iAddressFamily == PROTOCOLS[i].family &&
        entry->ProtocolInfo.iSocketType == PROTOCOLS[i].type)
      return 1U << i;
  return 0;
}

static unsigned base_protocols(const struct listing *listing)
{
  unsigned bits = 0;

  for (size_t i = 0; i < listing->count; i++)
    if (listing->entries[i].ProtocolInfo.ProtocolChain.ChainLen == BASE_PROTOCOL)
      bits |= protocol_bit(&listing->entries[i]);
  return bits;
}

static void report_gaps(struct findings *findings, const WS2SPI_CATALOG_ENTRY *dummy,
                        unsigned missing)
{
  char names[64] = "";

  for (unsigned i = 0; i < PROTOCOL_COUNT; i++)
    if ((missing & 1U << i) != 0) {
      strcat(names, names[0] == '\0' ? "" : ", ");
      strcat(names, PROTOCOLS[i].name);
    }
  finding(findings, dummy, "covers some protocols and not %s, with which programs mix them", names);
  finding_repair("ws2spi catalog remove %s %lu, and install it anew with --all",
                 width_option(findings->listing->width), dummy->ProtocolInfo.dwCatalogEntryId);
}

/* --- one layer ---------------------------------------------------------------------------------- */

static void repair_order(const struct listing *listing, const WS2SPI_CATALOG_ENTRY *const *of_layer,
                         size_t count, const WS2SPI_CATALOG_ENTRY *dummy)
{
  char ids[1024] = "";
  size_t length = 0;

  for (size_t i = 0; i < count; i++)
    if (of_layer[i] > dummy && length < sizeof ids - 16)
      length += (size_t)snprintf(ids + length, sizeof ids - length, " %lu",
                                 of_layer[i]->ProtocolInfo.dwCatalogEntryId);
  finding_repair("ws2spi catalog order %s%s", width_option(listing->width), ids);
}

/* The layer's entries are in catalog order, its dummy among them. */
static void check_layer(struct findings *findings, const WS2SPI_CATALOG_ENTRY *const *of_layer,
                        size_t count, unsigned base)
{
  const struct listing *const listing = findings->listing;
  const WS2SPI_CATALOG_ENTRY *const dummy = listing_find(listing, entry_layer(of_layer[0]));
  unsigned covered = 0;

  if (dummy == NULL || dummy->ProtocolInfo.ProtocolChain.ChainLen != LAYERED_PROTOCOL)
    return;
  if (count == 1) {
    finding(findings, dummy, "no chain uses this layer");
    finding_repair("ws2spi catalog remove %s %lu", width_option(listing->width),
                   dummy->ProtocolInfo.dwCatalogEntryId);
    return;
  }
  for (size_t i = 0; i < count; i++)
    covered |= protocol_bit(of_layer[i]);
  if (covered != 0 && (base & ~covered) != 0)
    report_gaps(findings, dummy, base & ~covered);
  if (of_layer[count - 1] > dummy) {
    finding(findings, dummy, "this dummy stands before chains of its layer");
    repair_order(listing, of_layer, count, dummy);
  }
}

BOOL check_layers(struct findings *findings)
{
  size_t count, end;
  const unsigned base = base_protocols(findings->listing);
  const WS2SPI_CATALOG_ENTRY **const sorted = sort_by_layer(findings->listing, &count);

  if (sorted == NULL)
    return FALSE;
  for (size_t first = 0; first < count; first = end) {
    for (end = first + 1; end < count && entry_layer(sorted[end]) == entry_layer(sorted[first]);)
      end++;
    check_layer(findings, sorted + first, end - first, base);
  }
  free(sorted);
  return TRUE;
}
