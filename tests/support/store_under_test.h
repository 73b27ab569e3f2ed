/* The store that a test runs over: the same program runs once for each. */
#ifndef WS2SPI_TESTS_STORE_UNDER_TEST_H
#define WS2SPI_TESTS_STORE_UNDER_TEST_H

#include <winsock2.h>
#include <windows.h>

/* Whether WS2SPI_CATALOG is registry. */
BOOL is_over_the_registry(void);

#endif
