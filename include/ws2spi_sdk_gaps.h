/* ws2spi_sdk_gaps.h - declarations that an LSP needs and MinGW-w64's headers lack or hide.
 *
 * <mswsock.h> and <ws2spi.h> declare most of them for _WIN32_WINNT >= 0x0600 only. None depends on
 * the Windows version that a program runs on: an LSP built for an older one still receives these
 * ioctls and is still categorised. Each macro is guarded, so that a system header that has it wins.
 * Each group names its source.
 *
 * ws2spi_shim.h includes this header. It needs no other before it, and compiles as C11 and C++11.
 * It includes <mswsock.h>, for the extension functions, and <sporder.h>, which does not compile
 * alone and has no library in MinGW-w64: ws2_32 exports its functions
 * (sporder/nf-sporder-wscwriteproviderorder).
 */
#ifndef WS2SPI_SDK_GAPS_H
#define WS2SPI_SDK_GAPS_H

#include <winsock2.h>
#include <ws2spi.h>
#include <mswsock.h>
#include <sporder.h>

/* --- the time-out of WSPSelect --------------------------------------------------------
 * The SDK (ws2spi/nc-ws2spi-lpwspselect) and MinGW-w64 12 declare it as `const struct timeval *`.
 * MinGW-w64 10 has `const PTIMEVAL`, a constant pointer to a timeval that is not constant. A
 * procedure that takes a `WS2SPI_SELECT_TIMEVAL *` compiles with both. It must not write to it. */
#ifndef __GNUC__
typedef const struct timeval WS2SPI_SELECT_TIMEVAL;
#elif !defined(__cplusplus)
typedef int(WSPAPI *WS2SPI_MINGW10_SELECT)(int, fd_set *, fd_set *, fd_set *, struct timeval *,
                                           LPINT);
typedef __typeof__(*__builtin_choose_expr(
    __builtin_types_compatible_p(LPWSPSELECT, WS2SPI_MINGW10_SELECT), (struct timeval *)0,
    (const struct timeval *)0)) WS2SPI_SELECT_TIMEVAL;
#else
struct timeval *ws2spi_select_timeval(int(WSPAPI *)(int, fd_set *, fd_set *, fd_set *,
                                                    struct timeval *, LPINT));
const struct timeval *ws2spi_select_timeval(int(WSPAPI *)(int, fd_set *, fd_set *, fd_set *,
                                                          const struct timeval *, LPINT));
typedef __typeof__(*ws2spi_select_timeval((LPWSPSELECT)0)) WS2SPI_SELECT_TIMEVAL;
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* --- ioctls by which Ws2_32 finds the provider below the layers ------------------------
 * Sources: WinSock/winsock-ioctls, ws2spi/nc-ws2spi-lpwspioctl; values: mswsock.h. A layer never
 * answers SIO_BASE_HANDLE itself. A layer that intercepts WSASendMsg, select or WSAPoll answers the
 * SIO_BSP_HANDLE ioctl with its own socket and handles the SIO_EXT ioctl that follows. */
#ifndef SIO_BASE_HANDLE
#define SIO_BASE_HANDLE _WSAIOR(IOC_WS2, 34)
#endif
#ifndef SIO_BSP_HANDLE
#define SIO_BSP_HANDLE _WSAIOR(IOC_WS2, 27)
#endif
#ifndef SIO_BSP_HANDLE_SELECT
#define SIO_BSP_HANDLE_SELECT _WSAIOR(IOC_WS2, 28)
#endif
#ifndef SIO_BSP_HANDLE_POLL
#define SIO_BSP_HANDLE_POLL _WSAIOR(IOC_WS2, 29)
#endif
#ifndef SIO_EXT_SELECT
#define SIO_EXT_SELECT _WSAIORW(IOC_WS2, 30)
#endif
#ifndef SIO_EXT_POLL
#define SIO_EXT_POLL _WSAIORW(IOC_WS2, 31)
#endif
#ifndef SIO_EXT_SENDMSG
#define SIO_EXT_SENDMSG _WSAIORW(IOC_WS2, 32)
#endif

/* The WSPIoctl page spells SIO_QUERY_TARGET_PNP_HANDLE (winsock2.h) this way. */
#ifndef SIO_QUERY_PNP_TARGET_HANDLE
#define SIO_QUERY_PNP_TARGET_HANDLE _WSAIOR(IOC_WS2, 24)
#endif

/* --- extension functions ------------------------------------------------------------
 * Source: WinSock/function-extension-mechanism-in-the-spi-2. Registered I/O has an ioctl and an id
 * of its own (mswsock/ns-mswsock-rio_extension_function_table); a layer that does not support it
 * must at least recognise it. */
#ifndef SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER
#define SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER _WSAIORW(IOC_WS2, 36)
#endif
#ifndef WSAID_MULTIPLE_RIO
#define WSAID_MULTIPLE_RIO                                                                         \
  {                                                                                                \
    0x8509e081, 0x96dd, 0x4005,                                                                    \
    {                                                                                              \
      0xb1, 0x65, 0x9e, 0x2e, 0xe8, 0xc7, 0x9e, 0x3f                                               \
    }                                                                                              \
  }
#endif
#ifndef WSAID_WSASENDMSG
#define WSAID_WSASENDMSG                                                                           \
  {                                                                                                \
    0xa441e712, 0x754f, 0x43ca,                                                                    \
    {                                                                                              \
      0x84, 0xa7, 0x0d, 0xee, 0x44, 0xcf, 0x60, 0x6d                                               \
    }                                                                                              \
  }
#endif
#ifndef WSAID_WSAPOLL
#define WSAID_WSAPOLL                                                                              \
  {                                                                                                \
    0x18c76f85, 0xdc66, 0x4964,                                                                    \
    {                                                                                              \
      0x97, 0x2e, 0x23, 0xc2, 0x72, 0x38, 0x31, 0x2b                                               \
    }                                                                                              \
  }
#endif

/* --- flags of a catalog entry: winsock2/ns-winsock2-wsaprotocol_infow ----------------- */
#ifndef XP1_SAN_SUPPORT_SDP
#define XP1_SAN_SUPPORT_SDP 0x00080000
#endif
#ifndef PFL_NETWORKDIRECT_PROVIDER
#define PFL_NETWORKDIRECT_PROVIDER 0x00000010
#endif

/* --- categories: WinSock/categorizing-layered-service-providers-and-applications ------- */
#ifndef LSP_SYSTEM
#define LSP_SYSTEM 0x80000000
#endif
#ifndef LSP_INSPECTOR
#define LSP_INSPECTOR 0x00000001
#endif
#ifndef LSP_REDIRECTOR
#define LSP_REDIRECTOR 0x00000002
#endif
#ifndef LSP_PROXY
#define LSP_PROXY 0x00000004
#endif
#ifndef LSP_FIREWALL
#define LSP_FIREWALL 0x00000008
#endif
#ifndef LSP_INBOUND_MODIFY
#define LSP_INBOUND_MODIFY 0x00000010
#endif
#ifndef LSP_OUTBOUND_MODIFY
#define LSP_OUTBOUND_MODIFY 0x00000020
#endif
#ifndef LSP_CRYPTO_COMPRESS
#define LSP_CRYPTO_COMPRESS 0x00000040
#endif
#ifndef LSP_LOCAL_CACHE
#define LSP_LOCAL_CACHE 0x00000080
#endif

#if _WIN32_WINNT < 0x0600

/* --- types that the headers hide below Vista -------------------------------------------- */

/* winsock2/ns-winsock2-wsapollfd */
#ifndef POLLRDNORM
#define POLLRDNORM 0x0100
#endif
#ifndef POLLRDBAND
#define POLLRDBAND 0x0200
#endif
#ifndef POLLIN
#define POLLIN (POLLRDNORM | POLLRDBAND)
#endif
#ifndef POLLPRI
#define POLLPRI 0x0400
#endif
#ifndef POLLWRNORM
#define POLLWRNORM 0x0010
#endif
#ifndef POLLOUT
#define POLLOUT POLLWRNORM
#endif
#ifndef POLLWRBAND
#define POLLWRBAND 0x0020
#endif
#ifndef POLLERR
#define POLLERR 0x0001
#endif
#ifndef POLLHUP
#define POLLHUP 0x0002
#endif
#ifndef POLLNVAL
#define POLLNVAL 0x0004
#endif
typedef struct pollfd {
  SOCKET fd;
  SHORT events;
  SHORT revents;
} WSAPOLLFD, *PWSAPOLLFD, *LPWSAPOLLFD;

/* The input of SIO_EXT_POLL: mswsock.h. Its flexible array member is C99, and an extension in
 * C++. */
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc99-extensions"
#endif
typedef struct _WSAPOLLDATA {
  int result;
  ULONG fds;
  INT timeout;
#ifdef __GNUC__
  __extension__
#endif
      WSAPOLLFD fdArray[];
} WSAPOLLDATA, *LPWSAPOLLDATA;
#ifdef __clang__
#pragma clang diagnostic pop
#endif

/* The input of SIO_EXT_SENDMSG: mswsock.h */
typedef struct _WSASENDMSG {
  LPWSAMSG lpMsg;
  DWORD dwFlags;
  LPDWORD lpNumberOfBytesSent;
  LPWSAOVERLAPPED lpOverlapped;
  LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine;
} WSASENDMSG, *LPWSASENDMSG;

/* winsock2/nf-winsock2-wsapoll, winsock2/nf-winsock2-wsasendmsg */
typedef INT(WSAAPI *LPFN_WSAPOLL)(LPWSAPOLLFD fdarray, ULONG nfds, INT timeout);
typedef INT(WSAAPI *LPFN_WSASENDMSG)(SOCKET s, LPWSAMSG lpMsg, DWORD dwFlags,
                                     LPDWORD lpNumberOfBytesSent, LPWSAOVERLAPPED lpOverlapped,
                                     LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);

/* ws2spi/ne-ws2spi-wsc_provider_info_type */
typedef enum _WSC_PROVIDER_INFO_TYPE {
  ProviderInfoLspCategories,
  ProviderInfoAudit
} WSC_PROVIDER_INFO_TYPE;

/* --- functions that the headers hide below Vista: ws2spi/nf-ws2spi-wsc... ----------------- */
int WSPAPI WSCGetProviderInfo(LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                              size_t *InfoSize, DWORD Flags, LPINT lpErrno);
int WSPAPI WSCSetProviderInfo(LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                              size_t InfoSize, DWORD Flags, LPINT lpErrno);
int WSPAPI WSCGetApplicationCategory(LPCWSTR Path, DWORD PathLength, LPCWSTR Extra,
                                     DWORD ExtraLength, DWORD *pPermittedLspCategories,
                                     LPINT lpErrno);
int WSPAPI WSCSetApplicationCategory(LPCWSTR Path, DWORD PathLength, LPCWSTR Extra,
                                     DWORD ExtraLength, DWORD PermittedLspCategories,
                                     DWORD *pPrevPermLspCat, LPINT lpErrno);

/* The page gives the list the type LPWSAPROTOCOL_INFOW. The headers' own declaration, for Vista and
 * later, has that type only with UNICODE. */
#ifdef _WIN64
int WSPAPI WSCGetProviderInfo32(LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                                size_t *InfoSize, DWORD Flags, LPINT lpErrno);
int WSPAPI WSCSetProviderInfo32(LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                                size_t InfoSize, DWORD Flags, LPINT lpErrno);
int WSPAPI WSCInstallProviderAndChains64_32(
    const LPGUID lpProviderId, const LPWSTR lpszProviderDllPath, const LPWSTR lpszProviderDllPath32,
    const LPWSTR lpszLspName, DWORD dwServiceFlags, const LPWSAPROTOCOL_INFOW lpProtocolInfoList,
    DWORD dwNumberOfEntries, LPDWORD lpdwCatalogEntryId, LPINT lpErrno);
#else
int WSPAPI WSCInstallProviderAndChains(const LPGUID lpProviderId, const LPWSTR lpszProviderDllPath,
                                       const LPWSTR lpszLspName, DWORD dwServiceFlags,
                                       const LPWSAPROTOCOL_INFOW lpProtocolInfoList,
                                       DWORD dwNumberOfEntries, LPDWORD lpdwCatalogEntryId,
                                       LPINT lpErrno);
#endif

#endif /* _WIN32_WINNT < 0x0600 */

#ifdef __cplusplus
}
#endif

#endif
