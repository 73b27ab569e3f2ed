#include "tool/commands.h"

#include "tool/catalog_calls.h"
#include "tool/listing.h"
#include "tool/output.h"

#include <stdio.h>

/* Prints what will be removed. A catalog that cannot be read is reset all the same. */
static enum exit_code reset_preview(DWORD width, void *unused)
{
  struct listing listing;
  size_t lost = 0;

  (void)unused;
  if (listing_read(&listing, width) != EXIT_DONE)
    return EXIT_DONE;
  for (size_t i = 0; i < listing.count; i++)
    lost += !entry_is_base(&listing.entries[i]);
  print("%d-bit catalog: removes %zu usable entries and clears %zu problems\n", width_bits(width),
        lost, listing.problem_count);
  listing_free(&listing);
  return EXIT_DONE;
}

/* Only y and yes confirm. The end of the input does not, nor does any answer to a question that
 * could not be printed. */
static BOOL reset_is_confirmed(void)
{
  char answer[16];

  print("Continue? [y/N] ");
  if (!output_flush() || fgets(answer, sizeof answer, stdin) == NULL)
    return FALSE;
  answer[strcspn(answer, "\r\n")] = '\0';
  return _stricmp(answer, "y") == 0 || _stricmp(answer, "yes") == 0;
}

enum exit_code command_reset(const struct command_line *line)
{
  int error;

  if ((line->given & OPTION_YES) == 0) {
    for_each_width(line, WS2SPI_WIDTH_BOTH, reset_preview, NULL);
    if (!reset_is_confirmed())
      return EXIT_NEGATIVE;
  }
  error = catalog_reset(line->widths != 0 ? line->widths : system_widths());
  if (error == 0)
    return EXIT_DONE;
  print_diagnostic("the catalog could not be reset: %s (%d)", error_name(error), error);
  return EXIT_FAILED;
}
