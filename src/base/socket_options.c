/* WSPGetSockOpt and WSPSetSockOpt. */
#include "base/procedures.h"
#include "base/base_socket.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

enum { MAX_OPTION_BYTES = 65536 };

/* The socket's entry in this catalog, not the one that the system's catalog has for it. */
static int socket_options_get_protocol_info(const struct base_socket *socket, char *value,
                                            int *length)
{
  WSAPROTOCOL_INFOW info;
  int size = sizeof info;

  if (*length < size)
    return WSAEFAULT;
  if (system_winsock()->getsockopt(socket->handle, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info,
                                   &size) != 0)
    return base_system_error();
  base_protocol_describe(socket->protocol, &info);
  *length = sizeof info;
  return caller_write(value, &info, sizeof info) ? 0 : WSAEFAULT;
}

static int socket_options_get(const struct base_socket *socket, int level, int option, char *value,
                              LPINT optlen)
{
  int length;
  int error = 0;

  if (!caller_read(&length, optlen, sizeof length) || !caller_can_write(optlen, sizeof length))
    return WSAEFAULT;
  if (length < 0 || length > MAX_OPTION_BYTES || !caller_can_write(value, (size_t)length) ||
      (length == 0 && value == NULL))
    return WSAEFAULT;
  if (level == SOL_SOCKET && option == SO_PROTOCOL_INFOW)
    error = socket_options_get_protocol_info(socket, value, &length);
  else if (system_winsock()->getsockopt(socket->handle, level, option, value, &length) != 0)
    error = base_system_error();
  if (error == 0 && !caller_store_int(optlen, length))
    return WSAEFAULT;
  return error;
}

int WSPAPI base_get_sock_opt(SOCKET s, int level, int optname, char *optval, LPINT optlen,
                             LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPGetSockOpt", s, lpErrno);

  if (socket == NULL)
    return SOCKET_ERROR;
  return base_leave("WSPGetSockOpt", socket, lpErrno,
                    socket_options_get(socket, level, optname, optval, optlen));
}

static bool socket_options_can_read(const char *value, int length)
{
  char byte;

  for (int at = 0; at < length; at += 4096) {
    if (!caller_read(&byte, value + at, 1))
      return false;
  }
  return length == 0 || caller_read(&byte, value + length - 1, 1);
}

static int socket_options_set(const struct base_socket *socket, int level, int option,
                              const char *value, int length)
{
  if (length < 0 || length > MAX_OPTION_BYTES || !socket_options_can_read(value, length))
    return WSAEFAULT;
  if (system_winsock()->setsockopt(socket->handle, level, option, value, length) != 0)
    return base_system_error();
  return 0;
}

int WSPAPI base_set_sock_opt(SOCKET s, int level, int optname, const char *optval, int optlen,
                             LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPSetSockOpt", s, lpErrno);

  if (socket == NULL)
    return SOCKET_ERROR;
  return base_leave("WSPSetSockOpt", socket, lpErrno,
                    socket_options_set(socket, level, optname, optval, optlen));
}
