/* Whether this is Wine. On a real Windows the catalog belongs to the system. */
#ifndef WS2SPI_PLATFORM_WINE_H
#define WS2SPI_PLATFORM_WINE_H

#include <stdbool.h>

bool system_is_wine(void);

#endif
