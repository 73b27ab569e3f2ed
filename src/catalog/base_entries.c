#include "catalog/base_entries.h"

#include <wchar.h>

/* The providers of IPv4 and IPv6 on every Windows. */
static const GUID TCPIP = {
    0xE70F1AA0, 0xAB8B, 0x11CF, {0x8C, 0xA3, 0x00, 0x80, 0x5F, 0x48, 0xA1, 0x92}};
static const GUID TCPIP6 = {
    0xF9EAB0C0, 0x26D4, 0x11D0, {0xBB, 0xBF, 0x00, 0xAA, 0x00, 0x6C, 0x34, 0xE4}};

enum {
  STREAM_FLAGS = XP1_GUARANTEED_DELIVERY | XP1_GUARANTEED_ORDER | XP1_GRACEFUL_CLOSE |
                 XP1_EXPEDITED_DATA | XP1_IFS_HANDLES,
  DATAGRAM_FLAGS = XP1_CONNECTIONLESS | XP1_MESSAGE_ORIENTED | XP1_SUPPORT_BROADCAST |
                   XP1_SUPPORT_MULTIPOINT | XP1_IFS_HANDLES,
  VISIBLE = PFL_MATCHES_PROTOCOL_ZERO,
  HIDDEN = PFL_MATCHES_PROTOCOL_ZERO | PFL_HIDDEN,
  MSAFD_VERSION = 2
};

const struct base_protocol base_protocols[BASE_ENTRIES_COUNT] = {
    {L"MSAFD Tcpip [TCP/IP]", AF_INET, SOCK_STREAM, IPPROTO_TCP, 0, STREAM_FLAGS, VISIBLE, 0},
    {L"MSAFD Tcpip [UDP/IP]", AF_INET, SOCK_DGRAM, IPPROTO_UDP, 0, DATAGRAM_FLAGS, VISIBLE, 65467},
    {L"MSAFD Tcpip [RAW/IP]", AF_INET, SOCK_RAW, 0, 255, DATAGRAM_FLAGS, HIDDEN, 32768},
    {L"MSAFD Tcpip [TCP/IPv6]", AF_INET6, SOCK_STREAM, IPPROTO_TCP, 0, STREAM_FLAGS, VISIBLE, 0},
    {L"MSAFD Tcpip [UDP/IPv6]", AF_INET6, SOCK_DGRAM, IPPROTO_UDP, 0, DATAGRAM_FLAGS, VISIBLE,
     65467},
    {L"MSAFD Tcpip [RAW/IPv6]", AF_INET6, SOCK_RAW, 0, 255, DATAGRAM_FLAGS, HIDDEN, 32768},
};

const GUID *base_protocol_provider_id(const struct base_protocol *protocol)
{
  return protocol->family == AF_INET6 ? &TCPIP6 : &TCPIP;
}

static void base_entries_fill_info(WSAPROTOCOL_INFOW *info, const struct base_protocol *base)
{
  const bool ipv6 = base->family == AF_INET6;

  info->dwServiceFlags1 = base->service_flags;
  info->dwProviderFlags = base->provider_flags;
  info->ProviderId = *base_protocol_provider_id(base);
  info->ProtocolChain.ChainLen = BASE_PROTOCOL;
  info->iVersion = MSAFD_VERSION;
  info->iAddressFamily = base->family;
  info->iMaxSockAddr = ipv6 ? (int)sizeof(struct sockaddr_in6) : (int)sizeof(struct sockaddr_in);
  info->iMinSockAddr = info->iMaxSockAddr;
  info->iSocketType = base->type;
  info->iProtocol = base->protocol;
  info->iProtocolMaxOffset = base->protocol_max_offset;
  info->iNetworkByteOrder = BIGENDIAN;
  info->iSecurityScheme = SECURITY_PROTOCOL_NONE;
  info->dwMessageSize = base->message_size;
  wcscpy(info->szProtocol, base->name);
}

void base_entries_fill(struct catalog_item *items)
{
  for (DWORD i = 0; i < BASE_ENTRIES_COUNT; i++) {
    items[i] = (struct catalog_item){0};
    items[i].info.dwCatalogEntryId = FIRST_CATALOG_ID + i;
    base_entries_fill_info(&items[i].info, &base_protocols[i]);
    wcscpy(items[i].path, L"%SystemRoot%\\system32\\mswsock.dll");
  }
}

static bool base_entries_match(const WSAPROTOCOL_INFOW *info, const struct base_protocol *base)
{
  return IsEqualGUID(&info->ProviderId, base_protocol_provider_id(base)) &&
         info->iAddressFamily == base->family && info->iSocketType == base->type;
}

bool base_entries_have(const struct catalog_item *item)
{
  bool have = false;

  for (int i = 0; !have && i < BASE_ENTRIES_COUNT; i++)
    have = base_entries_match(&item->info, &base_protocols[i]);
  return have && item->info.ProtocolChain.ChainLen == BASE_PROTOCOL;
}
