#include "tool/commands.h"

#include "tool/catalog_calls.h"
#include "tool/listing.h"
#include "tool/output.h"

static void announce_fault(DWORD width, const WS2SPI_CATALOG_PROBLEM *fault)
{
  print("%d-bit catalog", width_bits(width));
  if (fault->dwPosition != 0)
    print(", position %lu", fault->dwPosition);
  print(": %s\n", fault->lpszReason);
}

/* What the catalog will lose. */
static enum exit_code announce(DWORD width, void *context)
{
  DWORD *const widths = context;
  struct listing listing;

  if (listing_read(&listing, width) != EXIT_DONE)
    return EXIT_FAILED;
  if (listing.fault_count > 0)
    *widths |= width;
  for (size_t i = 0; i < listing.fault_count; i++)
    announce_fault(width, &listing.faults[i]);
  listing_free(&listing);
  return EXIT_DONE;
}

enum exit_code command_repair(const struct request *request, int count, const char **arguments)
{
  DWORD widths = 0;
  const enum exit_code code = for_each_width(request, WS2SPI_WIDTH_BOTH, announce, &widths);
  int error;

  (void)count;
  (void)arguments;
  if (code != EXIT_DONE || widths == 0)
    return code;
  error = catalog_repair(widths);
  if (error == 0)
    return EXIT_DONE;
  complain("the catalog cannot be repaired: %s (%d)", error_name(error), error);
  return EXIT_FAILED;
}
