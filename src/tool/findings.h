/* What `catalog check` has found, and how it is said: the entry, what is wrong with it,
 * and a line that says how to repair it. */
#ifndef WS2SPI_TOOL_FINDINGS_H
#define WS2SPI_TOOL_FINDINGS_H

#include "tool/listing.h"
#include "tool/tree.h"

#include <stdio.h>

struct findings {
  const struct listing *listing;
  const struct tree *tree;
  size_t count;
};

__attribute__((format(__MINGW_PRINTF_FORMAT, 3, 4))) void
finding(struct findings *findings, const WS2SPI_CATALOG_ENTRY *entry, const char *format, ...);

/* Of the finding before. */
__attribute__((format(__MINGW_PRINTF_FORMAT, 1, 2))) void finding_repair(const char *format, ...);

/* "--32" or "--64". */
const char *width_option(DWORD width);

/* Each looks for one kind of thing. FALSE: no memory. */
BOOL check_faults(struct findings *findings);
BOOL check_chains(struct findings *findings);
BOOL check_dlls(struct findings *findings);
BOOL check_provider_ids(struct findings *findings);
BOOL check_layers(struct findings *findings);

#endif
