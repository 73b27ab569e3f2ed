#include "tool/commands.h"

#include "tool/provider_entries.h"
#include "tool/catalog_calls.h"
#include "tool/output.h"

#include <stdlib.h>

/* What goes from one catalog. Both are looked at before either is changed. */
struct removal {
  struct listing listing;
  struct belongings belongings;
};

struct removals {
  const char *what;
  size_t count;
  struct removal each[2];
};

static enum exit_code refuse_if_needed(const struct removal *removal)
{
  const WS2SPI_CATALOG_ENTRY *const chain =
      belongings_needed_by(&removal->belongings, &removal->listing);

  if (chain == NULL)
    return EXIT_DONE;
  complain("the chain of entry %lu of the %d-bit catalog, \"%s\", needs it: remove that first",
           chain->ProtocolInfo.dwCatalogEntryId, width_bits(removal->listing.width),
           utf8_from_wide(chain->ProtocolInfo.szProtocol).text);
  return EXIT_REFUSED;
}

static enum exit_code find(DWORD width, void *context)
{
  struct removals *const removals = context;
  struct removal *const removal = &removals->each[removals->count];
  enum exit_code code = listing_read(&removal->listing, width);

  if (code != EXIT_DONE)
    return code;
  removals->count++;
  code = belongings_find(&removal->belongings, &removal->listing, removals->what);
  return code == EXIT_DONE ? refuse_if_needed(removal) : code;
}

/* --- one step a ProviderId, chains before dummies -------------------------------------- */

struct step {
  const WS2SPI_CATALOG_ENTRY *entry;
  BOOL has_dummy; /* some entry with this ProviderId is one */
};

/* By ProviderId, and among these in catalog order. */
static int compare_providers(const void *left, const void *right)
{
  const struct step *const a = left;
  const struct step *const b = right;
  const int order =
      memcmp(&a->entry->ProtocolInfo.ProviderId, &b->entry->ProtocolInfo.ProviderId, sizeof(GUID));

  return order != 0 ? order : (a->entry > b->entry) - (a->entry < b->entry);
}

static int compare_steps(const void *left, const void *right)
{
  const struct step *const a = left;
  const struct step *const b = right;

  return a->has_dummy != b->has_dummy ? a->has_dummy - b->has_dummy
                                      : (a->entry > b->entry) - (a->entry < b->entry);
}

static size_t merge_by_provider(struct step *steps, size_t count)
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

/* NULL: no memory. */
static struct step *make_steps(const struct removal *removal, size_t *count)
{
  struct step *const steps = malloc((removal->belongings.count + 1) * sizeof *steps);

  *count = 0;
  for (size_t i = 0; steps != NULL && i < removal->listing.count; i++) {
    const WS2SPI_CATALOG_ENTRY *const entry = &removal->listing.entries[i];

    if (removal->belongings.count > 0 && removal->belongings.includes[i])
      steps[(*count)++] =
          (struct step){entry, entry->ProtocolInfo.ProtocolChain.ChainLen == LAYERED_PROTOCOL};
  }
  if (steps != NULL) {
    qsort(steps, *count, sizeof *steps, compare_providers);
    *count = merge_by_provider(steps, *count);
    qsort(steps, *count, sizeof *steps, compare_steps);
  }
  return steps;
}

static void print_removed(const struct removal *removal)
{
  for (size_t i = 0; i < removal->listing.count; i++) {
    const WSAPROTOCOL_INFOW *const info = &removal->listing.entries[i].ProtocolInfo;

    if (removal->belongings.count > 0 && removal->belongings.includes[i])
      print("removed from the %d-bit catalog: %lu %s\n", width_bits(removal->listing.width),
            info->dwCatalogEntryId, utf8_from_wide(info->szProtocol).text);
  }
}

/* What a failure leaves is whole, though less: every chain still has its dummy. */
static enum exit_code remove_from(const struct removal *removal)
{
  size_t count;
  struct step *const steps = make_steps(removal, &count);
  int error = steps != NULL ? 0 : WSA_NOT_ENOUGH_MEMORY;

  for (size_t i = 0; error == 0 && i < count; i++) {
    const WSAPROTOCOL_INFOW *const info = &steps[i].entry->ProtocolInfo;

    error = catalog_deinstall(removal->listing.width, &info->ProviderId);
    if (error != 0)
      complain("entry %lu of the %d-bit catalog, \"%s\", cannot be removed: %s (%d)",
               info->dwCatalogEntryId, width_bits(removal->listing.width),
               utf8_from_wide(info->szProtocol).text, error_name(error), error);
  }
  free(steps);
  if (error != 0)
    return EXIT_FAILED;
  print_removed(removal);
  return EXIT_DONE;
}

static enum exit_code remove_all(const struct removals *removals)
{
  enum exit_code code = EXIT_DONE;
  size_t found = 0;

  for (size_t i = 0; i < removals->count; i++)
    found += removals->each[i].belongings.count;
  if (found == 0) {
    complain("no entry has the name, provider id or entry id \"%s\"", removals->what);
    return EXIT_REFUSED;
  }
  for (size_t i = 0; code == EXIT_DONE && i < removals->count; i++)
    code = remove_from(&removals->each[i]);
  return code;
}

enum exit_code command_remove(const struct request *request, int count, const char **arguments)
{
  struct removals removals = {.what = arguments[0]};
  enum exit_code code = for_each_width(request, WS2SPI_WIDTH_BOTH, find, &removals);

  (void)count;
  if (code == EXIT_DONE)
    code = remove_all(&removals);
  for (size_t i = 0; i < removals.count; i++) {
    belongings_free(&removals.each[i].belongings);
    listing_free(&removals.each[i].listing);
  }
  return code;
}
