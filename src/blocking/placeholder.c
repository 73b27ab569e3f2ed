/* Scaffolding: lets the DLL link until this room is built. */
#include "blocking/blocking.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"
int blocking_query(DWORD a, LPBLOCKINGCALLBACK *b, DWORD_PTR *c) { (void)a; *b = NULL; *c = 0; return 0; }
bool blocking_in_callback(void) { return false; }
bool blocking_winsock_is_down(void) { return false; }
int blocking_begin(struct blocking_operation *o, HANDLE *w) { (void)o; *w = NULL; return WSAENOBUFS; }
void blocking_end(struct blocking_operation *o) { (void)o; }
bool blocking_is_cancelled(const struct blocking_operation *o) { (void)o; return false; }
bool blocking_cancel_base_operation(bool (*f)(DWORD)) { (void)f; return false; }
void blocking_thread_detach(void) {}
void blocking_process_detach(void) {}
int WSAAPI WSAStartup(WORD v, LPWSADATA d) { (void)v; (void)d; return WSASYSNOTREADY; }
int WSAAPI WSACleanup(void) { return SOCKET_ERROR; }
FARPROC WSAAPI WSASetBlockingHook(FARPROC f) { (void)f; return NULL; }
int WSAAPI WSAUnhookBlockingHook(void) { return SOCKET_ERROR; }
int WSAAPI WSACancelBlockingCall(void) { return SOCKET_ERROR; }
WINBOOL WSAAPI WSAIsBlocking(void) { return FALSE; }
int WSPAPI Ws2SpiCancelBlockingCall(DWORD t, LPINT e) { (void)t; return spi_fail(e, WSAEINVAL); }
