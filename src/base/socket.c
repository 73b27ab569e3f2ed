/* WSPSocket. */
#include "base/base.h"
#include "base/socket_close.h"
#include "base/duplicate.h"
#include "base/procedures.h"
#include "base/base_socket.h"
#include "base/host_upcalls.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

#define ANY_ROOT    (WSA_FLAG_MULTIPOINT_C_ROOT | WSA_FLAG_MULTIPOINT_D_ROOT)
#define BOTH_LEAVES (WSA_FLAG_MULTIPOINT_C_LEAF | WSA_FLAG_MULTIPOINT_D_LEAF)

struct socket_request {
  int family;
  int type;
  int protocol;
  const struct base_protocol *base;
  bool has_info;
  WSAPROTOCOL_INFOW info;
  DWORD flags;
};

static int socket_default_to(int given, int described)
{
  return given == 0 || given == FROM_PROTOCOL_INFO ? described : given;
}

static int socket_use_info(struct socket_request *request, const WSAPROTOCOL_INFOW *info)
{
  const struct base_protocol *base;
  DWORD id;
  int chain_length;

  if (!caller_read(&request->info, info, sizeof *info))
    return WSAEFAULT;
  request->has_info = true;
  /* A layer may pass the information of its chain, whose last entry is the base protocol. */
  chain_length = request->info.ProtocolChain.ChainLen;
  id = chain_length > 1 && chain_length <= MAX_PROTOCOL_CHAIN
           ? request->info.ProtocolChain.ChainEntries[chain_length - 1]
           : request->info.dwCatalogEntryId;
  request->base = base = base_protocol_by_id(id);
  if (base == NULL)
    return WSAEINVAL;
  request->family = socket_default_to(request->family, base->family);
  request->type = socket_default_to(request->type, base->type);
  request->protocol = socket_default_to(
      request->protocol, base->type == SOCK_RAW ? request->info.iProtocol : base->protocol);
  if (request->family != base->family)
    return WSAEAFNOSUPPORT;
  return request->type == base->type ? 0 : WSAESOCKTNOSUPPORT;
}

static int socket_choose_protocol(struct socket_request *request)
{
  int error;

  if (request->family == FROM_PROTOCOL_INFO || request->type == FROM_PROTOCOL_INFO ||
      request->protocol == FROM_PROTOCOL_INFO)
    return WSAEINVAL;
  error = base_protocol_find(request->family, request->type, request->protocol, &request->base);
  if (error != 0)
    return error;
  request->family = request->base->family;
  request->type = request->base->type;
  if (request->protocol == 0)
    request->protocol = request->base->protocol;
  return 0;
}

/* IP multicast has no root in either plane: a multipoint socket is a leaf in both. */
static int socket_check_flags(const struct socket_request *request)
{
  const DWORD multipoint = request->flags & (ANY_ROOT | BOTH_LEAVES);

  if (multipoint == 0)
    return 0;
  return multipoint == BOTH_LEAVES && request->type == SOCK_DGRAM ? 0 : WSAEINVAL;
}

static bool socket_is_duplicate(const struct socket_request *request)
{
  return request->has_info && duplicate_is_in(&request->info);
}

/* The system's socket is always overlapped, so that a blocking call on it can be cancelled. */
static int socket_make_by_system(struct socket_request *request, SOCKET *made)
{
  const struct system_winsock *system = system_winsock();
  const DWORD flags = request->flags | WSA_FLAG_OVERLAPPED;

  if (socket_is_duplicate(request)) {
    duplicate_info_to_system(request->base, &request->info);
    *made = system->WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO,
                               &request->info, 0, flags);
  } else {
    *made = system->WSASocketW(request->family, request->type, request->protocol, NULL, 0, flags);
  }
  return *made == INVALID_SOCKET ? base_system_error() : 0;
}

static int socket_list_and_register(struct base_socket *socket, SOCKET *handle)
{
  int error;

  if (!base_socket_list(socket, *handle)) {
    system_winsock()->closesocket(*handle);
    return WSAENOBUFS;
  }
  error = wpu_modify_ifs_handle(base_protocol_id(socket->protocol), handle);
  /* A cleanup may have closed all listed sockets just before this one was listed. */
  if (error == 0 && !base_is_started())
    error = WSAENETDOWN;
  if (error != 0)
    base_socket_discard(socket);
  return error;
}

static int socket_make(struct socket_request *request, SOCKET *handle)
{
  const bool overlapped = (request->flags & WSA_FLAG_OVERLAPPED) != 0;
  struct base_socket *socket = base_socket_new(request->base, overlapped);
  SOCKET made;
  int error;

  if (socket == NULL)
    return WSAENOBUFS;
  if (socket_is_duplicate(request)) {
    atomic_store(&socket->shared, true);
    atomic_store(&socket->nonblocking, duplicate_is_nonblocking(&request->info));
  }
  error = socket_make_by_system(request, &made);
  if (error == 0)
    error = socket_list_and_register(socket, &made);
  if (error == 0)
    *handle = made;
  base_socket_release(socket);
  return error;
}

SOCKET WSPAPI base_socket(int af, int type, int protocol, LPWSAPROTOCOL_INFOW lpProtocolInfo,
                          GROUP g, DWORD dwFlags, LPINT lpErrno)
{
  struct socket_request request = {
      .family = af, .type = type, .protocol = protocol, .flags = dwFlags};
  SOCKET socket = INVALID_SOCKET;
  int error = 0;

  if (!spi_begin_in("WSPSocket", lpErrno))
    return INVALID_SOCKET;
  if (!base_is_started())
    error = WSAENETDOWN;
  else if (g != 0)
    error = WSAEINVAL;
  else if (lpProtocolInfo != NULL)
    error = socket_use_info(&request, lpProtocolInfo);
  else
    error = socket_choose_protocol(&request);
  if (error == 0)
    error = socket_check_flags(&request);
  if (error == 0)
    error = socket_make(&request, &socket);
  spi_result_in("WSPSocket", lpErrno, error);
  return socket;
}
