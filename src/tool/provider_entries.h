/* All entries of one provider: the dummy entry of a layer, the chains that begin with it, and
 * every entry that shares a ProviderId with one of these, because entries are removed by
 * ProviderId. */
#ifndef WS2SPI_TOOL_PROVIDER_ENTRIES_H
#define WS2SPI_TOOL_PROVIDER_ENTRIES_H

#include "tool/listing.h"

struct provider_entries {
  size_t count;   /* 0: nothing matches */
  BYTE *includes; /* for each entry of the listing, whether it is one of the provider's */
};

/* `name` is a catalog entry id, a GUID, or a protocol name in any case. EXIT_DONE, also if
 * nothing matches; EXIT_REFUSED: several providers match, or the base provider does;
 * EXIT_FAILED. After the last two an error message has been printed, and there is nothing to
 * free. */
enum exit_code provider_entries_find(struct provider_entries *entries,
                                     const struct listing *listing, const char *name);
void provider_entries_free(struct provider_entries *entries);

/* A chain of another provider that refers to one of the entries, or NULL. */
const WS2SPI_CATALOG_ENTRY *provider_entries_needed_by(const struct provider_entries *entries,
                                                       const struct listing *listing);

#endif
