#include "tool/commands.h"

#include "tool/catalog_calls.h"
#include "tool/listing.h"
#include "tool/output.h"

/* Prints the problems, and notes whether the catalog has any. */
static enum exit_code repair_preview(DWORD width, void *context)
{
  DWORD *const widths = context;
  struct listing listing;

  if (listing_read(&listing, width) != EXIT_DONE)
    return EXIT_FAILED;
  if (listing.problem_count > 0)
    *widths |= width;
  for (size_t i = 0; i < listing.problem_count; i++) {
    const WS2SPI_CATALOG_PROBLEM *const problem = &listing.problems[i];

    print("%d-bit catalog", width_bits(width));
    if (problem->dwPosition != 0)
      print(", position %lu", problem->dwPosition);
    print(": %s\n", problem->lpszReason);
  }
  listing_free(&listing);
  return EXIT_DONE;
}

enum exit_code command_repair(const struct command_line *line)
{
  DWORD widths = 0;
  const enum exit_code code = for_each_width(line, WS2SPI_WIDTH_BOTH, repair_preview, &widths);
  int error;

  if (code != EXIT_DONE || widths == 0)
    return code;
  error = catalog_repair(widths);
  if (error == 0)
    return EXIT_DONE;
  print_diagnostic("the catalog could not be repaired: %s (%d)", error_name(error), error);
  return EXIT_FAILED;
}
