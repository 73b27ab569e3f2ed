/* ws2spi.dll, loaded by hand with its imports replaced before its DllMain runs. A sweep loads a
 * fresh one each time. It is the DLL that ships; it has no code for these tests. */
#ifndef WS2SPI_TESTS_INJECTION_SHIM_H
#define WS2SPI_TESTS_INJECTION_SHIM_H

#include <ws2spi_shim.h>

typedef FARPROC(WSAAPI *set_hook_function)(FARPROC);
typedef int(WSAAPI *hook_function)(void);
typedef int(WSAAPI *startup_function)(WORD, LPWSADATA);
typedef int(WSPAPI *get_info_function)(LPGUID, WSC_PROVIDER_INFO_TYPE, PBYTE, size_t *, DWORD,
                                       LPINT);
typedef int(WSPAPI *set_info_function)(LPGUID, WSC_PROVIDER_INFO_TYPE, PBYTE, size_t, DWORD, LPINT);
typedef int(WSPAPI *get_application_function)(LPCWSTR, DWORD, LPCWSTR, DWORD, DWORD *, LPINT);
typedef int(WSPAPI *set_application_function)(LPCWSTR, DWORD, LPCWSTR, DWORD, DWORD, DWORD *,
                                              LPINT);
typedef int(WSAAPI *config_change_function)(LPHANDLE, LPWSAOVERLAPPED,
                                            LPWSAOVERLAPPED_COMPLETION_ROUTINE);
typedef int(WSPAPI *complete_function)(SOCKET, LPWSAOVERLAPPED, DWORD, DWORD, LPINT);

#ifdef _WIN64
typedef int(WSPAPI *install_chains_function)(LPGUID, LPWSTR, LPWSTR, LPWSTR, DWORD,
                                             LPWSAPROTOCOL_INFOW, DWORD, LPDWORD, LPINT);
#define FUNCTIONS_OF_WORD_SIZE(X)                                                                  \
  X(install_chains_function, WSCInstallProviderAndChains64_32)                                     \
  X(LPWSCINSTALLPROVIDER, WSCInstallProvider64_32)                                                 \
  X(LPWSCUPDATEPROVIDER, WSCUpdateProvider32)                                                      \
  X(LPWSCWRITEPROVIDERORDER, WSCWriteProviderOrder32)                                              \
  X(set_info_function, WSCSetProviderInfo32)                                                       \
  X(LPWSCENUMPROTOCOLS, WSCEnumProtocols32)                                                        \
  X(LPWSCGETPROVIDERPATH, WSCGetProviderPath32)                                                    \
  X(get_info_function, WSCGetProviderInfo32)                                                       \
  X(LPWSCDEINSTALLPROVIDER, WSCDeinstallProvider32)
#else
typedef int(WSPAPI *install_chains_function)(LPGUID, LPWSTR, LPWSTR, DWORD, LPWSAPROTOCOL_INFOW,
                                             DWORD, LPDWORD, LPINT);
#define FUNCTIONS_OF_WORD_SIZE(X) X(install_chains_function, WSCInstallProviderAndChains)
#endif

/* type, name of the export */
#define SHIM_FUNCTIONS(X)                                                                          \
  X(startup_function, WSAStartup)                                                                  \
  X(hook_function, WSACleanup)                                                                     \
  X(config_change_function, WSAProviderConfigChange)                                               \
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
  X(LPWPUPOSTMESSAGE, WPUPostMessage)                                                              \
  X(LPWPUGETPROVIDERPATH, WPUGetProviderPath)                                                      \
  X(LPWPUCREATESOCKETHANDLE, WPUCreateSocketHandle)                                                \
  X(LPWPUQUERYSOCKETHANDLECONTEXT, WPUQuerySocketHandleContext)                                    \
  X(LPWPUCLOSESOCKETHANDLE, WPUCloseSocketHandle)                                                  \
  X(complete_function, WPUCompleteOverlappedRequest)                                               \
  X(LPWSCENUMPROTOCOLS, WSCEnumProtocols)                                                          \
  X(LPWSCGETPROVIDERPATH, WSCGetProviderPath)                                                      \
  X(LPWSCINSTALLPROVIDER, WSCInstallProvider)                                                      \
  X(LPWSCDEINSTALLPROVIDER, WSCDeinstallProvider)                                                  \
  X(LPWSCUPDATEPROVIDER, WSCUpdateProvider)                                                        \
  X(LPWSCWRITEPROVIDERORDER, WSCWriteProviderOrder)                                                \
  X(get_info_function, WSCGetProviderInfo)                                                         \
  X(set_info_function, WSCSetProviderInfo)                                                         \
  X(get_application_function, WSCGetApplicationCategory)                                           \
  X(set_application_function, WSCSetApplicationCategory)                                           \
  FUNCTIONS_OF_WORD_SIZE(X)                                                                        \
  X(LPFN_WS2SPIGETUPCALLTABLE, Ws2SpiGetUpcallTable)                                               \
  X(LPFN_WS2SPISETUPCALLTABLE, Ws2SpiSetUpcallTable)                                               \
  X(LPFN_WS2SPIREGISTERPROVIDER, Ws2SpiRegisterProvider)                                           \
  X(LPFN_WS2SPIUNREGISTERPROVIDER, Ws2SpiUnregisterProvider)                                       \
  X(LPFN_WS2SPISTARTPROVIDER, Ws2SpiStartProvider)                                                 \
  X(LPFN_WS2SPISTOPPROVIDER, Ws2SpiStopProvider)                                                   \
  X(LPFN_WS2SPICANCELBLOCKINGCALL, Ws2SpiCancelBlockingCall)                                       \
  X(LPFN_WS2SPIOPENCATALOG, Ws2SpiOpenCatalog)                                                     \
  X(LPFN_WS2SPIENUMCATALOG, Ws2SpiEnumCatalog)                                                     \
  X(LPFN_WS2SPISELECTPROTOCOL, Ws2SpiSelectProtocol)                                               \
  X(LPFN_WS2SPIINSTALLPROVIDER, Ws2SpiInstallProvider)                                             \
  X(LPFN_WS2SPIDEINSTALLPROVIDER, Ws2SpiDeinstallProvider)                                         \
  X(LPFN_WS2SPIWRITEPROVIDERORDER, Ws2SpiWriteProviderOrder)                                       \
  X(LPFN_WS2SPIREPAIRCATALOG, Ws2SpiRepairCatalog)                                                 \
  X(LPFN_WS2SPICHECKCATALOG, Ws2SpiCheckCatalog)                                                   \
  X(LPFN_WS2SPIRESETCATALOG, Ws2SpiResetCatalog)                                                   \
  X(LPWSPSTARTUP, WSPStartup)

struct shim {
  HMODULE module;
#define SHIM_MEMBER(type, name) type name;
  SHIM_FUNCTIONS(SHIM_MEMBER)
#undef SHIM_MEMBER
};

/* Loads the DLL; FALSE if that fails. */
BOOL shim_try_load(struct shim *shim);

/* Loads and frees the DLL; asserts that this succeeds. */
void shim_load(struct shim *shim);
void shim_free(struct shim *shim);

/* Starts the system's Winsock for the test's own sockets, before the first load. It is not called
 * by name, because that would load ws2spi.dll with the program. */
int start_system_winsock(void);

#endif
