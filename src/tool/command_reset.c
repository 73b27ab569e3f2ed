#include "tool/commands.h"

#include "tool/catalog_calls.h"
#include "tool/listing.h"
#include "tool/output.h"

#include <stdio.h>

/* What a reset would take away. A catalog that cannot be read is all the more to be reset. */
static enum exit_code announce(DWORD width, void *context)
{
  DWORD *const widths = context;
  struct listing listing;
  size_t lost = 0;

  *widths |= width;
  if (listing_read(&listing, width) != EXIT_DONE)
    return EXIT_DONE;
  for (size_t i = 0; i < listing.count; i++)
    lost += !entry_is_base(&listing.entries[i]);
  print("%d-bit catalog: %zu usable entries go, and %zu broken ones\n", width_bits(width), lost,
        listing.fault_count);
  listing_free(&listing);
  return EXIT_DONE;
}

/* Only a plain yes is one; the end of the input is none. */
static BOOL confirm(void)
{
  char answer[16];

  print("Go on? [y/N] ");
  fflush(stdout);
  if (fgets(answer, sizeof answer, stdin) == NULL)
    return FALSE;
  answer[strcspn(answer, "\r\n")] = '\0';
  return _stricmp(answer, "y") == 0 || _stricmp(answer, "yes") == 0;
}

enum exit_code command_reset(const struct request *request, int count, const char **arguments)
{
  DWORD widths = 0;
  enum exit_code code = EXIT_DONE;
  int error;

  (void)count;
  (void)arguments;
  if ((request->given & OPTION_YES) != 0) {
    widths = request->widths != 0 ? request->widths : system_widths();
  } else {
    code = for_each_width(request, WS2SPI_WIDTH_BOTH, announce, &widths);
    if (code == EXIT_DONE && !confirm())
      code = EXIT_NO;
  }
  if (code != EXIT_DONE)
    return code;
  error = catalog_reset(widths);
  if (error == 0)
    return EXIT_DONE;
  complain("the catalog cannot be reset: %s (%d)", error_name(error), error);
  return EXIT_FAILED;
}
