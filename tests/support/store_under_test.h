/* Over which store a test is run: the same program is run over more than one. */
#ifndef WS2SPI_TESTS_STORE_OF_RUN_H
#define WS2SPI_TESTS_STORE_OF_RUN_H

#include <winsock2.h>
#include <windows.h>

/* Whether WS2SPI_CATALOG says registry. */
BOOL is_over_the_registry(void);

#endif
