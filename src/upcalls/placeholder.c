/* Scaffolding: lets the DLL link until this room is built. */
#include "upcalls/upcalls.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"
void upcall_clear(void) {}
const WSPUPCALLTABLE upcall_table = {0};
WINBOOL WSPAPI WPUCloseEvent(WSAEVENT h, LPINT e) { (void)h; spi_fail(e, 6); return FALSE; }
int WSPAPI WPUCloseSocketHandle(SOCKET s, LPINT e) { (void)s; return spi_fail(e, WSAENOTSOCK); }
WSAEVENT WSPAPI WPUCreateEvent(LPINT e) { spi_fail(e, 8); return NULL; }
SOCKET WSPAPI WPUCreateSocketHandle(DWORD i, DWORD_PTR c, LPINT e) { (void)i; (void)c; spi_fail(e, WSAENOBUFS); return INVALID_SOCKET; }
int WSPAPI WPUFDIsSet(SOCKET s, fd_set *f) { (void)s; (void)f; return 0; }
int WSPAPI WPUGetProviderPath(LPGUID g, WCHAR *p, LPINT l, LPINT e) { (void)g; (void)p; (void)l; return spi_fail(e, WSAEINVAL); }
SOCKET WSPAPI WPUModifyIFSHandle(DWORD i, SOCKET s, LPINT e) { (void)i; (void)s; spi_fail(e, WSAEINVAL); return INVALID_SOCKET; }
WINBOOL WSPAPI WPUPostMessage(HWND h, UINT m, WPARAM w, LPARAM l) { (void)h; (void)m; (void)w; (void)l; return FALSE; }
int WSPAPI WPUQueryBlockingCallback(DWORD i, LPBLOCKINGCALLBACK *c, PDWORD_PTR x, LPINT e) { (void)i; (void)c; (void)x; return spi_fail(e, WSAEINVAL); }
int WSPAPI WPUQuerySocketHandleContext(SOCKET s, PDWORD_PTR c, LPINT e) { (void)s; (void)c; return spi_fail(e, WSAENOTSOCK); }
int WSPAPI WPUQueueApc(LPWSATHREADID t, LPWSAUSERAPC a, DWORD_PTR c, LPINT e) { (void)t; (void)a; (void)c; return spi_fail(e, WSAEFAULT); }
WINBOOL WSPAPI WPUResetEvent(WSAEVENT h, LPINT e) { (void)h; spi_fail(e, 6); return FALSE; }
WINBOOL WSPAPI WPUSetEvent(WSAEVENT h, LPINT e) { (void)h; spi_fail(e, 6); return FALSE; }
int WSPAPI WPUOpenCurrentThread(LPWSATHREADID t, LPINT e) { (void)t; return spi_fail(e, WSANOTINITIALISED); }
int WSPAPI WPUCloseThread(LPWSATHREADID t, LPINT e) { (void)t; return spi_fail(e, WSANOTINITIALISED); }
int WSPAPI WPUCompleteOverlappedRequest(SOCKET s, LPWSAOVERLAPPED o, DWORD d, DWORD c, LPINT e) { (void)s; (void)o; (void)d; (void)c; return spi_fail(e, WSAEINVAL); }
int WSPAPI Ws2SpiGetUpcallTable(LPWSPUPCALLTABLE t, LPINT e) { (void)t; return spi_fail(e, WSAEFAULT); }
int WSPAPI Ws2SpiSetUpcallTable(const WSPUPCALLTABLE *t, LPINT e) { (void)t; return spi_fail(e, WSAEFAULT); }
