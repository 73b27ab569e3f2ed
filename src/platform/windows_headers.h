/* The one place that includes the system's headers, in the order they need.
 * winnt.h has some of the status codes of ntstatus.h; WIN32_NO_STATUS leaves all to the latter.
 * The target version is set by the build: CancelIoEx, SRW locks and InitOnce
 * need Windows Vista, GetThreadId and K32 names nothing newer than 7. */
#ifndef WS2SPI_PLATFORM_WINDOWS_HEADERS_H
#define WS2SPI_PLATFORM_WINDOWS_HEADERS_H

#define INCL_WINSOCK_API_TYPEDEFS 1
#define WIN32_NO_STATUS
#include <winsock2.h>
#include <ws2spi.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <windows.h>
#undef WIN32_NO_STATUS
#include <ntstatus.h>
#include <winternl.h> /* NTSTATUS */

#endif
