#include "tool/findings.h"

#include "tool/output.h"

#include <stdarg.h>
#include <stdio.h>

enum { LONGEST_FINDING = 2048 };

void finding(struct findings *findings, const WS2SPI_CATALOG_ENTRY *entry, const char *format, ...)
{
  char text[LONGEST_FINDING];
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  print("%d-bit catalog, entry %lu \"%s\"\n", width_bits(findings->listing->width),
        entry->ProtocolInfo.dwCatalogEntryId, utf8_from_wide(entry->ProtocolInfo.szProtocol).text);
  print("    %s\n", text);
  findings->count++;
}

void finding_repair(const char *format, ...)
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

BOOL check_faults(struct findings *findings)
{
  const struct listing *const listing = findings->listing;

  for (size_t i = 0; i < listing->fault_count; i++) {
    const WS2SPI_CATALOG_PROBLEM *const fault = &listing->faults[i];

    if (fault->dwPosition == 0) {
      print("%d-bit catalog\n    %s\n", width_bits(listing->width), fault->lpszReason);
      finding_repair("ws2spi catalog repair %s", width_option(listing->width));
      findings->count++;
      continue;
    }
    print("%d-bit catalog, position %lu", width_bits(listing->width), fault->dwPosition);
    if (fault->dwCatalogEntryId != 0)
      print(", entry %lu", fault->dwCatalogEntryId);
    print("\n    cannot be used: %s\n", fault->lpszReason);
    finding_repair("ws2spi catalog repair %s, which removes it", width_option(listing->width));
    findings->count++;
  }
  return TRUE;
}
