/* The procedure table of each layer. Most procedures find their layer by their socket. Those
 * without a socket argument cannot know which layer of this DLL is called, so each slot has its
 * own. */
#include "procedures.h"

#define SLOT_PROCEDURES(n)                                                                         \
  static INT WSPAPI address_to_string_##n(LPSOCKADDR address, DWORD length,                        \
                                          LPWSAPROTOCOL_INFOW info, LPWSTR text,                   \
                                          LPDWORD text_length, LPINT error)                        \
  {                                                                                                \
    return layer_address_to_string(&layers[n], address, length, info, text, text_length, error);   \
  }                                                                                                \
  static int WSPAPI cancel_blocking_call_##n(LPINT error)                                          \
  {                                                                                                \
    return layer_cancel_blocking_call(&layers[n], error);                                          \
  }                                                                                                \
  static int WSPAPI cleanup_##n(LPINT error)                                                       \
  {                                                                                                \
    return layer_cleanup(&layers[n], error);                                                       \
  }                                                                                                \
  static SOCKET WSPAPI socket_##n(int family, int type, int protocol, LPWSAPROTOCOL_INFOW info,    \
                                  GROUP group, DWORD flags, LPINT error)                           \
  {                                                                                                \
    return layer_socket(&layers[n], family, type, protocol, info, group, flags, error);            \
  }                                                                                                \
  static INT WSPAPI string_to_address_##n(LPWSTR text, INT family, LPWSAPROTOCOL_INFOW info,       \
                                          LPSOCKADDR address, LPINT length, LPINT error)           \
  {                                                                                                \
    return layer_string_to_address(&layers[n], text, family, info, address, length, error);        \
  }

/* clang-format off */
#define FOR_EACH_SLOT(X) \
  X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)
/* clang-format on */

FOR_EACH_SLOT(SLOT_PROCEDURES)

#define SLOT(n)                                                                                    \
  {address_to_string_##n, cancel_blocking_call_##n, cleanup_##n, socket_##n, string_to_address_##n},

static const struct {
  LPWSPADDRESSTOSTRING address_to_string;
  LPWSPCANCELBLOCKINGCALL cancel_blocking_call;
  LPWSPCLEANUP cleanup;
  LPWSPSOCKET socket;
  LPWSPSTRINGTOADDRESS string_to_address;
} slots[] = {FOR_EACH_SLOT(SLOT)};
_Static_assert(sizeof slots / sizeof slots[0] == MOST_LAYERS, "procedures for each slot");

static const WSPPROC_TABLE common = {
    .lpWSPAccept = layer_accept,
    .lpWSPAsyncSelect = layer_async_select,
    .lpWSPBind = layer_bind,
    .lpWSPCloseSocket = layer_close_socket,
    .lpWSPConnect = layer_connect,
    .lpWSPDuplicateSocket = layer_duplicate_socket,
    .lpWSPEnumNetworkEvents = layer_enum_network_events,
    .lpWSPEventSelect = layer_event_select,
    .lpWSPGetOverlappedResult = layer_get_overlapped_result,
    .lpWSPGetPeerName = layer_get_peer_name,
    .lpWSPGetSockName = layer_get_sock_name,
    .lpWSPGetSockOpt = layer_get_sock_opt,
    .lpWSPGetQOSByName = layer_get_qos_by_name,
    .lpWSPIoctl = layer_ioctl,
    .lpWSPJoinLeaf = layer_join_leaf,
    .lpWSPListen = layer_listen,
    .lpWSPRecv = layer_recv,
    .lpWSPRecvDisconnect = layer_recv_disconnect,
    .lpWSPRecvFrom = layer_recv_from,
    .lpWSPSelect = layer_select,
    .lpWSPSend = layer_send,
    .lpWSPSendDisconnect = layer_send_disconnect,
    .lpWSPSendTo = layer_send_to,
    .lpWSPSetSockOpt = layer_set_sock_opt,
    .lpWSPShutdown = layer_shutdown,
};

void fill_procedures(struct layer *layer, LPWSPPROC_TABLE table)
{
  const size_t slot = (size_t)(layer - layers);

  *table = common;
  table->lpWSPAddressToString = slots[slot].address_to_string;
  table->lpWSPCancelBlockingCall = slots[slot].cancel_blocking_call;
  table->lpWSPCleanup = slots[slot].cleanup;
  table->lpWSPSocket = slots[slot].socket;
  table->lpWSPStringToAddress = slots[slot].string_to_address;
}
