/* The thirty procedures. Five have no socket argument; they get the layer as an argument, and their
 * WSPAPI forms are in slots.c. */
#ifndef NONIFS_PROCEDURES_H
#define NONIFS_PROCEDURES_H

#include "calls.h"
#include "overlapped.h"

#include <ws2spi_sdk_gaps.h>

/* startup.c */
int layer_cleanup(struct layer *layer, LPINT error);

/* calls.c */
int layer_cancel_blocking_call(struct layer *layer, LPINT error);

/* names.c */
int layer_address_to_string(struct layer *layer, LPSOCKADDR address, DWORD length,
                            LPWSAPROTOCOL_INFOW info, LPWSTR text, LPDWORD text_length,
                            LPINT error);
int layer_string_to_address(struct layer *layer, LPWSTR text, int family, LPWSAPROTOCOL_INFOW info,
                            LPSOCKADDR address, LPINT length, LPINT error);

/* new_sockets.c */
SOCKET layer_socket(struct layer *layer, int family, int type, int protocol,
                    LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags, LPINT error);
SOCKET WSPAPI layer_accept(SOCKET s, struct sockaddr *address, LPINT length,
                           LPCONDITIONPROC condition, DWORD_PTR data, LPINT error);
SOCKET WSPAPI layer_join_leaf(SOCKET s, const struct sockaddr *name, int length,
                              LPWSABUF caller_data, LPWSABUF callee_data, LPQOS sqos, LPQOS gqos,
                              DWORD flags, LPINT error);
int WSPAPI layer_duplicate_socket(SOCKET s, DWORD process, LPWSAPROTOCOL_INFOW info, LPINT error);

/* close.c */
int WSPAPI layer_close_socket(SOCKET s, LPINT error);
void close_sockets_of(struct layer *layer);

/* transfer.c */
int WSPAPI layer_recv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                      LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                      LPWSATHREADID thread, LPINT error);
int WSPAPI layer_recv_from(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                           struct sockaddr *from, LPINT from_length, LPWSAOVERLAPPED overlapped,
                           LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
                           LPINT error);
int WSPAPI layer_send(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                      LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                      LPWSATHREADID thread, LPINT error);
int WSPAPI layer_send_to(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                         const struct sockaddr *to, int to_length, LPWSAOVERLAPPED overlapped,
                         LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
                         LPINT error);

/* overlapped_result.c */
WINBOOL WSPAPI layer_get_overlapped_result(SOCKET s, LPWSAOVERLAPPED overlapped, LPDWORD bytes,
                                           WINBOOL wait, LPDWORD flags, LPINT error);

/* select.c */
int WSPAPI layer_select(int unused, fd_set *readable, fd_set *writable, fd_set *exceptional,
                        WS2SPI_SELECT_TIMEVAL *timeout, LPINT error);

/* async_select.c */
int WSPAPI layer_async_select(SOCKET s, HWND window, unsigned int message, long events,
                              LPINT error);
int WSPAPI layer_event_select(SOCKET s, WSAEVENT event, long events, LPINT error);
/* Gives an accepted socket the registration of its listener. */
void async_select_inherit(struct layered_socket *socket, struct layered_socket *listener);
void async_select_stop(void);

/* ioctl.c */
int WSPAPI layer_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
                       LPDWORD returned, LPWSAOVERLAPPED overlapped,
                       LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
                       LPINT error);

/* extensions.c. The function of this layer for a GUID: 0 or the error. */
int extension_function(struct call *call, const GUID *id, void **function);
int send_message(SOCKET s, LPWSAMSG message, DWORD flags, LPDWORD sent,
                 const struct request *request, LPINT error);

/* options.c */
int WSPAPI layer_get_sock_opt(SOCKET s, int level, int option, char *value, LPINT length,
                              LPINT error);
int WSPAPI layer_set_sock_opt(SOCKET s, int level, int option, const char *value, int length,
                              LPINT error);

/* passed_down.c */
int WSPAPI layer_bind(SOCKET s, const struct sockaddr *name, int length, LPINT error);
int WSPAPI layer_connect(SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller_data,
                         LPWSABUF callee_data, LPQOS sqos, LPQOS gqos, LPINT error);
int WSPAPI layer_enum_network_events(SOCKET s, WSAEVENT event, LPWSANETWORKEVENTS events,
                                     LPINT error);
int WSPAPI layer_get_peer_name(SOCKET s, struct sockaddr *name, LPINT length, LPINT error);
int WSPAPI layer_get_sock_name(SOCKET s, struct sockaddr *name, LPINT length, LPINT error);
WINBOOL WSPAPI layer_get_qos_by_name(SOCKET s, LPWSABUF name, LPQOS qos, LPINT error);
int WSPAPI layer_listen(SOCKET s, int backlog, LPINT error);
int WSPAPI layer_recv_disconnect(SOCKET s, LPWSABUF data, LPINT error);
int WSPAPI layer_send_disconnect(SOCKET s, LPWSABUF data, LPINT error);
int WSPAPI layer_shutdown(SOCKET s, int how, LPINT error);

#endif
