/* The system on which the tests run. A test with different results on Wine and Windows gives the reason
 * for the difference. */
#ifndef WS2SPI_TESTS_ON_WINE_H
#define WS2SPI_TESTS_ON_WINE_H

#include <windows.h>

/* FALSE on a real Windows. */
BOOL on_wine(void);

#endif
