/* One of the two catalogs as the tool sees it: the usable entries in catalog order, and
 * the items that the store has to skip. The memory is the listing's, from listing_read to
 * listing_free, and does not change meanwhile. */
#ifndef WS2SPI_TOOL_LISTING_H
#define WS2SPI_TOOL_LISTING_H

#include "tool/exit_codes.h"
#include "tool/windows_headers.h"

struct listing {
  DWORD width; /* WS2SPI_WIDTH_32 or WS2SPI_WIDTH_64 */
  size_t count;
  WS2SPI_CATALOG_ENTRY *entries;
  const WS2SPI_CATALOG_ENTRY **by_id; /* sorted */
  size_t fault_count;
  WS2SPI_CATALOG_PROBLEM *faults;
};

/* 32 or 64, for messages and options. */
int width_bits(DWORD width);

/* The widths this system has: both on a 64-bit one. */
DWORD system_widths(void);

/* EXIT_DONE, or EXIT_FAILED after a complaint; then there is nothing to free. */
enum exit_code listing_read(struct listing *listing, DWORD width);
void listing_free(struct listing *listing);

/* Sorts by_id, which everything that looks entries up needs. FALSE: no memory. */
BOOL listing_index(struct listing *listing);

/* NULL if there is none. */
const WS2SPI_CATALOG_ENTRY *listing_find(const struct listing *listing, DWORD id);

/* The id of the dummy entry that a chain begins with, of a dummy its own, else 0. */
DWORD entry_layer(const WS2SPI_CATALOG_ENTRY *entry);

/* Whether it is one of the base provider's own, told by its ProviderId. */
BOOL entry_is_base(const WS2SPI_CATALOG_ENTRY *entry);

/* The elements of a chain that are there to read: never more than MAX_PROTOCOL_CHAIN. */
int entry_chain_length(const WS2SPI_CATALOG_ENTRY *entry);

#endif
