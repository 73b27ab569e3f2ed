/* The public declarations, written out a second time. Compiled programs depend on each of them, so
 * a change of a header that this file does not repeat is an error of the compiler, for both word
 * sizes. Additions are new rows here; a row is never changed. frozen_declarations.cmake changes each
 * declaration of the headers and expects the error. */
#include <ws2spi_shim.h>
#include <ws2spi_lsp.h>

#include <stddef.h>

/* --- constants ----------------------------------------------------------------------------------- */

#define VALUE(name, value) _Static_assert((name) == (value), #name " has changed")

VALUE(WS2SPI_FIRST_REGISTERED_ID, 0x40000001);
VALUE(WS2SPI_LAST_REGISTERED_ID, 0x7FFFFFFF);
VALUE(WS2SPI_WIDTH_32, 1);
VALUE(WS2SPI_WIDTH_64, 2);
VALUE(WS2SPI_WIDTH_BOTH, 3);
VALUE(WS2SPI_WIDTH_NATIVE, sizeof(void *) == 8 ? 2 : 1);
VALUE(WS2SPI_CATALOG_DEFAULT, 0);
VALUE(WS2SPI_CATALOG_MEMORY, 1);
VALUE(WS2SPI_CATALOG_REGISTRY, 2);
VALUE(WS2SPI_CATALOG_SYSTEM, 3);
VALUE(WS2SPI_MAX_PATH, 260);

/* Their values follow the project's version: dll_version checks them. */
VALUE(WS2SPI_VERSION,
      WS2SPI_VERSION_MAJOR * 0x10000 + WS2SPI_VERSION_MINOR * 0x100 + WS2SPI_VERSION_PATCH);
_Static_assert(sizeof WS2SPI_VERSION_STRING > 1, "WS2SPI_VERSION_STRING is a string");

VALUE(SIO_BASE_HANDLE, 0x48000022);
VALUE(SIO_BSP_HANDLE, 0x4800001B);
VALUE(SIO_BSP_HANDLE_SELECT, 0x4800001C);
VALUE(SIO_BSP_HANDLE_POLL, 0x4800001D);
VALUE(SIO_EXT_SELECT, 0xC800001E);
VALUE(SIO_EXT_POLL, 0xC800001F);
VALUE(SIO_EXT_SENDMSG, 0xC8000020);
VALUE(SIO_QUERY_PNP_TARGET_HANDLE, 0x48000018);
VALUE(SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER, 0xC8000024);
VALUE(XP1_SAN_SUPPORT_SDP, 0x00080000);
VALUE(PFL_NETWORKDIRECT_PROVIDER, 0x00000010);
VALUE(LSP_SYSTEM, 0x80000000);
VALUE(LSP_INSPECTOR, 0x00000001);
VALUE(LSP_REDIRECTOR, 0x00000002);
VALUE(LSP_PROXY, 0x00000004);
VALUE(LSP_FIREWALL, 0x00000008);
VALUE(LSP_INBOUND_MODIFY, 0x00000010);
VALUE(LSP_OUTBOUND_MODIFY, 0x00000020);
VALUE(LSP_CRYPTO_COMPRESS, 0x00000040);
VALUE(LSP_LOCAL_CACHE, 0x00000080);
VALUE(POLLRDNORM, 0x0100);
VALUE(POLLRDBAND, 0x0200);
VALUE(POLLIN, 0x0300);
VALUE(POLLPRI, 0x0400);
VALUE(POLLWRNORM, 0x0010);
VALUE(POLLOUT, 0x0010);
VALUE(POLLWRBAND, 0x0020);
VALUE(POLLERR, 0x0001);
VALUE(POLLHUP, 0x0002);
VALUE(POLLNVAL, 0x0004);
VALUE(ProviderInfoLspCategories, 0);
VALUE(ProviderInfoAudit, 1);

/* --- structures: size and offset on i686, on x86-64 ------------------------------------------------ */

#define ON(i686, x86_64) (sizeof(void *) == 8 ? (x86_64) : (i686))
#define SIZE(type, i686, x86_64)                                                                   \
  _Static_assert(sizeof(type) == ON(i686, x86_64), "the size of " #type " has changed")
#define MEMBER(type, member, member_type, i686, x86_64)                                            \
  _Static_assert(offsetof(type, member) == ON(i686, x86_64) &&                                     \
                     _Generic(&((type *)0)->member, member_type * : 1, default : 0),               \
                 #type "." #member " has changed")

typedef WCHAR path_of_260[260];

SIZE(WS2SPI_CATALOG_ENTRY, 1152, 1152);
MEMBER(WS2SPI_CATALOG_ENTRY, dwSize, DWORD, 0, 0);
MEMBER(WS2SPI_CATALOG_ENTRY, ProtocolInfo, WSAPROTOCOL_INFOW, 4, 4);
MEMBER(WS2SPI_CATALOG_ENTRY, szPath, path_of_260, 632, 632);

SIZE(WS2SPI_CATALOG_PROBLEM, 16, 24);
MEMBER(WS2SPI_CATALOG_PROBLEM, dwSize, DWORD, 0, 0);
MEMBER(WS2SPI_CATALOG_PROBLEM, dwPosition, DWORD, 4, 4);
MEMBER(WS2SPI_CATALOG_PROBLEM, dwCatalogEntryId, DWORD, 8, 8);
MEMBER(WS2SPI_CATALOG_PROBLEM, lpszReason, LPCSTR, 12, 16);

SIZE(WSAPOLLFD, 8, 16);
MEMBER(WSAPOLLFD, fd, SOCKET, 0, 0);
MEMBER(WSAPOLLFD, events, SHORT, 4, 8);
MEMBER(WSAPOLLFD, revents, SHORT, 6, 10);

SIZE(WSAPOLLDATA, 12, 16);
MEMBER(WSAPOLLDATA, result, int, 0, 0);
MEMBER(WSAPOLLDATA, fds, ULONG, 4, 4);
MEMBER(WSAPOLLDATA, timeout, INT, 8, 8);
_Static_assert(offsetof(WSAPOLLDATA, fdArray) == ON(12, 16), "WSAPOLLDATA.fdArray has changed");

SIZE(WSASENDMSG, 20, 40);
MEMBER(WSASENDMSG, lpMsg, LPWSAMSG, 0, 0);
MEMBER(WSASENDMSG, dwFlags, DWORD, 4, 8);
MEMBER(WSASENDMSG, lpNumberOfBytesSent, LPDWORD, 8, 16);
MEMBER(WSASENDMSG, lpOverlapped, LPWSAOVERLAPPED, 12, 24);
MEMBER(WSASENDMSG, lpCompletionRoutine, LPWSAOVERLAPPED_COMPLETION_ROUTINE, 16, 32);

/* --- types: a second typedef must be of the same type ----------------------------------------------- */

typedef WS2SPI_CATALOG_ENTRY *LPWS2SPI_CATALOG_ENTRY;
typedef WS2SPI_CATALOG_PROBLEM *LPWS2SPI_CATALOG_PROBLEM;
typedef void(CALLBACK *LPWS2SPI_PROBLEM_ROUTINE)(const WS2SPI_CATALOG_PROBLEM *, LPVOID);

typedef int(WSPAPI *LPFN_WS2SPIGETUPCALLTABLE)(LPWSPUPCALLTABLE, LPINT);
typedef int(WSPAPI *LPFN_WS2SPISETUPCALLTABLE)(const WSPUPCALLTABLE *, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIREGISTERPROVIDER)(const WSAPROTOCOL_INFOW *, LPWSPSTARTUP, LPDWORD,
                                                 LPINT);
typedef int(WSPAPI *LPFN_WS2SPIUNREGISTERPROVIDER)(DWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPISTARTPROVIDER)(DWORD, LPWSPPROC_TABLE, LPINT);
typedef int(WSPAPI *LPFN_WS2SPISTOPPROVIDER)(DWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPICANCELBLOCKINGCALL)(DWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIOPENCATALOG)(DWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIENUMCATALOG)(DWORD, LPWS2SPI_CATALOG_ENTRY, LPDWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPICHECKCATALOG)(DWORD, LPWS2SPI_PROBLEM_ROUTINE, LPVOID, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIREPAIRCATALOG)(DWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIRESETCATALOG)(DWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIINSTALLPROVIDER)(DWORD, const GUID *, LPCWSTR,
                                                const WSAPROTOCOL_INFOW *, DWORD, LPDWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIDEINSTALLPROVIDER)(DWORD, const GUID *, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIWRITEPROVIDERORDER)(DWORD, const DWORD *, DWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPISELECTPROTOCOL)(DWORD, int, int, int, LPWSAPROTOCOL_INFOW, LPINT);

typedef INT(WSAAPI *LPFN_WSAPOLL)(LPWSAPOLLFD, ULONG, INT);
typedef INT(WSAAPI *LPFN_WSASENDMSG)(SOCKET, LPWSAMSG, DWORD, LPDWORD, LPWSAOVERLAPPED,
                                     LPWSAOVERLAPPED_COMPLETION_ROUTINE);

/* --- functions ------------------------------------------------------------------------------------- */

#define FUNCTION(type, function)                                                                   \
  _Static_assert(_Generic(&function, type : 1, default : 0), #function " has changed")

FUNCTION(LPFN_WS2SPIGETUPCALLTABLE, Ws2SpiGetUpcallTable);
FUNCTION(LPFN_WS2SPISETUPCALLTABLE, Ws2SpiSetUpcallTable);
FUNCTION(LPFN_WS2SPIREGISTERPROVIDER, Ws2SpiRegisterProvider);
FUNCTION(LPFN_WS2SPIUNREGISTERPROVIDER, Ws2SpiUnregisterProvider);
FUNCTION(LPFN_WS2SPISTARTPROVIDER, Ws2SpiStartProvider);
FUNCTION(LPFN_WS2SPISTOPPROVIDER, Ws2SpiStopProvider);
FUNCTION(LPFN_WS2SPICANCELBLOCKINGCALL, Ws2SpiCancelBlockingCall);
FUNCTION(LPFN_WS2SPIOPENCATALOG, Ws2SpiOpenCatalog);
FUNCTION(LPFN_WS2SPIENUMCATALOG, Ws2SpiEnumCatalog);
FUNCTION(LPFN_WS2SPICHECKCATALOG, Ws2SpiCheckCatalog);
FUNCTION(LPFN_WS2SPIREPAIRCATALOG, Ws2SpiRepairCatalog);
FUNCTION(LPFN_WS2SPIRESETCATALOG, Ws2SpiResetCatalog);
FUNCTION(LPFN_WS2SPIINSTALLPROVIDER, Ws2SpiInstallProvider);
FUNCTION(LPFN_WS2SPIDEINSTALLPROVIDER, Ws2SpiDeinstallProvider);
FUNCTION(LPFN_WS2SPIWRITEPROVIDERORDER, Ws2SpiWriteProviderOrder);
FUNCTION(LPFN_WS2SPISELECTPROTOCOL, Ws2SpiSelectProtocol);

typedef int (*make_dummy_entry)(const WSAPROTOCOL_INFOW *, const WCHAR *, const GUID *, DWORD,
                                WSAPROTOCOL_INFOW *);
typedef int (*make_chain_entry)(const WSAPROTOCOL_INFOW *, const WCHAR *, DWORD, DWORD,
                                WSAPROTOCOL_INFOW *);
FUNCTION(make_dummy_entry, Ws2SpiMakeDummyEntry);
FUNCTION(make_chain_entry, Ws2SpiMakeChainEntry);

typedef int(WSPAPI *get_provider_info)(LPGUID, WSC_PROVIDER_INFO_TYPE, PBYTE, size_t *, DWORD,
                                       LPINT);
typedef int(WSPAPI *set_provider_info)(LPGUID, WSC_PROVIDER_INFO_TYPE, PBYTE, size_t, DWORD, LPINT);
typedef int(WSPAPI *get_application_category)(LPCWSTR, DWORD, LPCWSTR, DWORD, DWORD *, LPINT);
typedef int(WSPAPI *set_application_category)(LPCWSTR, DWORD, LPCWSTR, DWORD, DWORD, DWORD *,
                                              LPINT);
FUNCTION(get_provider_info, WSCGetProviderInfo);
FUNCTION(set_provider_info, WSCSetProviderInfo);
FUNCTION(get_application_category, WSCGetApplicationCategory);
FUNCTION(set_application_category, WSCSetApplicationCategory);
#ifdef _WIN64
typedef int(WSPAPI *install_chains_64_32)(LPGUID, LPWSTR, LPWSTR, LPWSTR, DWORD,
                                          LPWSAPROTOCOL_INFOW, DWORD, LPDWORD, LPINT);
FUNCTION(get_provider_info, WSCGetProviderInfo32);
FUNCTION(set_provider_info, WSCSetProviderInfo32);
FUNCTION(install_chains_64_32, WSCInstallProviderAndChains64_32);
#else
typedef int(WSPAPI *install_chains)(LPGUID, LPWSTR, LPWSTR, DWORD, LPWSAPROTOCOL_INFOW, DWORD,
                                    LPDWORD, LPINT);
FUNCTION(install_chains, WSCInstallProviderAndChains);
#endif

/* WSPSelect's time-out, as the headers in use declare it. */
typedef int(WSPAPI *select_procedure)(int, fd_set *, fd_set *, fd_set *, WS2SPI_SELECT_TIMEVAL *,
                                      LPINT);
_Static_assert(_Generic((LPWSPSELECT)0, select_procedure : 1, default : 0),
               "WS2SPI_SELECT_TIMEVAL has changed");
