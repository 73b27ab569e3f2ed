#include "tool/commands.h"

#include "tool/catalog_calls.h"
#include "tool/listing.h"
#include "tool/output.h"

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
    print("%d-bit catalog, position %lu: %s\n", width_bits(width), listing.faults[i].dwPosition,
          listing.faults[i].lpszReason);
  listing_free(&listing);
  return EXIT_DONE;
}

enum exit_code command_mend(const struct request *request, int count, const char **arguments)
{
  DWORD widths = 0;
  const enum exit_code code = for_each_width(request, WS2SPI_WIDTH_BOTH, announce, &widths);
  int error;

  (void)count;
  (void)arguments;
  if (code != EXIT_DONE || widths == 0)
    return code;
  error = catalog_mend(widths);
  if (error == 0)
    return EXIT_DONE;
  complain("the catalog cannot be mended: %s (%d)", error_name(error), error);
  return EXIT_FAILED;
}
