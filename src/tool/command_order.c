#include "tool/commands.h"

#include "tool/output.h"
#include "tool/move_to_front.h"

#include <stdlib.h>

/* Names the first id that comes again; leaves the list alone. */
static enum exit_code check_repetition(const struct id_list *ids)
{
  struct id_list sorted = {0};
  enum exit_code code = EXIT_DONE;

  for (size_t i = 0; i < ids->count; i++)
    if (!id_list_add(&sorted, ids->ids[i])) {
      complain("memory is exhausted");
      code = EXIT_FAILED;
    }
  if (code == EXIT_DONE)
    qsort(sorted.ids, sorted.count, sizeof sorted.ids[0], compare_dwords);
  for (size_t i = 1; code == EXIT_DONE && i < sorted.count; i++)
    if (sorted.ids[i] == sorted.ids[i - 1]) {
      complain("entry %lu is named twice", sorted.ids[i]);
      code = EXIT_USAGE;
    }
  id_list_free(&sorted);
  return code;
}

static enum exit_code check_presence(const struct id_list *ids, DWORD width)
{
  enum exit_code code;
  struct listing listing;

  code = listing_read(&listing, width);
  if (code != EXIT_DONE)
    return code;
  for (size_t i = 0; code == EXIT_DONE && i < ids->count; i++)
    if (listing_find(&listing, ids->ids[i]) == NULL) {
      complain("the %d-bit catalog has no entry %lu", width_bits(width), ids->ids[i]);
      code = EXIT_REFUSED;
    }
  listing_free(&listing);
  return code;
}

static enum exit_code order_catalog(DWORD width, void *context)
{
  const struct id_list *const ids = context;
  const enum exit_code code = check_presence(ids, width);
  int error;

  if (code != EXIT_DONE)
    return code;
  error = put_first(width, ids);
  if (error == 0)
    return EXIT_DONE;
  complain("the order of the %d-bit catalog cannot be changed: %s (%d)", width_bits(width),
           error_name(error), error);
  return EXIT_FAILED;
}

enum exit_code command_order(const struct request *request, int count, const char **arguments)
{
  struct id_list ids = {0};
  enum exit_code code = EXIT_DONE;

  for (int i = 0; code == EXIT_DONE && i < count; i++)
    if (!id_list_add_text(&ids, arguments[i])) {
      complain("\"%s\" is no catalog entry id", arguments[i]);
      code = EXIT_USAGE;
    }
  if (code == EXIT_DONE)
    code = check_repetition(&ids);
  if (code == EXIT_DONE)
    code = for_each_width(request, WS2SPI_WIDTH_NATIVE, order_catalog, &ids);
  id_list_free(&ids);
  return code;
}
