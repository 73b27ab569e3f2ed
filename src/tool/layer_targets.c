#include "tool/layer_targets.h"

#include "tool/output.h"

#include <stdlib.h>

/* NULL if the layer can go over it. */
static const char *find_obstacle(const struct installation *installation,
                                 const WSAPROTOCOL_INFOW *lower)
{
  if (lower->ProtocolChain.ChainLen == LAYERED_PROTOCOL)
    return "is the dummy of a layer; name one of its chains";
  if (lower->ProtocolChain.ChainLen >= MAX_PROTOCOL_CHAIN)
    return "has a full chain already";
  if ((installation->service_flags & ~lower->dwServiceFlags1) != 0)
    return "hands out handles of its own, so that only a --non-ifs layer can go over it";
  return NULL;
}

static enum exit_code add(struct installation *installation, const WSAPROTOCOL_INFOW *lower)
{
  const char *const obstacle = find_obstacle(installation, lower);

  if (obstacle != NULL) {
    complain("entry %lu, \"%s\", %s", lower->dwCatalogEntryId,
             utf8_from_wide(lower->szProtocol).text, obstacle);
    return EXIT_REFUSED;
  }
  installation->lower[installation->lower_count++] = lower;
  return EXIT_DONE;
}

static enum exit_code add_named(struct installation *installation, const struct listing *listing,
                                DWORD id)
{
  const WS2SPI_CATALOG_ENTRY *const entry = listing_find(listing, id);

  if (entry == NULL) {
    complain("the %d-bit catalog has no entry %lu", width_bits(listing->width), id);
    return EXIT_REFUSED;
  }
  for (size_t i = 0; i < installation->lower_count; i++)
    if (installation->lower[i]->dwCatalogEntryId == id) {
      complain("entry %lu is named twice", id);
      return EXIT_USAGE;
    }
  return add(installation, &entry->ProtocolInfo);
}

/* --- the first of each protocol ---------------------------------------------------------- */

static int compare_protocols(const WSAPROTOCOL_INFOW *a, const WSAPROTOCOL_INFOW *b)
{
  if (a->iAddressFamily != b->iAddressFamily)
    return a->iAddressFamily < b->iAddressFamily ? -1 : 1;
  if (a->iSocketType != b->iSocketType)
    return a->iSocketType < b->iSocketType ? -1 : 1;
  return (a->iProtocol > b->iProtocol) - (a->iProtocol < b->iProtocol);
}

/* By protocol, and among these in catalog order. */
static int compare_entries(const void *left, const void *right)
{
  const WS2SPI_CATALOG_ENTRY *const a = *(const WS2SPI_CATALOG_ENTRY *const *)left;
  const WS2SPI_CATALOG_ENTRY *const b = *(const WS2SPI_CATALOG_ENTRY *const *)right;
  const int order = compare_protocols(&a->ProtocolInfo, &b->ProtocolInfo);

  return order != 0 ? order : (a > b) - (a < b);
}

static int compare_places(const void *left, const void *right)
{
  const WS2SPI_CATALOG_ENTRY *const a = *(const WS2SPI_CATALOG_ENTRY *const *)left;
  const WS2SPI_CATALOG_ENTRY *const b = *(const WS2SPI_CATALOG_ENTRY *const *)right;

  return (a > b) - (a < b);
}

/* The first of each protocol, in catalog order, moved to the front of `entries`. */
static size_t keep_first(const WS2SPI_CATALOG_ENTRY **entries, size_t count)
{
  size_t kept = 0;

  qsort(entries, count, sizeof *entries, compare_entries);
  for (size_t i = 0; i < count; i++)
    if (kept == 0 ||
        compare_protocols(&entries[kept - 1]->ProtocolInfo, &entries[i]->ProtocolInfo) != 0)
      entries[kept++] = entries[i];
  qsort(entries, kept, sizeof *entries, compare_places);
  return kept;
}

static enum exit_code add_first_of_each(struct installation *installation,
                                        const struct listing *listing)
{
  const WS2SPI_CATALOG_ENTRY **const entries = malloc((listing->count + 1) * sizeof *entries);
  enum exit_code code = EXIT_DONE;
  size_t count = 0;

  if (entries == NULL) {
    complain("memory is exhausted");
    return EXIT_FAILED;
  }
  for (size_t i = 0; i < listing->count; i++)
    if (listing->entries[i].ProtocolInfo.ProtocolChain.ChainLen != LAYERED_PROTOCOL)
      entries[count++] = &listing->entries[i];
  count = keep_first(entries, count);
  for (size_t i = 0; code == EXIT_DONE && i < count; i++)
    code = add(installation, &entries[i]->ProtocolInfo);
  free(entries);
  return code;
}

enum exit_code lower_entries_choose(struct installation *installation,
                                    const struct listing *listing, const struct id_list *ids)
{
  const size_t most = ids != NULL ? ids->count : listing->count;
  enum exit_code code = EXIT_DONE;

  installation->lower_count = 0;
  installation->lower = malloc((most + 1) * sizeof *installation->lower);
  if (installation->lower == NULL) {
    complain("memory is exhausted");
    return EXIT_FAILED;
  }
  if (ids == NULL)
    code = add_first_of_each(installation, listing);
  for (size_t i = 0; ids != NULL && code == EXIT_DONE && i < ids->count; i++)
    code = add_named(installation, listing, ids->ids[i]);
  if (code == EXIT_DONE && installation->lower_count == 0) {
    complain("the %d-bit catalog has no entry to go over", width_bits(listing->width));
    code = EXIT_REFUSED;
  }
  return code;
}

void lower_entries_free(struct installation *installation)
{
  free(installation->lower);
  installation->lower = NULL;
}
