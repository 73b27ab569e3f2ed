/* The 30 procedures. Each is in the file of its subject. */
#ifndef WS2SPI_BASE_PROCEDURES_H
#define WS2SPI_BASE_PROCEDURES_H

#include "base/base.h" /* base_cancel_blocking_call */
#include "ws2spi_sdk_gaps.h"

SOCKET WSPAPI base_accept(SOCKET s, struct sockaddr *addr, LPINT addrlen,
                          LPCONDITIONPROC lpfnCondition, DWORD_PTR dwCallbackData, LPINT lpErrno);
INT WSPAPI base_address_to_string(LPSOCKADDR lpsaAddress, DWORD dwAddressLength,
                                  LPWSAPROTOCOL_INFOW lpProtocolInfo, LPWSTR lpszAddressString,
                                  LPDWORD lpdwAddressStringLength, LPINT lpErrno);
int WSPAPI base_async_select(SOCKET s, HWND hWnd, unsigned int wMsg, long lEvent, LPINT lpErrno);
int WSPAPI base_bind(SOCKET s, const struct sockaddr *name, int namelen, LPINT lpErrno);
int WSPAPI base_cleanup(LPINT lpErrno);
int WSPAPI base_close_socket(SOCKET s, LPINT lpErrno);
int WSPAPI base_connect(SOCKET s, const struct sockaddr *name, int namelen, LPWSABUF lpCallerData,
                        LPWSABUF lpCalleeData, LPQOS lpSQOS, LPQOS lpGQOS, LPINT lpErrno);
int WSPAPI base_duplicate_socket(SOCKET s, DWORD dwProcessId, LPWSAPROTOCOL_INFOW lpProtocolInfo,
                                 LPINT lpErrno);
int WSPAPI base_enum_network_events(SOCKET s, WSAEVENT hEventObject,
                                    LPWSANETWORKEVENTS lpNetworkEvents, LPINT lpErrno);
int WSPAPI base_event_select(SOCKET s, WSAEVENT hEventObject, long lNetworkEvents, LPINT lpErrno);
WINBOOL WSPAPI base_get_overlapped_result(SOCKET s, LPWSAOVERLAPPED lpOverlapped,
                                          LPDWORD lpcbTransfer, WINBOOL fWait, LPDWORD lpdwFlags,
                                          LPINT lpErrno);
int WSPAPI base_get_peer_name(SOCKET s, struct sockaddr *name, LPINT namelen, LPINT lpErrno);
int WSPAPI base_get_sock_name(SOCKET s, struct sockaddr *name, LPINT namelen, LPINT lpErrno);
int WSPAPI base_get_sock_opt(SOCKET s, int level, int optname, char *optval, LPINT optlen,
                             LPINT lpErrno);
WINBOOL WSPAPI base_get_qos_by_name(SOCKET s, LPWSABUF lpQOSName, LPQOS lpQOS, LPINT lpErrno);
int WSPAPI base_ioctl(SOCKET s, DWORD dwIoControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer,
                      LPVOID lpvOutBuffer, DWORD cbOutBuffer, LPDWORD lpcbBytesReturned,
                      LPWSAOVERLAPPED lpOverlapped,
                      LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine,
                      LPWSATHREADID lpThreadId, LPINT lpErrno);
SOCKET WSPAPI base_join_leaf(SOCKET s, const struct sockaddr *name, int namelen,
                             LPWSABUF lpCallerData, LPWSABUF lpCalleeData, LPQOS lpSQOS,
                             LPQOS lpGQOS, DWORD dwFlags, LPINT lpErrno);
int WSPAPI base_listen(SOCKET s, int backlog, LPINT lpErrno);
int WSPAPI base_recv(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount,
                     LPDWORD lpNumberOfBytesRecvd, LPDWORD lpFlags, LPWSAOVERLAPPED lpOverlapped,
                     LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine,
                     LPWSATHREADID lpThreadId, LPINT lpErrno);
int WSPAPI base_recv_disconnect(SOCKET s, LPWSABUF lpInboundDisconnectData, LPINT lpErrno);
int WSPAPI base_recv_from(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount,
                          LPDWORD lpNumberOfBytesRecvd, LPDWORD lpFlags, struct sockaddr *lpFrom,
                          LPINT lpFromlen, LPWSAOVERLAPPED lpOverlapped,
                          LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine,
                          LPWSATHREADID lpThreadId, LPINT lpErrno);
int WSPAPI base_select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds,
                       WS2SPI_SELECT_TIMEVAL *timeout, LPINT lpErrno);
int WSPAPI base_send(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesSent,
                     DWORD dwFlags, LPWSAOVERLAPPED lpOverlapped,
                     LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine,
                     LPWSATHREADID lpThreadId, LPINT lpErrno);
int WSPAPI base_send_disconnect(SOCKET s, LPWSABUF lpOutboundDisconnectData, LPINT lpErrno);
int WSPAPI base_send_to(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount,
                        LPDWORD lpNumberOfBytesSent, DWORD dwFlags, const struct sockaddr *lpTo,
                        int iTolen, LPWSAOVERLAPPED lpOverlapped,
                        LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine,
                        LPWSATHREADID lpThreadId, LPINT lpErrno);
int WSPAPI base_set_sock_opt(SOCKET s, int level, int optname, const char *optval, int optlen,
                             LPINT lpErrno);
int WSPAPI base_shutdown(SOCKET s, int how, LPINT lpErrno);
SOCKET WSPAPI base_socket(int af, int type, int protocol, LPWSAPROTOCOL_INFOW lpProtocolInfo,
                          GROUP g, DWORD dwFlags, LPINT lpErrno);
INT WSPAPI base_string_to_address(LPWSTR AddressString, INT AddressFamily,
                                  LPWSAPROTOCOL_INFOW lpProtocolInfo, LPSOCKADDR lpAddress,
                                  LPINT lpAddressLength, LPINT lpErrno);

extern const WSPPROC_TABLE base_procedures;

#endif
