/* cmocka needs these four before its own header, and Winsock before windows.h. */
#ifndef WS2SPI_TESTS_CMOCKA_HEADERS_H
#define WS2SPI_TESTS_CMOCKA_HEADERS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ws2spi_shim.h>
#include <ws2tcpip.h>

#include <cmocka.h>

#endif
