/* Some entries in front, the others in the order they have. */
#ifndef WS2SPI_TOOL_MOVE_TO_FRONT_H
#define WS2SPI_TOOL_MOVE_TO_FRONT_H

#include "tool/id_list.h"
#include "tool/listing.h"

/* 0 or an error: WSAEINVAL if an id is not in the catalog or twice in `ids`. */
int put_first(DWORD width, const struct id_list *ids);

#endif
