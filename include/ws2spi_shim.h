/* ws2spi_shim.h - what ws2spi.dll offers beyond the SDK's own ws2spi.h. */
#ifndef WS2SPI_SHIM_H
#define WS2SPI_SHIM_H

#include <winsock2.h>
#include <ws2spi.h>

#ifdef __cplusplus
extern "C" {
#endif

int WSPAPI Ws2SpiGetUpcallTable(LPWSPUPCALLTABLE lpUpcallTable, LPINT lpErrno);
int WSPAPI Ws2SpiSetUpcallTable(const WSPUPCALLTABLE *lpUpcallTable, LPINT lpErrno);
int WSPAPI Ws2SpiRegisterProvider(const WSAPROTOCOL_INFOW *lpProtocolInfo, LPWSPSTARTUP lpfnStartup,
                                  LPDWORD lpdwCatalogEntryId, LPINT lpErrno);
int WSPAPI Ws2SpiUnregisterProvider(DWORD dwCatalogEntryId, LPINT lpErrno);
int WSPAPI Ws2SpiStartProvider(DWORD dwCatalogEntryId, LPWSPPROC_TABLE lpProcTable, LPINT lpErrno);
int WSPAPI Ws2SpiStopProvider(DWORD dwCatalogEntryId, LPINT lpErrno);
int WSPAPI Ws2SpiCancelBlockingCall(DWORD dwThreadId, LPINT lpErrno);

#ifdef __cplusplus
}
#endif

#endif
