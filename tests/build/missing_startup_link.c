/* A provider's DLL, with and without the one function that it must define. */
#include <ws2spi_shim.h>

int uses_an_upcall(DWORD id, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context, LPINT error);

int uses_an_upcall(DWORD id, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context, LPINT error)
{
  return WPUQueryBlockingCallback(id, callback, context, error);
}

#ifdef DEFINES_STARTUP
int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                      WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  (void)version, (void)data, (void)info, (void)upcalls, (void)table;
  return WSASYSNOTREADY;
}
#endif
