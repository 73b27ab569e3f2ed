/* The functions of the system's Winsock that the DLL looks up by name. */
/* For the types of the pointers. */
#define INCL_WINSOCK_API_TYPEDEFS 1
#include "injection/injected.h"
#include "injection/injection.h"

#include <ws2spi.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include "ws2spi_sdk_gaps.h"

#include <string.h>

/* --- what is counted --------------------------------------------------------------------- */

static SOCKET socket_taken(SOCKET s)
{
  resource_taken(SOCKETS, s != INVALID_SOCKET);
  return s;
}

static int socket_closed(int result)
{
  if (result == 0)
    resource_given_back(SOCKETS);
  return result;
}

static int winsock_started(int error)
{
  resource_taken(WINSOCK_STARTS, error == 0);
  return error;
}

static int winsock_ended(int result)
{
  if (result == 0)
    resource_given_back(WINSOCK_STARTS);
  return result;
}

/* It has done its work, and reports a failure. */
static int failed_after(int done)
{
  (void)done;
  return SOCKET_ERROR;
}

/* --- what can be made to fail --------------------------------------------------------------- */

/* type of the pointer, returned type, name, parameters, failure value, the real call */
/* clang-format off */
#define WINSOCK_FUNCTIONS(X)                                                                       \
  X(LPFN_WSASTARTUP, int, WSAStartup, (WORD v, LPWSADATA d), WSASYSNOTREADY,                 \
    winsock_started(winsock.WSAStartup(v, d)))                                                      \
  X(LPFN_WSACLEANUP, int, WSACleanup, (void),                                                 \
    failed_after(winsock_ended(winsock.WSACleanup())), winsock_ended(winsock.WSACleanup()))        \
  X(LPFN_WSASOCKETW, SOCKET, WSASocketW, (int f, int t, int p, LPWSAPROTOCOL_INFOW i,        \
    GROUP g, DWORD l), INVALID_SOCKET, socket_taken(winsock.WSASocketW(f, t, p, i, g, l)))          \
  X(LPFN_CLOSESOCKET, int, closesocket, (SOCKET s),                                           \
    failed_after(socket_closed(winsock.closesocket(s))), socket_closed(winsock.closesocket(s)))    \
  X(LPFN_BIND, int, bind, (SOCKET s, const struct sockaddr *a, int l),                       \
    SOCKET_ERROR, winsock.bind(s, a, l))                                                            \
  X(LPFN_LISTEN, int, listen, (SOCKET s, int n), SOCKET_ERROR, winsock.listen(s, n))          \
  X(LPFN_WSAACCEPT, SOCKET, WSAAccept, (SOCKET s, struct sockaddr *a, LPINT l,               \
    LPCONDITIONPROC c, DWORD_PTR d), INVALID_SOCKET,                                               \
    socket_taken(winsock.WSAAccept(s, a, l, c, d)))                                                 \
  X(LPFN_WSACONNECT, int, WSAConnect, (SOCKET s, const struct sockaddr *a, int l,            \
    LPWSABUF b, LPWSABUF c, LPQOS q, LPQOS g), SOCKET_ERROR,                                       \
    winsock.WSAConnect(s, a, l, b, c, q, g))                                                        \
  X(LPFN_SHUTDOWN, int, shutdown, (SOCKET s, int h), SOCKET_ERROR, winsock.shutdown(s, h))    \
  X(LPFN_SELECT, int, select, (int n, fd_set *r, fd_set *w, fd_set *e, WS2SPI_SELECT_TIMEVAL *t),    \
    SOCKET_ERROR, winsock.select(n, r, w, e, t))                                                    \
  X(LPFN_WSARECV, int, WSARecv, (SOCKET s, LPWSABUF b, DWORD n, LPDWORD k, LPDWORD f,        \
    LPWSAOVERLAPPED o, LPWSAOVERLAPPED_COMPLETION_ROUTINE r), SOCKET_ERROR,                        \
    winsock.WSARecv(s, b, n, k, f, o, r))                                                           \
  X(LPFN_WSARECVFROM, int, WSARecvFrom, (SOCKET s, LPWSABUF b, DWORD n, LPDWORD k,           \
    LPDWORD f, struct sockaddr *a, LPINT l, LPWSAOVERLAPPED o,                                     \
    LPWSAOVERLAPPED_COMPLETION_ROUTINE r), SOCKET_ERROR,                                           \
    winsock.WSARecvFrom(s, b, n, k, f, a, l, o, r))                                                 \
  X(LPFN_WSARECVDISCONNECT, int, WSARecvDisconnect, (SOCKET s, LPWSABUF b),                  \
    SOCKET_ERROR, winsock.WSARecvDisconnect(s, b))                                                  \
  X(LPFN_WSASEND, int, WSASend, (SOCKET s, LPWSABUF b, DWORD n, LPDWORD k, DWORD f,          \
    LPWSAOVERLAPPED o, LPWSAOVERLAPPED_COMPLETION_ROUTINE r), SOCKET_ERROR,                        \
    winsock.WSASend(s, b, n, k, f, o, r))                                                           \
  X(LPFN_WSASENDTO, int, WSASendTo, (SOCKET s, LPWSABUF b, DWORD n, LPDWORD k, DWORD f,      \
    const struct sockaddr *a, int l, LPWSAOVERLAPPED o, LPWSAOVERLAPPED_COMPLETION_ROUTINE r),     \
    SOCKET_ERROR, winsock.WSASendTo(s, b, n, k, f, a, l, o, r))                                     \
  X(LPFN_WSASENDDISCONNECT, int, WSASendDisconnect, (SOCKET s, LPWSABUF b),                  \
    SOCKET_ERROR, winsock.WSASendDisconnect(s, b))                                                  \
  X(LPFN_GETSOCKOPT, int, getsockopt, (SOCKET s, int v, int n, char *o, int *l),              \
    SOCKET_ERROR, winsock.getsockopt(s, v, n, o, l))                                                \
  X(LPFN_SETSOCKOPT, int, setsockopt, (SOCKET s, int v, int n, const char *o, int l),         \
    SOCKET_ERROR, winsock.setsockopt(s, v, n, o, l))                                                \
  X(LPFN_GETSOCKNAME, int, getsockname, (SOCKET s, struct sockaddr *a, int *l),               \
    SOCKET_ERROR, winsock.getsockname(s, a, l))                                                     \
  X(LPFN_GETPEERNAME, int, getpeername, (SOCKET s, struct sockaddr *a, int *l),              \
    SOCKET_ERROR, winsock.getpeername(s, a, l))                                                     \
  X(LPFN_WSAIOCTL, int, WSAIoctl, (SOCKET s, DWORD c, LPVOID i, DWORD n, LPVOID o, DWORD m,   \
    LPDWORD k, LPWSAOVERLAPPED v, LPWSAOVERLAPPED_COMPLETION_ROUTINE r), SOCKET_ERROR,             \
    with_injected_connect(c, i, o, winsock.WSAIoctl(s, c, i, n, o, m, k, v, r)))                     \
  X(LPFN_WSAGETOVERLAPPEDRESULT, WINBOOL, WSAGetOverlappedResult, (SOCKET s,                 \
    LPWSAOVERLAPPED o, LPDWORD k, WINBOOL w, LPDWORD f), FALSE,                                    \
    winsock.WSAGetOverlappedResult(s, o, k, w, f))                                                  \
  X(LPFN_WSAGETQOSBYNAME, WINBOOL, WSAGetQOSByName, (SOCKET s, LPWSABUF n, LPQOS q), FALSE,  \
    winsock.WSAGetQOSByName(s, n, q))                                                               \
  X(LPFN_WSAASYNCSELECT, int, WSAAsyncSelect, (SOCKET s, HWND w, u_int m, LONG e),           \
    SOCKET_ERROR, winsock.WSAAsyncSelect(s, w, m, e))                                               \
  X(LPFN_WSAEVENTSELECT, int, WSAEventSelect, (SOCKET s, WSAEVENT h, LONG e),                \
    SOCKET_ERROR, winsock.WSAEventSelect(s, h, e))                                                  \
  X(LPFN_WSAENUMNETWORKEVENTS, int, WSAEnumNetworkEvents, (SOCKET s, WSAEVENT h,             \
    LPWSANETWORKEVENTS e), SOCKET_ERROR, winsock.WSAEnumNetworkEvents(s, h, e))                     \
  X(LPFN_WSADUPLICATESOCKETW, int, WSADuplicateSocketW, (SOCKET s, DWORD p,                  \
    LPWSAPROTOCOL_INFOW i), SOCKET_ERROR, winsock.WSADuplicateSocketW(s, p, i))                     \
  X(LPFN_WSAENUMPROTOCOLSW, int, WSAEnumProtocolsW, (LPINT p, LPWSAPROTOCOL_INFOW i,          \
    LPDWORD n), SOCKET_ERROR, winsock.WSAEnumProtocolsW(p, i, n))                                   \
  X(LPWSCENUMPROTOCOLS, int, WSCEnumProtocols, (LPINT p, LPWSAPROTOCOL_INFOW i, LPDWORD n,   \
    LPINT e), (*e = WSANO_RECOVERY, SOCKET_ERROR), winsock.WSCEnumProtocols(p, i, n, e))            \
  X(LPWSCGETPROVIDERPATH, int, WSCGetProviderPath, (LPGUID g, WCHAR *p, LPINT n, LPINT e),   \
    (*e = WSANO_RECOVERY, SOCKET_ERROR), winsock.WSCGetProviderPath(g, p, n, e))                    \
  X(LPFN_WSAADDRESSTOSTRINGW, INT, WSAAddressToStringW, (LPSOCKADDR a, DWORD l,              \
    LPWSAPROTOCOL_INFOW i, LPWSTR s, LPDWORD n), SOCKET_ERROR,                                     \
    winsock.WSAAddressToStringW(a, l, i, s, n))                                                     \
  X(LPFN_WSASTRINGTOADDRESSW, INT, WSAStringToAddressW, (LPWSTR s, INT f,                    \
    LPWSAPROTOCOL_INFOW i, LPSOCKADDR a, LPINT l), SOCKET_ERROR,                                   \
    winsock.WSAStringToAddressW(s, f, i, a, l))
/* clang-format on */

/* The functions that GetProcAddress found. */
static struct {
#define MEMBER(pointer, type, name, parameters, failure, real) pointer name;
  WINSOCK_FUNCTIONS(MEMBER)
#undef MEMBER
  LPFN_CONNECTEX ConnectEx;
} winsock;

static BOOL WINAPI injected_ConnectEx(SOCKET s, const struct sockaddr *name, int length,
                                      PVOID buffer, DWORD size, LPDWORD sent,
                                      LPOVERLAPPED overlapped)
{
  if (injection_is_due("ConnectEx")) {
    WSASetLastError(WSAENOBUFS);
    return FALSE;
  }
  return winsock.ConnectEx(s, name, length, buffer, size, sent, overlapped);
}

/* The DLL gets ConnectEx through this function. */
static int with_injected_connect(DWORD code, const void *in, void *out, int result)
{
  const GUID connect_ex = WSAID_CONNECTEX;
  const LPFN_CONNECTEX stand_in = injected_ConnectEx;

  if (result == 0 && code == SIO_GET_EXTENSION_FUNCTION_POINTER &&
      memcmp(in, &connect_ex, sizeof connect_ex) == 0) {
    memcpy(&winsock.ConnectEx, out, sizeof winsock.ConnectEx);
    memcpy(out, &stand_in, sizeof stand_in);
  }
  return result;
}

#define INJECT(pointer, type, name, parameters, failure, real)                                     \
  static type WSAAPI injected_##name parameters                                                    \
  {                                                                                                \
    if (injection_is_due(#name)) {                                                                 \
      const type value = failure;                                                                  \
                                                                                                   \
      WSASetLastError(WSAENOBUFS);                                                                 \
      return value;                                                                                \
    }                                                                                              \
    return real;                                                                                   \
  }
WINSOCK_FUNCTIONS(INJECT)
#undef INJECT

/* --- the table ------------------------------------------------------------------------------- */

static const struct stand_in {
  const char *name;
  FARPROC function;
  void *found;
} stand_ins[] = {
#define ROW(pointer, type, name, parameters, failure, real)                                        \
  {#name, (FARPROC)injected_##name, (void *)&winsock.name},
    WINSOCK_FUNCTIONS(ROW)
#undef ROW
        {"ConnectEx", NULL, NULL}, /* the DLL gets it from WSAIoctl */
};

static const struct stand_in *find_stand_in(const char *name)
{
  for (size_t i = 0; i < sizeof stand_ins / sizeof stand_ins[0]; i++)
    if (strcmp(stand_ins[i].name, name) == 0)
      return &stand_ins[i];
  return NULL;
}

BOOL injected_winsock_function(const char *name, FARPROC *function)
{
  const struct stand_in *row = find_stand_in(name);

  if (row == NULL)
    return FALSE;
  if (row->function != NULL && *function != NULL) {
    memcpy(row->found, function, sizeof *function);
    *function = row->function;
  }
  return TRUE;
}
