/* All entries that belong to one provider: of a layered one its dummy and the chains that
 * begin with it, and whatever shares a ProviderId with one of these, since by that
 * providers are removed. */
#ifndef WS2SPI_TOOL_PROVIDER_ENTRIES_H
#define WS2SPI_TOOL_PROVIDER_ENTRIES_H

#include "tool/listing.h"

struct belongings {
  size_t count;   /* 0: no entry answers to the name */
  BYTE *includes; /* of each entry of the listing, whether it belongs */
};

/* `what` is a catalog entry id, a GUID or a name, compared without case. EXIT_DONE, also when
 * nothing was found; EXIT_REFUSED if the name fits several providers, or the provider
 * is the base; EXIT_FAILED. All but the first after a complaint, and nothing to free. */
enum exit_code belongings_find(struct belongings *belongings, const struct listing *listing,
                               const char *what);
void belongings_free(struct belongings *belongings);

/* A chain that does not belong but needs an entry that does; NULL if there is none. */
const WS2SPI_CATALOG_ENTRY *belongings_needed_by(const struct belongings *belongings,
                                                 const struct listing *listing);

#endif
