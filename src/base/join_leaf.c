/* WSPJoinLeaf for IP multicast, by membership options: Wine's WSAJoinLeaf is a stub that fails
 * without an error code. An IP group has no root, so every member is a leaf, and the call returns
 * the socket itself. */
#include "base/caller_buffers.h"
#include "base/procedures.h"
#include "base/base_socket.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

static bool join_leaf_is_multicast(const SOCKADDR_STORAGE *group)
{
  if (group->ss_family == AF_INET6)
    return ((const struct sockaddr_in6 *)group)->sin6_addr.s6_addr[0] == 0xff;
  return ((const struct sockaddr_in *)group)->sin_addr.S_un.S_un_b.s_b1 >> 4 == 0xe;
}

static int join_leaf_bind(const struct base_socket *socket, const SOCKADDR_STORAGE *group)
{
  SOCKADDR_STORAGE local = {.ss_family = group->ss_family};
  int length = sizeof local;
  SOCKADDR_STORAGE bound;

  /* Not by the port: the name of a raw socket never has one. */
  if (system_winsock()->getsockname(socket->handle, (struct sockaddr *)&bound, &length) == 0)
    return 0;
  if (system_winsock()->bind(socket->handle, (struct sockaddr *)&local,
                             address_size(group->ss_family)) != 0)
    return base_system_error();
  return 0;
}

static int join_leaf_ipv4(SOCKET s, const SOCKADDR_STORAGE *group)
{
  struct ip_mreq membership = {((const struct sockaddr_in *)group)->sin_addr, {{{0, 0, 0, 0}}}};

  return system_winsock()->setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, (const char *)&membership,
                                      sizeof membership);
}

static int join_leaf_ipv6(SOCKET s, const SOCKADDR_STORAGE *group)
{
  const struct sockaddr_in6 *address = (const struct sockaddr_in6 *)group;
  struct ipv6_mreq membership = {address->sin6_addr, address->sin6_scope_id};

  return system_winsock()->setsockopt(s, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP,
                                      (const char *)&membership, sizeof membership);
}

static int join_leaf_check(const struct base_socket *socket, const SOCKADDR_STORAGE *group,
                           int length, DWORD flags)
{
  /* The page lists no WSAEINVAL (ws2spi/nc-ws2spi-lpwspjoinleaf). */
  if (flags != JL_SENDER_ONLY && flags != JL_RECEIVER_ONLY && flags != JL_BOTH)
    return WSAEOPNOTSUPP;
  if (base_socket_is_stream(socket))
    return WSAEOPNOTSUPP;
  if (group->ss_family != socket->protocol->family)
    return WSAEAFNOSUPPORT;
  if (length < address_size(group->ss_family))
    return WSAEFAULT;
  return join_leaf_is_multicast(group) ? 0 : WSAEADDRNOTAVAIL;
}

/* A sender needs no membership: any socket can send to a group. */
static int join_leaf_add_member(const struct base_socket *socket, const SOCKADDR_STORAGE *group,
                                DWORD flags)
{
  int error = join_leaf_bind(socket, group);

  if (error != 0 || flags == JL_SENDER_ONLY)
    return error;
  if ((group->ss_family == AF_INET6 ? join_leaf_ipv6(socket->handle, group)
                                    : join_leaf_ipv4(socket->handle, group)) != 0)
    error = base_system_error();
  return error;
}

SOCKET WSPAPI base_join_leaf(SOCKET s, const struct sockaddr *name, int namelen,
                             LPWSABUF lpCallerData, LPWSABUF lpCalleeData, LPQOS lpSQOS,
                             LPQOS lpGQOS, DWORD dwFlags, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPJoinLeaf", s, lpErrno);
  SOCKADDR_STORAGE group;
  int error;

  (void)lpCalleeData;
  if (socket == NULL)
    return INVALID_SOCKET;
  error = caller_peer_copy(&group, name, namelen, lpCallerData, lpSQOS, lpGQOS);
  if (error == 0)
    error = join_leaf_check(socket, &group, namelen, dwFlags);
  if (error == 0)
    error = join_leaf_add_member(socket, &group, dwFlags);
  return base_leave("WSPJoinLeaf", socket, lpErrno, error) == 0 ? s : INVALID_SOCKET;
}
