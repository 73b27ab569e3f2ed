#ifndef WS2SPI_TOOL_MOVE_TO_FRONT_H
#define WS2SPI_TOOL_MOVE_TO_FRONT_H

#include "tool/id_list.h"
#include "tool/listing.h"

/* Moves these entries to the front of the catalog; the others keep their order behind them.
 * 0 or an error: WSAEINVAL if an id is not in the catalog or is given twice. */
int move_to_front(DWORD width, const struct id_list *ids);

#endif
