#include "host/host.h"

#include "blocking/blocking.h"
#include "platform/caller_memory.h"
#include "platform/log.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"

static int start_stop_start(DWORD id, WSPPROC_TABLE *caller_table)
{
  WSPPROC_TABLE table;
  int error;

  if (!caller_can_write(caller_table, sizeof *caller_table))
    return WSAEFAULT;
  error = host_start_provider(id, &table);
  if (error == 0 && !caller_write(caller_table, &table, sizeof table)) {
    host_stop_provider(id);
    error = WSAEFAULT;
  }
  return error;
}

/* A hook runs inside a call into a provider, whose DLL must not be unloaded during it; and
 * WSPStartup fails inside a hook (ws2spi/nf-ws2spi-wspstartup, WSAEINPROGRESS). */
static bool start_stop_in_hook(DWORD id)
{
  if (!blocking_in_callback())
    return false;
  log_event("entry %lu: not started or stopped: called from inside a blocking hook", id);
  return true;
}

int WSPAPI Ws2SpiStartProvider(DWORD dwCatalogEntryId, LPWSPPROC_TABLE lpProcTable, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (start_stop_in_hook(dwCatalogEntryId))
    return spi_fail(lpErrno, WSAEINPROGRESS);
  return spi_result(lpErrno, start_stop_start(dwCatalogEntryId, lpProcTable));
}

int WSPAPI Ws2SpiStopProvider(DWORD dwCatalogEntryId, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (start_stop_in_hook(dwCatalogEntryId))
    return spi_fail(lpErrno, WSAEINPROGRESS);
  return spi_result(lpErrno, host_stop_provider(dwCatalogEntryId));
}
