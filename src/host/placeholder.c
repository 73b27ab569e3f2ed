/* Scaffolding: lets the DLL link until this room is built. */
#include "host/host.h"
#include "base/base.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"
int host_cancel_blocking_call(DWORD id) { (void)id; return 0; }
bool host_has_providers(void) { return false; }
void host_clear(void) {}
int WSPAPI Ws2SpiStartProvider(DWORD d, LPWSPPROC_TABLE t, LPINT e) { (void)d; (void)t; return spi_fail(e, WSAEINVAL); }
int WSPAPI Ws2SpiStopProvider(DWORD d, LPINT e) { (void)d; return spi_fail(e, WSAEINVAL); }
int WSPAPI WSPStartup(WORD v, LPWSPDATA d, LPWSAPROTOCOL_INFOW i, WSPUPCALLTABLE u, LPWSPPROC_TABLE t) { return base_startup(v, d, i, &u, t); }
