#include "tool/commands.h"

#include "tool/catalog_calls.h"
#include "tool/output.h"
#include "tool/provider_entries.h"

#include <stdlib.h>

/* The entries to remove from one catalog. Both catalogs are examined before either is changed. */
struct removal {
  struct listing listing;
  struct provider_entries entries;
};

struct removals {
  const char *name;
  size_t count;
  struct removal each[2];
};

static enum exit_code remove_refuse_if_needed(const struct removal *removal)
{
  const WS2SPI_CATALOG_ENTRY *const chain =
      provider_entries_needed_by(&removal->entries, &removal->listing);

  if (chain == NULL)
    return EXIT_DONE;
  print_diagnostic(
      "entry %lu \"%s\" of the %d-bit catalog is layered over it: remove that layer first",
      chain->ProtocolInfo.dwCatalogEntryId, utf8_from_wide(chain->ProtocolInfo.szProtocol).text,
      width_bits(removal->listing.width));
  return EXIT_REFUSED;
}

static enum exit_code remove_find(DWORD width, void *context)
{
  struct removals *const removals = context;
  struct removal *const removal = &removals->each[removals->count];
  enum exit_code code = listing_read(&removal->listing, width);

  if (code != EXIT_DONE)
    return code;
  removals->count++;
  code = provider_entries_find(&removal->entries, &removal->listing, removals->name);
  return code == EXIT_DONE ? remove_refuse_if_needed(removal) : code;
}

/* --- one step for each ProviderId, chains before dummies ------------------------------- */

struct step {
  const WS2SPI_CATALOG_ENTRY *entry;
  BOOL has_dummy; /* an entry with this ProviderId is a dummy */
};

/* By ProviderId; entries with the same one in catalog order. */
static int remove_compare_providers(const void *left, const void *right)
{
  const struct step *const a = left;
  const struct step *const b = right;
  const int order =
      memcmp(&a->entry->ProtocolInfo.ProviderId, &b->entry->ProtocolInfo.ProviderId, sizeof(GUID));

  return order != 0 ? order : (a->entry > b->entry) - (a->entry < b->entry);
}

static int remove_compare_steps(const void *left, const void *right)
{
  const struct step *const a = left;
  const struct step *const b = right;

  return a->has_dummy != b->has_dummy ? a->has_dummy - b->has_dummy
                                      : (a->entry > b->entry) - (a->entry < b->entry);
}

static size_t remove_merge_by_provider(struct step *steps, size_t count)
{
  size_t merged = 0;

  for (size_t i = 0; i < count; i++) {
    if (merged > 0 && IsEqualGUID(&steps[merged - 1].entry->ProtocolInfo.ProviderId,
                                  &steps[i].entry->ProtocolInfo.ProviderId))
      steps[merged - 1].has_dummy |= steps[i].has_dummy;
    else
      steps[merged++] = steps[i];
  }
  return merged;
}

/* NULL: out of memory. */
static struct step *remove_make_steps(const struct removal *removal, size_t *count)
{
  struct step *const steps = malloc((removal->entries.count + 1) * sizeof *steps);

  *count = 0;
  for (size_t i = 0; steps != NULL && i < removal->listing.count; i++) {
    const WS2SPI_CATALOG_ENTRY *const entry = &removal->listing.entries[i];

    if (removal->entries.count > 0 && removal->entries.includes[i])
      steps[(*count)++] =
          (struct step){entry, entry->ProtocolInfo.ProtocolChain.ChainLen == LAYERED_PROTOCOL};
  }
  if (steps != NULL) {
    qsort(steps, *count, sizeof *steps, remove_compare_providers);
    *count = remove_merge_by_provider(steps, *count);
    qsort(steps, *count, sizeof *steps, remove_compare_steps);
  }
  return steps;
}

static void remove_print(const struct removal *removal)
{
  for (size_t i = 0; i < removal->listing.count; i++) {
    const WSAPROTOCOL_INFOW *const info = &removal->listing.entries[i].ProtocolInfo;

    if (removal->entries.count > 0 && removal->entries.includes[i])
      print("removed from the %d-bit catalog: %lu %s\n", width_bits(removal->listing.width),
            info->dwCatalogEntryId, utf8_from_wide(info->szProtocol).text);
  }
}

/* A failure leaves a valid catalog: every chain that is left still has its dummy. */
static enum exit_code remove_from_catalog(const struct removal *removal)
{
  size_t count;
  struct step *const steps = remove_make_steps(removal, &count);
  int error = 0;

  if (steps == NULL)
    return out_of_memory();
  for (size_t i = 0; error == 0 && i < count; i++) {
    const WSAPROTOCOL_INFOW *const info = &steps[i].entry->ProtocolInfo;

    error = catalog_deinstall(removal->listing.width, &info->ProviderId);
    if (error != 0)
      print_diagnostic("entry %lu \"%s\" of the %d-bit catalog could not be removed: %s (%d)",
                       info->dwCatalogEntryId, utf8_from_wide(info->szProtocol).text,
                       width_bits(removal->listing.width), error_name(error), error);
  }
  free(steps);
  if (error != 0)
    return EXIT_FAILED;
  remove_print(removal);
  return EXIT_DONE;
}

static enum exit_code remove_from_catalogs(const struct removals *removals)
{
  enum exit_code code = EXIT_DONE;
  size_t found = 0;

  for (size_t i = 0; i < removals->count; i++)
    found += removals->each[i].entries.count;
  if (found == 0) {
    print_diagnostic("no entry has the name, provider id or entry id \"%s\"", removals->name);
    return EXIT_REFUSED;
  }
  for (size_t i = 0; code == EXIT_DONE && i < removals->count; i++)
    code = remove_from_catalog(&removals->each[i]);
  return code;
}

enum exit_code command_remove(const struct command_line *line)
{
  struct removals removals = {.name = line->arguments[0]};
  enum exit_code code = for_each_width(line, WS2SPI_WIDTH_BOTH, remove_find, &removals);

  if (code == EXIT_DONE)
    code = remove_from_catalogs(&removals);
  for (size_t i = 0; i < removals.count; i++) {
    provider_entries_free(&removals.each[i].entries);
    listing_free(&removals.each[i].listing);
  }
  return code;
}
