/* The only file that includes the system's headers, in the order that they need. The build sets the
 * target version: CancelIoEx, SRW locks and InitOnce need Windows Vista, GetThreadId and the K32
 * names Windows 7.
 *
 * winnt.h defines some of the status codes of ntstatus.h with another type, so that the two
 * cannot simply be included together: WIN32_NO_STATUS leaves all of them to ntstatus.h. */
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
