/* The DLL, loaded by hand, with its imports replaced before its DllMain runs: a sweep
 * needs a fresh one each time. It is the DLL that ships; nothing in it knows of this. */
#ifndef WS2SPI_TESTS_FAULTS_SHIM_H
#define WS2SPI_TESTS_FAULTS_SHIM_H

#include <ws2spi_shim.h>

typedef FARPROC(WSAAPI *set_hook_function)(FARPROC);
typedef int(WSAAPI *hook_function)(void);
typedef int(WSAAPI *startup_function)(WORD, LPWSADATA);
typedef int(WSPAPI *get_table_function)(LPWSPUPCALLTABLE, LPINT);
typedef int(WSPAPI *set_table_function)(const WSPUPCALLTABLE *, LPINT);
typedef int(WSPAPI *register_function)(const WSAPROTOCOL_INFOW *, LPWSPSTARTUP, LPDWORD, LPINT);
typedef int(WSPAPI *start_function)(DWORD, LPWSPPROC_TABLE, LPINT);
typedef int(WSPAPI *id_function)(DWORD, LPINT);
typedef int(WSPAPI *complete_function)(SOCKET, LPWSAOVERLAPPED, DWORD, DWORD, LPINT);

/* type, name of the export */
#define SHIM_FUNCTIONS(X)                                                                          \
  X(startup_function, WSAStartup)                                                                  \
  X(hook_function, WSACleanup)                                                                     \
  X(set_hook_function, WSASetBlockingHook)                                                         \
  X(hook_function, WSAUnhookBlockingHook)                                                          \
  X(hook_function, WSACancelBlockingCall)                                                          \
  X(hook_function, WSAIsBlocking)                                                                  \
  X(LPWPUQUERYBLOCKINGCALLBACK, WPUQueryBlockingCallback)                                          \
  X(LPWPUMODIFYIFSHANDLE, WPUModifyIFSHandle)                                                      \
  X(LPWPUCREATEEVENT, WPUCreateEvent)                                                              \
  X(LPWPUSETEVENT, WPUSetEvent)                                                                    \
  X(LPWPURESETEVENT, WPUResetEvent)                                                                \
  X(LPWPUCLOSEEVENT, WPUCloseEvent)                                                                \
  X(LPWPUOPENCURRENTTHREAD, WPUOpenCurrentThread)                                                  \
  X(LPWPUQUEUEAPC, WPUQueueApc)                                                                    \
  X(LPWPUCLOSETHREAD, WPUCloseThread)                                                              \
  X(LPWPUCREATESOCKETHANDLE, WPUCreateSocketHandle)                                                \
  X(LPWPUQUERYSOCKETHANDLECONTEXT, WPUQuerySocketHandleContext)                                    \
  X(LPWPUCLOSESOCKETHANDLE, WPUCloseSocketHandle)                                                  \
  X(complete_function, WPUCompleteOverlappedRequest)                                               \
  X(LPWSCENUMPROTOCOLS, WSCEnumProtocols)                                                          \
  X(LPWSCGETPROVIDERPATH, WSCGetProviderPath)                                                      \
  X(LPWSCINSTALLPROVIDER, WSCInstallProvider)                                                      \
  X(LPWSCDEINSTALLPROVIDER, WSCDeinstallProvider)                                                  \
  X(get_table_function, Ws2SpiGetUpcallTable)                                                      \
  X(set_table_function, Ws2SpiSetUpcallTable)                                                      \
  X(register_function, Ws2SpiRegisterProvider)                                                     \
  X(id_function, Ws2SpiUnregisterProvider)                                                         \
  X(start_function, Ws2SpiStartProvider)                                                           \
  X(id_function, Ws2SpiStopProvider)                                                               \
  X(id_function, Ws2SpiCancelBlockingCall)                                                         \
  X(id_function, Ws2SpiOpenCatalog)                                                                \
  X(id_function, Ws2SpiResetCatalog)                                                               \
  X(LPWSPSTARTUP, WSPStartup)

struct shim {
  HMODULE module;
#define SHIM_MEMBER(type, name) type name;
  SHIM_FUNCTIONS(SHIM_MEMBER)
#undef SHIM_MEMBER
};

/* Whether it could be loaded. */
BOOL shim_try_load(struct shim *shim);

/* Loads and frees; a test fails if that does not succeed. */
void shim_load(struct shim *shim);
void shim_free(struct shim *shim);

/* Before the first load: the system's Winsock for the test's own sockets, not by name,
 * since that would load the DLL with the program. */
int start_system_winsock(void);

#endif
