#include "tool/provider_entries.h"

#include "tool/guid_text.h"
#include "tool/id_list.h"
#include "tool/output.h"

#include <stdlib.h>

/* --- what is meant ------------------------------------------------------------------- */

struct pattern {
  enum { BY_ID, BY_GUID, BY_NAME } kind;
  DWORD id;
  GUID guid;
  WCHAR name[WSAPROTOCOL_LEN + 1];
};

/* FALSE: so long a text can be nobody's name. */
static BOOL make_pattern(struct pattern *pattern, const char *what)
{
  if (parse_id(what, &pattern->id))
    pattern->kind = BY_ID;
  else if (guid_from_text(what, &pattern->guid))
    pattern->kind = BY_GUID;
  else
    pattern->kind = BY_NAME;
  return pattern->kind != BY_NAME || utf8_to_wide(what, pattern->name, WSAPROTOCOL_LEN + 1);
}

static BOOL fits(const struct pattern *pattern, const WSAPROTOCOL_INFOW *info)
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

/* --- what belongs together -------------------------------------------------------------- */

/* The layers and the ProviderIds of those that belong, sorted. */
struct marks {
  size_t count;
  GUID *guids;
  DWORD *layers;
};

static int compare_guids(const void *left, const void *right)
{
  return memcmp(left, right, sizeof(GUID));
}

static BOOL collect_marks(struct marks *marks, const struct belongings *belongings,
                          const struct listing *listing)
{
  marks->count = 0;
  marks->guids = malloc(belongings->count * sizeof *marks->guids);
  marks->layers = malloc(belongings->count * sizeof *marks->layers);
  if (marks->guids == NULL || marks->layers == NULL)
    return FALSE;
  for (size_t i = 0; i < listing->count; i++)
    if (belongings->includes[i]) {
      marks->guids[marks->count] = listing->entries[i].ProtocolInfo.ProviderId;
      marks->layers[marks->count++] = entry_layer(&listing->entries[i]);
    }
  qsort(marks->guids, marks->count, sizeof *marks->guids, compare_guids);
  qsort(marks->layers, marks->count, sizeof *marks->layers, compare_dwords);
  return TRUE;
}

static BOOL is_marked(const struct marks *marks, const WS2SPI_CATALOG_ENTRY *entry)
{
  const DWORD layer = entry_layer(entry);

  return bsearch(&entry->ProtocolInfo.ProviderId, marks->guids, marks->count, sizeof(GUID),
                 compare_guids) != NULL ||
         (layer != 0 &&
          bsearch(&layer, marks->layers, marks->count, sizeof layer, compare_dwords) != NULL);
}

static void include(struct belongings *belongings, size_t i)
{
  belongings->includes[i] = TRUE;
  belongings->count++;
}

/* Twice at least: what an entry brings in may bring in others. FALSE: no memory. */
static BOOL grow(struct belongings *belongings, const struct listing *listing)
{
  size_t before = 0;

  while (belongings->count > before) {
    struct marks marks;
    const BOOL collected = collect_marks(&marks, belongings, listing);

    before = belongings->count;
    for (size_t i = 0; collected && i < listing->count; i++)
      if (!belongings->includes[i] && is_marked(&marks, &listing->entries[i]))
        include(belongings, i);
    free(marks.guids);
    free(marks.layers);
    if (!collected)
      return FALSE;
  }
  return TRUE;
}

/* The first entry that fits, and all that belongs with it. */
static BOOL start_with(struct belongings *belongings, const struct listing *listing,
                       const struct pattern *pattern)
{
  belongings->includes = calloc(listing->count + 1, 1);
  if (belongings->includes == NULL)
    return FALSE;
  for (size_t i = 0; i < listing->count; i++)
    if (fits(pattern, &listing->entries[i].ProtocolInfo)) {
      include(belongings, i);
      return grow(belongings, listing);
    }
  return TRUE;
}

static enum exit_code check(const struct belongings *belongings, const struct listing *listing,
                            const struct pattern *pattern, const char *what)
{
  const int bits = width_bits(listing->width);

  for (size_t i = 0; i < listing->count; i++) {
    const WS2SPI_CATALOG_ENTRY *const entry = &listing->entries[i];
    const DWORD id = entry->ProtocolInfo.dwCatalogEntryId;

    if (belongings->includes[i] && entry_is_base(entry)) {
      complain("entry %lu of the %d-bit catalog is the base provider's, which stays", id, bits);
      return EXIT_REFUSED;
    }
    if (belongings->count > 0 && !belongings->includes[i] && fits(pattern, &entry->ProtocolInfo)) {
      complain("several providers of the %d-bit catalog are named \"%s\", one of them entry %lu: "
               "say which by its id",
               bits, what, id);
      return EXIT_REFUSED;
    }
  }
  return EXIT_DONE;
}

enum exit_code belongings_find(struct belongings *belongings, const struct listing *listing,
                               const char *what)
{
  struct pattern pattern;
  enum exit_code code;

  *belongings = (struct belongings){0};
  if (!make_pattern(&pattern, what))
    return EXIT_DONE;
  if (start_with(belongings, listing, &pattern)) {
    code = check(belongings, listing, &pattern, what);
  } else {
    complain("memory is exhausted");
    code = EXIT_FAILED;
  }
  if (code != EXIT_DONE)
    belongings_free(belongings);
  return code;
}

void belongings_free(struct belongings *belongings)
{
  free(belongings->includes);
  *belongings = (struct belongings){0};
}

static BOOL needs(const struct belongings *belongings, const struct listing *listing,
                  const WS2SPI_CATALOG_ENTRY *chain)
{
  for (int i = 0; i < entry_chain_length(chain); i++) {
    const WS2SPI_CATALOG_ENTRY *const element =
        listing_find(listing, chain->ProtocolInfo.ProtocolChain.ChainEntries[i]);

    if (element != NULL && belongings->includes[element - listing->entries])
      return TRUE;
  }
  return FALSE;
}

const WS2SPI_CATALOG_ENTRY *belongings_needed_by(const struct belongings *belongings,
                                                 const struct listing *listing)
{
  for (size_t i = 0; belongings->count > 0 && i < listing->count; i++)
    if (!belongings->includes[i] && needs(belongings, listing, &listing->entries[i]))
      return &listing->entries[i];
  return NULL;
}
