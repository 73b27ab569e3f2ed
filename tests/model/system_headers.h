/* The system's headers, in the order of platform/windows_headers.h. */
#ifndef WS2SPI_TESTS_MODEL_SYSTEM_HEADERS_H
#define WS2SPI_TESTS_MODEL_SYSTEM_HEADERS_H

#define INCL_WINSOCK_API_TYPEDEFS 1
#include <winsock2.h>
#include <ws2spi.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <windows.h>

#endif
