#include "tool/provider_entries.h"

#include "platform/compare.h"
#include "platform/guid_text.h"
#include "tool/id_list.h"
#include "tool/output.h"

#include <stdlib.h>

/* --- the name that was given --------------------------------------------------------- */

struct pattern {
  enum { BY_ID, BY_GUID, BY_NAME } kind;
  DWORD id;
  GUID guid;
  WCHAR name[WSAPROTOCOL_LEN + 1];
};

/* FALSE: the text is too long for a protocol name, or not UTF-8. */
static BOOL pattern_parse(struct pattern *pattern, const char *name)
{
  if (parse_id(name, &pattern->id))
    pattern->kind = BY_ID;
  else if (guid_from_text(name, &pattern->guid))
    pattern->kind = BY_GUID;
  else
    pattern->kind = BY_NAME;
  return pattern->kind != BY_NAME || utf8_to_wide(name, pattern->name, WSAPROTOCOL_LEN + 1);
}

static BOOL pattern_matches(const struct pattern *pattern, const WSAPROTOCOL_INFOW *info)
{
  switch (pattern->kind) {
  case BY_ID:
    return info->dwCatalogEntryId == pattern->id;
  case BY_GUID:
    return IsEqualGUID(&info->ProviderId, &pattern->guid);
  default:
    return CompareStringOrdinal(info->szProtocol, -1, pattern->name, -1, TRUE) == CSTR_EQUAL;
  }
}

/* --- the entries that belong together ------------------------------------------------------ */

/* The layers and ProviderIds of the entries included so far, sorted. */
struct membership {
  size_t count;
  GUID *guids;
  DWORD *layers;
};

static int membership_compare_guids(const void *left, const void *right)
{
  return memcmp(left, right, sizeof(GUID));
}

static BOOL membership_collect(struct membership *membership,
                               const struct provider_entries *entries,
                               const struct listing *listing)
{
  membership->count = 0;
  membership->guids = malloc(entries->count * sizeof *membership->guids);
  membership->layers = malloc(entries->count * sizeof *membership->layers);
  if (membership->guids == NULL || membership->layers == NULL)
    return FALSE;
  for (size_t i = 0; i < listing->count; i++)
    if (entries->includes[i]) {
      membership->guids[membership->count] = listing->entries[i].ProtocolInfo.ProviderId;
      membership->layers[membership->count++] = entry_layer(&listing->entries[i]);
    }
  qsort(membership->guids, membership->count, sizeof *membership->guids, membership_compare_guids);
  qsort(membership->layers, membership->count, sizeof *membership->layers, compare_dwords);
  return TRUE;
}

static BOOL membership_has(const struct membership *membership, const WS2SPI_CATALOG_ENTRY *entry)
{
  const DWORD layer = entry_layer(entry);

  return bsearch(&entry->ProtocolInfo.ProviderId, membership->guids, membership->count,
                 sizeof(GUID), membership_compare_guids) != NULL ||
         (layer != 0 && bsearch(&layer, membership->layers, membership->count, sizeof layer,
                                compare_dwords) != NULL);
}

static void provider_entries_include(struct provider_entries *entries, size_t i)
{
  entries->includes[i] = TRUE;
  entries->count++;
}

/* Repeats until nothing is added: each new entry may bring in others by its layer or ProviderId.
 * FALSE: out of memory. */
static BOOL provider_entries_grow(struct provider_entries *entries, const struct listing *listing)
{
  size_t before = 0;

  while (entries->count > before) {
    struct membership membership;
    const BOOL collected = membership_collect(&membership, entries, listing);

    before = entries->count;
    for (size_t i = 0; collected && i < listing->count; i++)
      if (!entries->includes[i] && membership_has(&membership, &listing->entries[i]))
        provider_entries_include(entries, i);
    free(membership.guids);
    free(membership.layers);
    if (!collected)
      return FALSE;
  }
  return TRUE;
}

/* Collects the entries of the provider that matches first. FALSE: out of memory. */
static BOOL provider_entries_collect(struct provider_entries *entries,
                                     const struct listing *listing, const struct pattern *pattern)
{
  entries->includes = calloc(listing->count + 1, 1);
  if (entries->includes == NULL)
    return FALSE;
  for (size_t i = 0; i < listing->count; i++)
    if (pattern_matches(pattern, &listing->entries[i].ProtocolInfo)) {
      provider_entries_include(entries, i);
      return provider_entries_grow(entries, listing);
    }
  return TRUE;
}

static enum exit_code provider_entries_check(const struct provider_entries *entries,
                                             const struct listing *listing,
                                             const struct pattern *pattern, const char *name)
{
  const int bits = width_bits(listing->width);

  for (size_t i = 0; i < listing->count; i++) {
    const WS2SPI_CATALOG_ENTRY *const entry = &listing->entries[i];
    const DWORD id = entry->ProtocolInfo.dwCatalogEntryId;

    if (entries->includes[i] && entry_is_base(entry)) {
      print_diagnostic(
          "entry %lu of the %d-bit catalog belongs to the base provider, which cannot be "
          "removed",
          id, bits);
      return EXIT_REFUSED;
    }
    if (entries->count > 0 && !entries->includes[i] &&
        pattern_matches(pattern, &entry->ProtocolInfo)) {
      print_diagnostic(
          "several providers of the %d-bit catalog are named \"%s\" (one has entry %lu): "
          "give an entry id instead",
          bits, name, id);
      return EXIT_REFUSED;
    }
  }
  return EXIT_DONE;
}

enum exit_code provider_entries_find(struct provider_entries *entries,
                                     const struct listing *listing, const char *name)
{
  struct pattern pattern;
  enum exit_code code;

  *entries = (struct provider_entries){0};
  if (!pattern_parse(&pattern, name))
    return EXIT_DONE;
  code = provider_entries_collect(entries, listing, &pattern)
             ? provider_entries_check(entries, listing, &pattern, name)
             : out_of_memory();
  if (code != EXIT_DONE)
    provider_entries_free(entries);
  return code;
}

void provider_entries_free(struct provider_entries *entries)
{
  free(entries->includes);
  *entries = (struct provider_entries){0};
}

static BOOL provider_entries_are_in_chain(const struct provider_entries *entries,
                                          const struct listing *listing,
                                          const WS2SPI_CATALOG_ENTRY *chain)
{
  for (int i = 0; i < entry_chain_length(chain); i++) {
    const WS2SPI_CATALOG_ENTRY *const element =
        listing_find(listing, chain->ProtocolInfo.ProtocolChain.ChainEntries[i]);

    if (element != NULL && entries->includes[element - listing->entries])
      return TRUE;
  }
  return FALSE;
}

const WS2SPI_CATALOG_ENTRY *provider_entries_needed_by(const struct provider_entries *entries,
                                                       const struct listing *listing)
{
  for (size_t i = 0; entries->count > 0 && i < listing->count; i++)
    if (!entries->includes[i] &&
        provider_entries_are_in_chain(entries, listing, &listing->entries[i]))
      return &listing->entries[i];
  return NULL;
}
