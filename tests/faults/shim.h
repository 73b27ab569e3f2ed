/* The DLL of this folder, loaded by hand: a sweep needs a fresh one each time. */
#ifndef WS2SPI_TESTS_FAULTS_SHIM_H
#define WS2SPI_TESTS_FAULTS_SHIM_H

#include "faults/heap_watch.h"

#include <ws2spi_shim.h>

typedef FARPROC(WSAAPI *set_hook_function)(FARPROC);
typedef int(WSAAPI *hook_function)(void);
typedef int(WSPAPI *get_table_function)(LPWSPUPCALLTABLE, LPINT);
typedef int(WSPAPI *set_table_function)(const WSPUPCALLTABLE *, LPINT);
typedef int(WSPAPI *register_function)(const WSAPROTOCOL_INFOW *, LPWSPSTARTUP, LPDWORD, LPINT);
typedef int(WSPAPI *start_function)(DWORD, LPWSPPROC_TABLE, LPINT);
typedef int(WSPAPI *id_function)(DWORD, LPINT);

/* type, name of the export */
#define SHIM_FUNCTIONS(X)                                                                          \
  X(watch_heap_function, Ws2SpiTestWatchHeap)                                                      \
  X(set_hook_function, WSASetBlockingHook)                                                         \
  X(hook_function, WSAUnhookBlockingHook)                                                          \
  X(hook_function, WSACancelBlockingCall)                                                          \
  X(LPWPUQUERYBLOCKINGCALLBACK, WPUQueryBlockingCallback)                                          \
  X(LPWPUMODIFYIFSHANDLE, WPUModifyIFSHandle)                                                      \
  X(LPWSCENUMPROTOCOLS, WSCEnumProtocols)                                                          \
  X(LPWSCINSTALLPROVIDER, WSCInstallProvider)                                                      \
  X(LPWSCDEINSTALLPROVIDER, WSCDeinstallProvider)                                                  \
  X(get_table_function, Ws2SpiGetUpcallTable)                                                      \
  X(set_table_function, Ws2SpiSetUpcallTable)                                                      \
  X(register_function, Ws2SpiRegisterProvider)                                                     \
  X(id_function, Ws2SpiUnregisterProvider)                                                         \
  X(start_function, Ws2SpiStartProvider)                                                           \
  X(id_function, Ws2SpiStopProvider)

struct shim {
  HMODULE module;
#define SHIM_MEMBER(type, name) type name;
  SHIM_FUNCTIONS(SHIM_MEMBER)
#undef SHIM_MEMBER
};

/* Loads and frees; a test fails if that does not succeed. */
void shim_load(struct shim *shim, struct heap_watch *watch);
void shim_free(struct shim *shim);

#endif
