/* The upcalls. Providers call them through upcall_table. The functions exported by name, in
 * by_name.c, call the same members, unless the table of a real Ws2_32 was set (D10). */
#ifndef WS2SPI_UPCALLS_UPCALLS_H
#define WS2SPI_UPCALLS_UPCALLS_H

#include "platform/windows_headers.h"

WINBOOL WSPAPI upcall_close_event(WSAEVENT event, LPINT lpErrno);
int WSPAPI upcall_close_socket_handle(SOCKET s, LPINT lpErrno);
WSAEVENT WSPAPI upcall_create_event(LPINT lpErrno);
SOCKET WSPAPI upcall_create_socket_handle(DWORD id, DWORD_PTR context, LPINT lpErrno);
int WSPAPI upcall_fd_is_set(SOCKET s, fd_set *set);
int WSPAPI upcall_get_provider_path(LPGUID provider_id, WCHAR *path, LPINT chars, LPINT lpErrno);
SOCKET WSPAPI upcall_modify_ifs_handle(DWORD id, SOCKET proposed, LPINT lpErrno);
WINBOOL WSPAPI upcall_post_message(HWND window, UINT message, WPARAM wparam, LPARAM lparam);
int WSPAPI upcall_query_blocking_callback(DWORD id, LPBLOCKINGCALLBACK *callback,
                                          PDWORD_PTR context, LPINT lpErrno);
int WSPAPI upcall_query_socket_handle_context(SOCKET s, PDWORD_PTR context, LPINT lpErrno);
int WSPAPI upcall_queue_apc(LPWSATHREADID thread, LPWSAUSERAPC apc, DWORD_PTR context,
                            LPINT lpErrno);
WINBOOL WSPAPI upcall_reset_event(WSAEVENT event, LPINT lpErrno);
WINBOOL WSPAPI upcall_set_event(WSAEVENT event, LPINT lpErrno);
int WSPAPI upcall_open_current_thread(LPWSATHREADID thread, LPINT lpErrno);
int WSPAPI upcall_close_thread(LPWSATHREADID thread, LPINT lpErrno);
int WSPAPI upcall_complete_overlapped_request(SOCKET s, LPWSAOVERLAPPED overlapped, DWORD error,
                                              DWORD transferred, LPINT lpErrno);

/* All but upcall_complete_overlapped_request, which is in no table. */
extern const WSPUPCALLTABLE upcall_table;

/* At FreeLibrary: frees the tables that were set. */
void upcall_clear(void);

#endif
