/* The report of `catalog check`: for each finding the entry, what is wrong with it, and how to
 * repair it. A warning is about something that works and may be wanted. */
#ifndef WS2SPI_TOOL_REPORT_H
#define WS2SPI_TOOL_REPORT_H

#include "tool/listing.h"
#include "tool/tree.h"

#include <stdio.h>

struct report {
  const struct listing *listing;
  const struct tree *tree;
  size_t errors;
  size_t warnings;
};

__attribute__((format(__MINGW_PRINTF_FORMAT, 3, 4))) void
report_error(struct report *report, const WS2SPI_CATALOG_ENTRY *entry, const char *format, ...);

__attribute__((format(__MINGW_PRINTF_FORMAT, 3, 4))) void
report_warning(struct report *report, const WS2SPI_CATALOG_ENTRY *entry, const char *format, ...);

/* How to repair the finding that was reported last. */
__attribute__((format(__MINGW_PRINTF_FORMAT, 1, 2))) void report_repair(const char *format, ...);

/* "--32" or "--64". */
const char *width_option(DWORD width);

/* Each reports findings of one kind. FALSE: out of memory. */
BOOL check_problems(struct report *report);
BOOL check_chains(struct report *report);
BOOL check_dlls(struct report *report);
BOOL check_provider_ids(struct report *report);
BOOL check_layers(struct report *report);

#endif
