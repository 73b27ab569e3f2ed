#include "tool/commands.h"

#include "tool/listing.h"

enum exit_code for_each_width(const struct request *request, DWORD otherwise,
                              enum exit_code (*each)(DWORD width, void *context), void *context)
{
  static const DWORD order[] = {WS2SPI_WIDTH_64, WS2SPI_WIDTH_32};
  const DWORD wanted = request->widths != 0 ? request->widths : otherwise & system_widths();
  enum exit_code answer = EXIT_DONE;

  for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
    if ((wanted & order[i]) != 0) {
      const enum exit_code code = each(order[i], context);

      if (code != EXIT_DONE)
        answer = code;
      if (code != EXIT_DONE && code != EXIT_NO)
        break;
    }
  }
  return answer;
}
