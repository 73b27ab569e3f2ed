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

struct wanted {
  int family;
  int type;
  int protocol;
  const struct base_entry *entry;
  bool has_info;
  WSAPROTOCOL_INFOW info;
  DWORD flags;
};

/* A layer may hand down its chain's description; ours is the chain's last entry. */
static DWORD entry_id_of(const WSAPROTOCOL_INFOW *info)
{
  const int length = info->ProtocolChain.ChainLen;

  if (length > 1 && length <= MAX_PROTOCOL_CHAIN)
    return info->ProtocolChain.ChainEntries[length - 1];
  return info->dwCatalogEntryId;
}

static int value_from(int given, int described)
{
  return given == 0 || given == FROM_PROTOCOL_INFO ? described : given;
}

static int use_info(struct wanted *wanted, const WSAPROTOCOL_INFOW *info)
{
  if (!caller_read(&wanted->info, info, sizeof *info))
    return WSAEFAULT;
  wanted->has_info = true;
  wanted->entry = base_entry_by_id(entry_id_of(&wanted->info));
  if (wanted->entry == NULL)
    return WSAEINVAL;
  wanted->family = value_from(wanted->family, wanted->entry->family);
  wanted->type = value_from(wanted->type, wanted->entry->type);
  wanted->protocol =
      value_from(wanted->protocol, wanted->entry->type == SOCK_RAW ? wanted->info.iProtocol
                                                                   : wanted->entry->protocol);
  if (wanted->family != wanted->entry->family)
    return WSAEAFNOSUPPORT;
  return wanted->type == wanted->entry->type ? 0 : WSAESOCKTNOSUPPORT;
}

static int choose_entry(struct wanted *wanted)
{
  int error;

  if (wanted->family == FROM_PROTOCOL_INFO || wanted->type == FROM_PROTOCOL_INFO ||
      wanted->protocol == FROM_PROTOCOL_INFO)
    return WSAEINVAL;
  error = base_entry_match(wanted->family, wanted->type, wanted->protocol, &wanted->entry);
  if (error != 0)
    return error;
  wanted->family = wanted->entry->family;
  wanted->type = wanted->entry->type;
  if (wanted->protocol == 0)
    wanted->protocol = wanted->entry->protocol;
  return 0;
}

/* IP multicast has no root in either plane: a multipoint socket is a leaf in both. */
static int check_flags(const struct wanted *wanted)
{
  const DWORD multipoint = wanted->flags & (ANY_ROOT | BOTH_LEAVES);

  if (multipoint == 0)
    return 0;
  return multipoint == BOTH_LEAVES && wanted->type == SOCK_DGRAM ? 0 : WSAEINVAL;
}

static bool is_duplicate(const struct wanted *wanted)
{
  return wanted->has_info && base_info_is_duplicate(&wanted->info);
}

/* The system's socket is always overlapped, so that a blocking call can be ended;
 * whether the client may use it so is for the record. */
static int make_system_socket(struct wanted *wanted, SOCKET *made)
{
  const struct system_winsock *system = system_winsock();
  const DWORD flags = wanted->flags | WSA_FLAG_OVERLAPPED;

  if (is_duplicate(wanted)) {
    base_info_to_system(wanted->entry, &wanted->info);
    *made = system->WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO,
                               &wanted->info, 0, flags);
  } else {
    *made = system->WSASocketW(wanted->family, wanted->type, wanted->protocol, NULL, 0, flags);
  }
  return *made == INVALID_SOCKET ? base_system_error() : 0;
}

/* A cleanup may have gone through the table just before the socket was in it. */
static int announce(struct base_socket *socket, SOCKET *handle)
{
  const int error = base_modify_ifs_handle(socket->entry->id, handle);

  return error == 0 && !base_is_started() ? WSAENETDOWN : error;
}

static int list_and_announce(struct base_socket *socket, SOCKET *handle)
{
  const SOCKET made = *handle;
  int error;

  if (!base_socket_list(socket, made)) {
    system_winsock()->closesocket(made);
    return WSAENOBUFS;
  }
  error = announce(socket, handle);
  if (error != 0)
    base_socket_discard(socket);
  return error;
}

static void take_mode_of_original(const struct wanted *wanted, struct base_socket *socket)
{
  if (!is_duplicate(wanted))
    return;
  atomic_store(&socket->shared, true);
  atomic_store(&socket->nonblocking, base_info_is_nonblocking(&wanted->info));
}

static int make_socket(struct wanted *wanted, SOCKET *handle)
{
  const bool overlapped = (wanted->flags & WSA_FLAG_OVERLAPPED) != 0;
  struct base_socket *socket = base_socket_new(wanted->entry, overlapped);
  SOCKET made;
  int error;

  if (socket == NULL)
    return WSAENOBUFS;
  take_mode_of_original(wanted, socket);
  error = make_system_socket(wanted, &made);
  if (error == 0)
    error = list_and_announce(socket, &made);
  if (error == 0)
    *handle = made;
  base_socket_release(socket);
  return error;
}

SOCKET WSPAPI base_socket(int af, int type, int protocol, LPWSAPROTOCOL_INFOW lpProtocolInfo,
                          GROUP g, DWORD dwFlags, LPINT lpErrno)
{
  struct wanted wanted = {.family = af, .type = type, .protocol = protocol, .flags = dwFlags};
  SOCKET socket = INVALID_SOCKET;
  int error;

  if (!spi_begin_in("WSPSocket", lpErrno))
    return INVALID_SOCKET;
  error = base_is_started() ? 0 : WSAENETDOWN;
  if (error == 0 && g != 0)
    error = WSAEINVAL;
  if (error == 0)
    error = lpProtocolInfo != NULL ? use_info(&wanted, lpProtocolInfo) : choose_entry(&wanted);
  if (error == 0)
    error = check_flags(&wanted);
  if (error == 0)
    error = make_socket(&wanted, &socket);
  spi_result_in("WSPSocket", lpErrno, error);
  return socket;
}
