/* The system's own ws2_32.dll. It is loaded by its full path and never linked: a ws2_32.dll in
 * the program's folder, perhaps a copy of this DLL, must not receive our calls. It is loaded
 * when it is first needed, and stays loaded for the life of the process, since FreeLibrary may
 * not be called from DllMain. */
#ifndef WS2SPI_PLATFORM_SYSTEM_WINSOCK_H
#define WS2SPI_PLATFORM_SYSTEM_WINSOCK_H

#include "platform/windows_headers.h"

#include <stdbool.h>

/* The type of the pointer, and the name of the export. */
#define SYSTEM_WINSOCK_FUNCTIONS(X)                                                                \
  X(LPFN_WSASTARTUP, WSAStartup)                                                                   \
  X(LPFN_WSACLEANUP, WSACleanup)                                                                   \
  X(LPFN_WSAGETLASTERROR, WSAGetLastError)                                                         \
  X(LPFN_WSASOCKETW, WSASocketW)                                                                   \
  X(LPFN_CLOSESOCKET, closesocket)                                                                 \
  X(LPFN_BIND, bind)                                                                               \
  X(LPFN_LISTEN, listen)                                                                           \
  X(LPFN_WSAACCEPT, WSAAccept)                                                                     \
  X(LPFN_WSACONNECT, WSAConnect)                                                                   \
  X(LPFN_SHUTDOWN, shutdown)                                                                       \
  X(LPFN_SELECT, select)                                                                           \
  X(LPFN_WSARECV, WSARecv)                                                                         \
  X(LPFN_WSARECVFROM, WSARecvFrom)                                                                 \
  X(LPFN_WSARECVDISCONNECT, WSARecvDisconnect)                                                     \
  X(LPFN_WSASEND, WSASend)                                                                         \
  X(LPFN_WSASENDTO, WSASendTo)                                                                     \
  X(LPFN_WSASENDDISCONNECT, WSASendDisconnect)                                                     \
  X(LPFN_GETSOCKOPT, getsockopt)                                                                   \
  X(LPFN_SETSOCKOPT, setsockopt)                                                                   \
  X(LPFN_GETSOCKNAME, getsockname)                                                                 \
  X(LPFN_GETPEERNAME, getpeername)                                                                 \
  X(LPFN_WSAIOCTL, WSAIoctl)                                                                       \
  X(LPFN_WSAGETOVERLAPPEDRESULT, WSAGetOverlappedResult)                                           \
  X(LPFN_WSAGETQOSBYNAME, WSAGetQOSByName)                                                         \
  X(LPFN_WSAASYNCSELECT, WSAAsyncSelect)                                                           \
  X(LPFN_WSAEVENTSELECT, WSAEventSelect)                                                           \
  X(LPFN_WSAENUMNETWORKEVENTS, WSAEnumNetworkEvents)                                               \
  X(LPFN_WSADUPLICATESOCKETW, WSADuplicateSocketW)                                                 \
  X(LPFN_WSAENUMPROTOCOLSW, WSAEnumProtocolsW)                                                     \
  X(LPFN_WSAADDRESSTOSTRINGW, WSAAddressToStringW)                                                 \
  X(LPFN_WSASTRINGTOADDRESSW, WSAStringToAddressW)

struct system_winsock {
#define SYSTEM_WINSOCK_MEMBER(type, name) type name;
  SYSTEM_WINSOCK_FUNCTIONS(SYSTEM_WINSOCK_MEMBER)
#undef SYSTEM_WINSOCK_MEMBER
};

/* NULL if the system's DLL cannot be loaded or lacks one of the functions. */
const struct system_winsock *system_winsock(void);

/* For functions that not every system has: copies the pointer to the function of this name.
 * False, and NULL is stored, if there is none. */
bool system_winsock_find(const char *name, void *function, size_t size);

#endif
