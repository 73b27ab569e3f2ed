#include "tool/layer_targets.h"

#include "tool/output.h"

#include <stdlib.h>

/* Why the layer cannot be installed over the entry, or NULL. */
static const char *targets_find_obstacle(const struct installation *installation,
                                         const WSAPROTOCOL_INFOW *target)
{
  if (target->ProtocolChain.ChainLen == LAYERED_PROTOCOL)
    return "is the dummy entry of a layer; choose one of the layer's chain entries";
  if (target->ProtocolChain.ChainLen >= MAX_PROTOCOL_CHAIN)
    return "already has a chain of the greatest length";
  if ((installation->service_flags & ~target->dwServiceFlags1) != 0)
    return "does not have IFS handles, so only a --non-ifs layer can be installed over it";
  return NULL;
}

static enum exit_code targets_add(struct installation *installation,
                                  const WSAPROTOCOL_INFOW *target)
{
  const char *const obstacle = targets_find_obstacle(installation, target);

  if (obstacle != NULL) {
    print_diagnostic("entry %lu \"%s\" %s", target->dwCatalogEntryId,
                     utf8_from_wide(target->szProtocol).text, obstacle);
    return EXIT_REFUSED;
  }
  installation->targets[installation->target_count++] = target;
  return EXIT_DONE;
}

static enum exit_code targets_add_id(struct installation *installation,
                                     const struct listing *listing, DWORD id)
{
  const WS2SPI_CATALOG_ENTRY *const entry = listing_find(listing, id);

  if (entry == NULL) {
    print_diagnostic("the %d-bit catalog has no entry %lu", width_bits(listing->width), id);
    return EXIT_REFUSED;
  }
  for (size_t i = 0; i < installation->target_count; i++)
    if (installation->targets[i]->dwCatalogEntryId == id) {
      print_diagnostic("entry %lu is given twice", id);
      return EXIT_USAGE;
    }
  return targets_add(installation, &entry->ProtocolInfo);
}

/* --- the first of each protocol ---------------------------------------------------------- */

static int targets_compare_protocols(const WSAPROTOCOL_INFOW *a, const WSAPROTOCOL_INFOW *b)
{
  if (a->iAddressFamily != b->iAddressFamily)
    return a->iAddressFamily < b->iAddressFamily ? -1 : 1;
  if (a->iSocketType != b->iSocketType)
    return a->iSocketType < b->iSocketType ? -1 : 1;
  return (a->iProtocol > b->iProtocol) - (a->iProtocol < b->iProtocol);
}

/* By protocol; entries of the same one in catalog order. */
static int targets_compare_entries(const void *left, const void *right)
{
  const WS2SPI_CATALOG_ENTRY *const a = *(const WS2SPI_CATALOG_ENTRY *const *)left;
  const WS2SPI_CATALOG_ENTRY *const b = *(const WS2SPI_CATALOG_ENTRY *const *)right;
  const int order = targets_compare_protocols(&a->ProtocolInfo, &b->ProtocolInfo);

  return order != 0 ? order : (a > b) - (a < b);
}

static int targets_compare_positions(const void *left, const void *right)
{
  const WS2SPI_CATALOG_ENTRY *const a = *(const WS2SPI_CATALOG_ENTRY *const *)left;
  const WS2SPI_CATALOG_ENTRY *const b = *(const WS2SPI_CATALOG_ENTRY *const *)right;

  return (a > b) - (a < b);
}

/* Keeps the first entry of each protocol, in catalog order. Returns how many they are. */
static size_t targets_keep_first(const WS2SPI_CATALOG_ENTRY **entries, size_t count)
{
  size_t kept = 0;

  qsort(entries, count, sizeof *entries, targets_compare_entries);
  for (size_t i = 0; i < count; i++)
    if (kept == 0 ||
        targets_compare_protocols(&entries[kept - 1]->ProtocolInfo, &entries[i]->ProtocolInfo) != 0)
      entries[kept++] = entries[i];
  qsort(entries, kept, sizeof *entries, targets_compare_positions);
  return kept;
}

static enum exit_code targets_add_first_of_each(struct installation *installation,
                                                const struct listing *listing)
{
  const WS2SPI_CATALOG_ENTRY **const entries = malloc((listing->count + 1) * sizeof *entries);
  enum exit_code code = EXIT_DONE;
  size_t count = 0;

  if (entries == NULL) {
    return out_of_memory();
  }
  for (size_t i = 0; i < listing->count; i++)
    if (listing->entries[i].ProtocolInfo.ProtocolChain.ChainLen != LAYERED_PROTOCOL)
      entries[count++] = &listing->entries[i];
  count = targets_keep_first(entries, count);
  for (size_t i = 0; code == EXIT_DONE && i < count; i++)
    code = targets_add(installation, &entries[i]->ProtocolInfo);
  free(entries);
  return code;
}

enum exit_code layer_targets_choose(struct installation *installation,
                                    const struct listing *listing, const struct id_list *ids)
{
  const size_t most = ids != NULL ? ids->count : listing->count;
  enum exit_code code = EXIT_DONE;

  installation->target_count = 0;
  installation->targets = malloc((most + 1) * sizeof *installation->targets);
  if (installation->targets == NULL) {
    return out_of_memory();
  }
  if (ids == NULL)
    code = targets_add_first_of_each(installation, listing);
  for (size_t i = 0; ids != NULL && code == EXIT_DONE && i < ids->count; i++)
    code = targets_add_id(installation, listing, ids->ids[i]);
  if (code == EXIT_DONE && installation->target_count == 0) {
    print_diagnostic("the %d-bit catalog has no entry to install a layer over",
                     width_bits(listing->width));
    code = EXIT_REFUSED;
  }
  return code;
}

void layer_targets_free(struct installation *installation)
{
  free(installation->targets);
  installation->targets = NULL;
}
