#include "tool/commands.h"

#include "platform/compare.h"
#include "tool/move_to_front.h"
#include "tool/output.h"

#include <stdlib.h>

/* Reports the first id that is given twice. */
static enum exit_code order_check_repetition(const struct id_list *ids)
{
  struct id_list sorted = {0};
  enum exit_code code = EXIT_DONE;

  for (size_t i = 0; code == EXIT_DONE && i < ids->count; i++)
    if (!id_list_add(&sorted, ids->ids[i]))
      code = out_of_memory();
  if (code == EXIT_DONE)
    qsort(sorted.ids, sorted.count, sizeof sorted.ids[0], compare_dwords);
  for (size_t i = 1; code == EXIT_DONE && i < sorted.count; i++)
    if (sorted.ids[i] == sorted.ids[i - 1]) {
      print_diagnostic("entry %lu is given twice", sorted.ids[i]);
      code = EXIT_USAGE;
    }
  id_list_free(&sorted);
  return code;
}

static enum exit_code order_check_presence(DWORD width, void *context)
{
  const struct id_list *const ids = context;
  struct listing listing;
  enum exit_code code = listing_read(&listing, width);

  if (code != EXIT_DONE)
    return code;
  for (size_t i = 0; code == EXIT_DONE && i < ids->count; i++)
    if (listing_find(&listing, ids->ids[i]) == NULL) {
      print_diagnostic("the %d-bit catalog has no entry %lu", width_bits(width), ids->ids[i]);
      code = EXIT_REFUSED;
    }
  listing_free(&listing);
  return code;
}

static enum exit_code order_catalog(DWORD width, void *context)
{
  const int error = move_to_front(width, context);

  if (error == 0)
    return EXIT_DONE;
  print_diagnostic("the order of the %d-bit catalog could not be changed: %s (%d)",
                   width_bits(width), error_name(error), error);
  return EXIT_FAILED;
}

/* Both catalogs are checked before either is changed. */
enum exit_code command_order(const struct command_line *line)
{
  struct id_list ids = {0};
  enum exit_code code = EXIT_DONE;

  for (int i = 0; code == EXIT_DONE && i < line->argument_count; i++) {
    code = id_list_add_text(&ids, line->arguments[i]);
    if (code == EXIT_USAGE)
      print_diagnostic("\"%s\" is not a catalog entry id", line->arguments[i]);
    else if (code == EXIT_FAILED)
      out_of_memory();
  }
  if (code == EXIT_DONE)
    code = order_check_repetition(&ids);
  if (code == EXIT_DONE)
    code = for_each_width(line, WS2SPI_WIDTH_NATIVE, order_check_presence, &ids);
  if (code == EXIT_DONE)
    code = for_each_width(line, WS2SPI_WIDTH_NATIVE, order_catalog, &ids);
  id_list_free(&ids);
  return code;
}
