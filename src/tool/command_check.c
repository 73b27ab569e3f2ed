#include "tool/commands.h"

#include "tool/findings.h"
#include "tool/output.h"

/* FALSE: no memory. */
static BOOL look_for_all(struct findings *findings)
{
  return check_faults(findings) && check_chains(findings) && check_dlls(findings) &&
         check_provider_ids(findings) && check_layers(findings);
}

static enum exit_code check_listing(const struct listing *listing)
{
  struct tree tree;
  struct findings findings = {.listing = listing, .tree = &tree};
  BOOL looked;

  if (!tree_build(&tree, listing)) {
    complain("memory is exhausted");
    return EXIT_FAILED;
  }
  looked = look_for_all(&findings);
  tree_free(&tree);
  if (!looked) {
    complain("memory is exhausted");
    return EXIT_FAILED;
  }
  if (findings.count > 0)
    return EXIT_NO;
  print("The %d-bit catalog is sound: %zu entries.\n", width_bits(listing->width), listing->count);
  return EXIT_DONE;
}

static enum exit_code check_catalog(DWORD width, void *unused)
{
  struct listing listing;
  enum exit_code code = listing_read(&listing, width);

  (void)unused;
  if (code == EXIT_DONE) {
    code = check_listing(&listing);
    listing_free(&listing);
  }
  return code;
}

enum exit_code command_check(const struct request *request, int count, const char **arguments)
{
  (void)count;
  (void)arguments;
  return for_each_width(request, WS2SPI_WIDTH_BOTH, check_catalog, NULL);
}
