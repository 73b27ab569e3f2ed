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
typedef int(WSPAPI *check_function)(DWORD, LPWS2SPI_PROBLEM_ROUTINE, LPVOID, LPINT);
typedef int(WSPAPI *enum_catalog_function)(DWORD, LPWS2SPI_CATALOG_ENTRY, LPDWORD, LPINT);
typedef int(WSPAPI *select_function)(DWORD, int, int, int, LPWSAPROTOCOL_INFOW, LPINT);
typedef int(WSPAPI *get_info_function)(LPGUID, WSC_PROVIDER_INFO_TYPE, PBYTE, size_t *, DWORD,
                                       LPINT);
typedef int(WSPAPI *set_info_function)(LPGUID, WSC_PROVIDER_INFO_TYPE, PBYTE, size_t, DWORD, LPINT);
typedef int(WSPAPI *get_application_function)(LPCWSTR, DWORD, LPCWSTR, DWORD, DWORD *, LPINT);
typedef int(WSPAPI *set_application_function)(LPCWSTR, DWORD, LPCWSTR, DWORD, DWORD, DWORD *,
                                              LPINT);
typedef int(WSPAPI *install_function)(DWORD, LPGUID, const WCHAR *, const WSAPROTOCOL_INFOW *,
                                      DWORD, LPDWORD, LPINT);
typedef int(WSPAPI *deinstall_function)(DWORD, LPGUID, LPINT);
typedef int(WSPAPI *order_function)(DWORD, LPDWORD, DWORD, LPINT);
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
  X(get_table_function, Ws2SpiGetUpcallTable)                                                      \
  X(set_table_function, Ws2SpiSetUpcallTable)                                                      \
  X(register_function, Ws2SpiRegisterProvider)                                                     \
  X(id_function, Ws2SpiUnregisterProvider)                                                         \
  X(start_function, Ws2SpiStartProvider)                                                           \
  X(id_function, Ws2SpiStopProvider)                                                               \
  X(id_function, Ws2SpiCancelBlockingCall)                                                         \
  X(id_function, Ws2SpiOpenCatalog)                                                                \
  X(enum_catalog_function, Ws2SpiEnumCatalog)                                                      \
  X(select_function, Ws2SpiSelectProtocol)                                                         \
  X(install_function, Ws2SpiInstallProvider)                                                       \
  X(deinstall_function, Ws2SpiDeinstallProvider)                                                   \
  X(order_function, Ws2SpiWriteProviderOrder)                                                      \
  X(id_function, Ws2SpiRepairCatalog)                                                              \
  X(check_function, Ws2SpiCheckCatalog)                                                            \
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
