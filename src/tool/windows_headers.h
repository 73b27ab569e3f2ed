/* The only file of the tool that includes the system's headers. */
#ifndef WS2SPI_TOOL_WINDOWS_HEADERS_H
#define WS2SPI_TOOL_WINDOWS_HEADERS_H

#include <ws2spi_shim.h>

#include <windows.h>

#endif
