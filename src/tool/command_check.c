#include "tool/commands.h"

#include "tool/output.h"
#include "tool/report.h"

/* FALSE: out of memory. */
static BOOL check_all(struct report *report)
{
  return check_problems(report) && check_chains(report) && check_dlls(report) &&
         check_provider_ids(report) && check_layers(report);
}

static enum exit_code check_result(const struct report *report, BOOL is_strict)
{
  if (report->errors > 0)
    return EXIT_NEGATIVE;
  print("%d-bit catalog: no errors in %zu entries\n", width_bits(report->listing->width),
        report->listing->count);
  return report->warnings > 0 && is_strict ? EXIT_WARNINGS : EXIT_DONE;
}

static enum exit_code check_listing(const struct listing *listing, BOOL is_strict)
{
  struct tree tree;
  struct report report = {.listing = listing, .tree = &tree};
  BOOL checked;

  if (!tree_build(&tree, listing))
    return out_of_memory();
  checked = check_all(&report);
  tree_free(&tree);
  return checked ? check_result(&report, is_strict) : out_of_memory();
}

static enum exit_code check_catalog(DWORD width, void *context)
{
  const struct command_line *const line = context;
  struct listing listing;
  enum exit_code code = listing_read(&listing, width);

  if (code == EXIT_DONE) {
    code = check_listing(&listing, (line->given & OPTION_STRICT) != 0);
    listing_free(&listing);
  }
  return code;
}

enum exit_code command_check(const struct command_line *line)
{
  return for_each_width(line, WS2SPI_WIDTH_BOTH, check_catalog, (void *)line);
}
