/* Whether this is Wine, whose Winsock has no catalog of its own. */
#ifndef WS2SPI_PLATFORM_WINE_H
#define WS2SPI_PLATFORM_WINE_H

#include <stdbool.h>

bool running_under_wine(void);

#endif
