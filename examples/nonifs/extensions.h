/* A call of an extension function that is passed to the layer below. */
#ifndef NONIFS_EXTENSIONS_H
#define NONIFS_EXTENSIONS_H

#include "procedures.h"

#include <mswsock.h>

struct extension_call {
  struct call call;
  void *function;              /* of the layer below */
  struct operation *operation; /* NULL: not overlapped */
};

/* False: the last error is set. */
bool extension_begin(struct extension_call *extension, SOCKET s, enum extension which,
                     const struct request *request, enum traffic traffic);

/* The OVERLAPPED for the function of the layer below. */
LPOVERLAPPED extension_overlapped(const struct extension_call *extension);

/* Must follow that function directly, because it reads the last error. Returns `succeeded`. */
BOOL extension_end(struct extension_call *extension, BOOL succeeded, DWORD bytes);

/* connect_extensions.c */
BOOL PASCAL layer_accept_ex(SOCKET listener, SOCKET accepted, PVOID buffer, DWORD data_length,
                            DWORD local_length, DWORD remote_length, LPDWORD received,
                            LPOVERLAPPED overlapped);
BOOL PASCAL layer_connect_ex(SOCKET s, const struct sockaddr *name, int length, PVOID data,
                             DWORD data_length, LPDWORD sent, LPOVERLAPPED overlapped);
BOOL PASCAL layer_disconnect_ex(SOCKET s, LPOVERLAPPED overlapped, DWORD flags, DWORD reserved);

/* transmit.c */
BOOL PASCAL layer_transmit_file(SOCKET s, HANDLE file, DWORD bytes, DWORD bytes_per_send,
                                LPOVERLAPPED overlapped, LPTRANSMIT_FILE_BUFFERS buffers,
                                DWORD flags);
BOOL PASCAL layer_transmit_packets(SOCKET s, LPTRANSMIT_PACKETS_ELEMENT packets, DWORD count,
                                   DWORD send_size, LPOVERLAPPED overlapped, DWORD flags);

/* messages.c */
int PASCAL layer_recv_msg(SOCKET s, LPWSAMSG message, LPDWORD received, LPWSAOVERLAPPED overlapped,
                          LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);
int PASCAL layer_send_msg(SOCKET s, LPWSAMSG message, DWORD flags, LPDWORD sent,
                          LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);

#endif
