#include "tool/commands.h"

#include "tool/listing.h"

enum exit_code for_each_width(const struct command_line *line, DWORD default_widths,
                              enum exit_code (*each)(DWORD width, void *context), void *context)
{
  static const DWORD order[] = {WS2SPI_WIDTH_64, WS2SPI_WIDTH_32};
  const DWORD wanted = line->widths != 0 ? line->widths : default_widths & system_widths();
  enum exit_code result = EXIT_DONE;

  for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
    if ((wanted & order[i]) != 0) {
      const enum exit_code code = each(order[i], context);

      if (code == EXIT_USAGE || code == EXIT_REFUSED || code == EXIT_FAILED)
        return code;
      if (code == EXIT_NEGATIVE || result == EXIT_DONE)
        result = code;
    }
  }
  return result;
}
