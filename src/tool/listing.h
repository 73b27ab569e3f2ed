/* One of the two catalogs as the tool sees it: the usable entries in catalog order, and the
 * problems for which the store skips entries. A listing owns its memory and does not change
 * between listing_read and listing_free. */
#ifndef WS2SPI_TOOL_LISTING_H
#define WS2SPI_TOOL_LISTING_H

#include "tool/exit_codes.h"
#include "tool/windows_headers.h"

struct listing {
  DWORD width; /* WS2SPI_WIDTH_32 or WS2SPI_WIDTH_64 */
  size_t count;
  WS2SPI_CATALOG_ENTRY *entries;
  const WS2SPI_CATALOG_ENTRY **by_id; /* sorted by id, for listing_find */
  size_t problem_count;
  WS2SPI_CATALOG_PROBLEM *problems;
};

/* 32 or 64, for messages. */
int width_bits(DWORD width);

/* The widths that this system has: both, if it is a 64-bit one. */
DWORD system_widths(void);

/* EXIT_DONE, or EXIT_FAILED after an error message; then there is nothing to free. */
enum exit_code listing_read(struct listing *listing, DWORD width);
void listing_free(struct listing *listing);

/* Fills by_id. FALSE: out of memory. */
BOOL listing_index(struct listing *listing);

/* NULL: there is no such entry. */
const WS2SPI_CATALOG_ENTRY *listing_find(const struct listing *listing, DWORD id);

/* For a chain, the id of the dummy entry at its beginning; for a dummy, its own; otherwise 0. */
DWORD entry_layer(const WS2SPI_CATALOG_ENTRY *entry);

/* Whether the entry belongs to the base provider, by its ProviderId. */
BOOL entry_is_base(const WS2SPI_CATALOG_ENTRY *entry);

/* The number of elements of a chain that can be read: at most MAX_PROTOCOL_CHAIN. */
int entry_chain_length(const WS2SPI_CATALOG_ENTRY *entry);

#endif
