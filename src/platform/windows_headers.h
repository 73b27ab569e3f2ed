/* The one place that includes the system's headers, in the order they need.
 * The target version is set by the build: CancelIoEx, SRW locks and InitOnce
 * need Windows Vista, GetThreadId and K32 names nothing newer than 7. */
#ifndef WS2SPI_PLATFORM_WINDOWS_HEADERS_H
#define WS2SPI_PLATFORM_WINDOWS_HEADERS_H

#define INCL_WINSOCK_API_TYPEDEFS 1
#include <winsock2.h>
#include <ws2spi.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <windows.h>

#endif
