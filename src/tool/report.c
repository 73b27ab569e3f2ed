#include "tool/report.h"

#include "tool/output.h"

#include <stdarg.h>
#include <stdio.h>

enum { LONGEST_FINDING = 2048 };

static void report_print(const struct report *report, const WS2SPI_CATALOG_ENTRY *entry,
                         const char *kind, const char *format, va_list arguments)
{
  char text[LONGEST_FINDING];

  vsnprintf(text, sizeof text, format, arguments);
  print("%d-bit catalog, entry %lu \"%s\"\n", width_bits(report->listing->width),
        entry->ProtocolInfo.dwCatalogEntryId, utf8_from_wide(entry->ProtocolInfo.szProtocol).text);
  print("    %s%s\n", kind, text);
}

void report_error(struct report *report, const WS2SPI_CATALOG_ENTRY *entry, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  report_print(report, entry, "", format, arguments);
  va_end(arguments);
  report->errors++;
}

void report_warning(struct report *report, const WS2SPI_CATALOG_ENTRY *entry, const char *format,
                    ...)
{
  va_list arguments;

  va_start(arguments, format);
  report_print(report, entry, "warning: ", format, arguments);
  va_end(arguments);
  report->warnings++;
}

void report_repair(const char *format, ...)
{
  char text[LONGEST_FINDING];
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  print("    repair: %s\n", text);
}

const char *width_option(DWORD width)
{
  return width == WS2SPI_WIDTH_32 ? "--32" : "--64";
}

BOOL check_problems(struct report *report)
{
  const struct listing *const listing = report->listing;

  for (size_t i = 0; i < listing->problem_count; i++) {
    const WS2SPI_CATALOG_PROBLEM *const problem = &listing->problems[i];
    const BOOL is_entry = problem->dwPosition != 0;

    print("%d-bit catalog", width_bits(listing->width));
    if (is_entry)
      print(", position %lu", problem->dwPosition);
    if (problem->dwCatalogEntryId != 0)
      print(", entry %lu", problem->dwCatalogEntryId);
    print("\n    %s%s\n", is_entry ? "cannot be used: " : "", problem->lpszReason);
    report_repair("ws2spi catalog repair %s%s", width_option(listing->width),
                  is_entry ? ", which removes it" : "");
    report->errors++;
  }
  return TRUE;
}
