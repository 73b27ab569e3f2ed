/* One error for each function, and one for each kind of call that makes an exception. They are those of
 * the functions' pages and, where a page has none, of ws2spi_shim.h. */
#include "injection/documented.h"

#include <string.h>

#define ANY_OTHER NULL

/* With WSAENOBUFS the stand-ins of the system's Winsock fail, and WSAENETDOWN those of a lower provider
 * and upcalls: they are passed on. */
static const struct row {
  const char *function;
  const char *call;
  int error;
} rows[] = {
    /* Hooks */
    {"WSAStartup", ANY_OTHER, WSASYSNOTREADY},
    {"WSACleanup", ANY_OTHER, WSAENOBUFS},
    {"Ws2SpiCancelBlockingCall", ANY_OTHER, WSAEINVAL},
    {"WSASetBlockingHook", ANY_OTHER, WSASYSCALLFAILURE},
    {"blocking callback", "lower WSPCancelBlockingCall", WSAENETDOWN},

    /* Upcalls: their pages have no code for want of memory but these. */
    {"WPUQueryBlockingCallback", ANY_OTHER, WSAEINVAL},
    {"WPUModifyIFSHandle", "HeapAlloc", WSAENOBUFS}, /* of its record */
    {"WPUModifyIFSHandle", ANY_OTHER, WSAEINVAL},    /* of the catalog */
    {"WPUModifyIFSHandle", "HeapAlloc", WSAEINVAL},
    {"WPUCreateSocketHandle", ANY_OTHER, WSAENOBUFS},
    {"WPUCompleteOverlappedRequest", ANY_OTHER, WSAENOBUFS},
    {"WPUCreateEvent", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"WPUSetEvent", ANY_OTHER, WSA_INVALID_HANDLE},
    {"WPUResetEvent", ANY_OTHER, WSA_INVALID_HANDLE},
    {"WPUOpenCurrentThread", ANY_OTHER, WSASYSCALLFAILURE},
    {"WPUQueueApc", ANY_OTHER, WSAEFAULT},
    {"WPUPostMessage", ANY_OTHER, WSABASEERR}, /* it names none */

    /* The catalog. Its own path is what the base entries have for theirs. */
    {"WSCEnumProtocols", "GetModuleFileNameW", WSANO_RECOVERY},
    {"WSCEnumProtocols", ANY_OTHER, WSAENOBUFS},
    {"WSCEnumProtocols32", ANY_OTHER, WSAENOBUFS},
    {"WSCInstallProvider", "GetModuleFileNameW", WSANO_RECOVERY},
    {"WSCInstallProvider", NO_RIGHT, WSANO_RECOVERY},
    {"WSCInstallProvider", BROKEN_REGISTRY, WSASYSCALLFAILURE},
    {"WSCInstallProvider", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"WSCInstallProvider64_32", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"WSCInstallProviderAndChains", "UuidCreate", WSANO_RECOVERY},
    {"WSCInstallProviderAndChains", ANY_OTHER, WSAENOBUFS},
    {"WSCInstallProviderAndChains64_32", "UuidCreate", WSANO_RECOVERY},
    {"WSCInstallProviderAndChains64_32", ANY_OTHER, WSAENOBUFS},
    {"WSCDeinstallProvider", NO_RIGHT, WSANO_RECOVERY},
    {"WSCDeinstallProvider", BROKEN_REGISTRY, WSANO_RECOVERY},
    {"WSCDeinstallProvider", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"WSCUpdateProvider", NO_RIGHT, WSANO_RECOVERY},
    {"WSCUpdateProvider", BROKEN_REGISTRY, WSANO_RECOVERY},
    {"WSCUpdateProvider", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"WSCUpdateProvider32", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"WSCWriteProviderOrder", NO_RIGHT, WSANO_RECOVERY},
    {"WSCWriteProviderOrder", BROKEN_REGISTRY, WSANO_RECOVERY},
    {"WSCWriteProviderOrder", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"WSCWriteProviderOrder32", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"WSCGetProviderInfo", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"WSCSetProviderInfo", NO_RIGHT, WSANO_RECOVERY},
    {"WSCSetProviderInfo", BROKEN_REGISTRY, WSANO_RECOVERY},
    {"WSCSetProviderInfo", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"WSCEnumProtocols", "GetProcAddress", WSANO_RECOVERY}, /* of the system's functions */
    {"WSCEnumProtocols", "WSCEnumProtocols", WSANO_RECOVERY},
    {"Ws2SpiEnumCatalog", "GetProcAddress", WSANO_RECOVERY},
    {"Ws2SpiEnumCatalog", "WSCEnumProtocols", WSANO_RECOVERY},
    {"WSCGetProviderInfo32", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"WSCSetProviderInfo32", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"WSCGetApplicationCategory", ANY_OTHER, WSANO_RECOVERY},
    {"WSCSetApplicationCategory", ANY_OTHER, WSANO_RECOVERY},
    {"WSAProviderConfigChange", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"Ws2SpiEnumCatalog", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"Ws2SpiOpenCatalog", "GetModuleFileNameW", WSANO_RECOVERY}, /* of the base entries */
    {"Ws2SpiOpenCatalog", "WSCEnumProtocols", WSANO_RECOVERY},
    {"Ws2SpiOpenCatalog", "GetSystemDirectoryW", WSANO_RECOVERY}, /* the system's */
    {"Ws2SpiOpenCatalog", "LoadLibraryExW", WSANO_RECOVERY},
    {"Ws2SpiOpenCatalog", "GetProcAddress", WSANO_RECOVERY},
    {"Ws2SpiOpenCatalog", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"Ws2SpiCheckCatalog", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"Ws2SpiResetCatalog", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"Ws2SpiRepairCatalog", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"Ws2SpiInstallProvider", "GetModuleFileNameW", WSANO_RECOVERY},
    {"Ws2SpiInstallProvider", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"Ws2SpiDeinstallProvider", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"Ws2SpiWriteProviderOrder", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"Ws2SpiSelectProtocol", ANY_OTHER, WSAENOBUFS},

    /* Providers: what keeps one from being loaded, and what it says itself. */
    {"Ws2SpiSetUpcallTable", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"Ws2SpiRegisterProvider", "GetModuleFileNameW", WSANO_RECOVERY},
    {"Ws2SpiRegisterProvider", "UuidCreate", WSANO_RECOVERY},
    {"Ws2SpiRegisterProvider", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"Ws2SpiStartProvider", "GetSystemDirectoryW", WSAEPROVIDERFAILEDINIT},
    {"Ws2SpiStartProvider", "LoadLibraryExW", WSAEPROVIDERFAILEDINIT},
    {"Ws2SpiStartProvider", "GetProcAddress", WSAEPROVIDERFAILEDINIT},
    {"Ws2SpiStartProvider", "WSAStartup", WSAEPROVIDERFAILEDINIT},
    {"Ws2SpiStartProvider", "lower WSPStartup", WSAEPROVIDERFAILEDINIT},
    {"Ws2SpiStartProvider", "lower version", WSAEINVALIDPROVIDER},
    {"Ws2SpiStartProvider", "missing entry", WSAEINVALIDPROCTABLE},
    {"Ws2SpiStartProvider", "GetModuleFileNameW", WSAEINVAL},             /* of the catalog */
    {"Ws2SpiStartProvider", "GetModuleFileNameW", WSA_NOT_ENOUGH_MEMORY}, /* of the program */
    {"Ws2SpiStartProvider", ANY_OTHER, WSA_NOT_ENOUGH_MEMORY},
    {"Ws2SpiStopProvider", "lower WSPCleanup", WSAENETDOWN},

    /* The base provider */
    {"WSPStartup", ANY_OTHER, WSASYSNOTREADY},
    {"WSPAddressToString", ANY_OTHER, WSAEINVAL},
    {"WSPStringToAddress", ANY_OTHER, WSAEINVAL},
    {"WSPSocket", "upcall WPUModifyIFSHandle", WSAENETDOWN},
    {"WSPConnect", "upcall WPUQueryBlockingCallback", WSAENETDOWN},
    {"WSPRecv", "upcall WPUQueryBlockingCallback", WSAENETDOWN},
    {"WSPAccept", "NtCreateFile", WSAENETDOWN},
    {"WSPRecv", "NtCreateFile", WSAENETDOWN},
    {"WSPRecvFrom", "NtCreateFile", WSAENETDOWN},
    {"WSPSelect", "NtCreateFile", WSAENETDOWN},
    {"WSPAccept", ANY_OTHER, WSAENOBUFS},
    {"WSPBind", ANY_OTHER, WSAENOBUFS},
    {"WSPCloseSocket", ANY_OTHER, WSAENOBUFS},
    {"WSPConnect", ANY_OTHER, WSAENOBUFS},
    {"WSPDuplicateSocket", ANY_OTHER, WSAENOBUFS},
    {"WSPEnumNetworkEvents", ANY_OTHER, WSAENOBUFS},
    {"WSPEventSelect", ANY_OTHER, WSAENOBUFS},
    {"WSPGetOverlappedResult", ANY_OTHER, WSAENOBUFS},
    {"WSPGetPeerName", ANY_OTHER, WSAENOBUFS},
    {"WSPGetSockName", ANY_OTHER, WSAENOBUFS},
    {"WSPGetSockOpt", ANY_OTHER, WSAENOBUFS},
    {"WSPIoctl", ANY_OTHER, WSAENOBUFS},
    {"WSPListen", ANY_OTHER, WSAENOBUFS},
    {"WSPRecv", ANY_OTHER, WSAENOBUFS},
    {"WSPRecvFrom", ANY_OTHER, WSAENOBUFS},
    {"WSPSelect", ANY_OTHER, WSAENOBUFS},
    {"WSPSend", ANY_OTHER, WSAENOBUFS},
    {"WSPSendTo", ANY_OTHER, WSAENOBUFS},
    {"WSPSetSockOpt", ANY_OTHER, WSAENOBUFS},
    {"WSPShutdown", ANY_OTHER, WSAENOBUFS},
    {"WSPSocket", ANY_OTHER, WSAENOBUFS},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static BOOL is_of(const struct row *row, const char *function, const char *call)
{
  return strcmp(row->function, function) == 0 &&
         (call == ANY_OTHER ? row->call == ANY_OTHER
                            : row->call != ANY_OTHER && strcmp(row->call, call) == 0);
}

/* A call that makes an exception has no other errors. */
BOOL is_documented(const char *function, const char *call, int error)
{
  BOOL makes_exception = FALSE;

  for (int i = 0; i < ROWS; i++) {
    if (!is_of(&rows[i], function, call))
      continue;
    if (rows[i].error == error)
      return TRUE;
    makes_exception = TRUE;
  }
  for (int i = 0; i < ROWS && !makes_exception; i++)
    if (is_of(&rows[i], function, ANY_OTHER) && rows[i].error == error)
      return TRUE;
  return FALSE;
}
