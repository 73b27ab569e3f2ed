#include "base/base_protocols.h"

#include "catalog/catalog.h"

#include <string.h>

static struct base_entry entries[] = {
    {1001, AF_INET, SOCK_STREAM, IPPROTO_TCP, L"MSAFD Tcpip [TCP/IP]"},
    {1002, AF_INET, SOCK_DGRAM, IPPROTO_UDP, L"MSAFD Tcpip [UDP/IP]"},
    {1003, AF_INET, SOCK_RAW, 0, L"MSAFD Tcpip [RAW/IP]"},
    {1004, AF_INET6, SOCK_STREAM, IPPROTO_TCP, L"MSAFD Tcpip [TCP/IPv6]"},
    {1005, AF_INET6, SOCK_DGRAM, IPPROTO_UDP, L"MSAFD Tcpip [UDP/IPv6]"},
    {1006, AF_INET6, SOCK_RAW, 0, L"MSAFD Tcpip [RAW/IPv6]"},
};

static const GUID provider_ipv4 = {
    0xe70f1aa0, 0xab8b, 0x11cf, {0x8c, 0xa3, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92}};
static const GUID provider_ipv6 = {
    0xf9eab0c0, 0x26d4, 0x11d0, {0xbb, 0xbf, 0x00, 0xaa, 0x00, 0x6c, 0x34, 0xe4}};

enum { ENTRY_COUNT = sizeof entries / sizeof entries[0] };

void base_entries_learn_ids(void)
{
  for (int i = 0; i < ENTRY_COUNT; i++) {
    const DWORD id = catalog_find_base_id(entries[i].family, entries[i].type);

    if (id != 0)
      entries[i].id = id;
  }
}

const struct base_entry *base_entry_by_id(DWORD id)
{
  for (int i = 0; i < ENTRY_COUNT; i++) {
    if (entries[i].id == id)
      return &entries[i];
  }
  return NULL;
}

bool base_is_entry(DWORD id)
{
  return base_entry_by_id(id) != NULL;
}

static bool protocol_matches(const struct base_entry *entry, int protocol)
{
  if (entry->type == SOCK_RAW)
    return protocol >= 0 && protocol <= 255;
  return protocol == 0 || protocol == entry->protocol;
}

int base_entry_match(int family, int type, int protocol, const struct base_entry **entry)
{
  int error = WSAEAFNOSUPPORT;

  for (int i = 0; i < ENTRY_COUNT; i++) {
    if (family != AF_UNSPEC && family != entries[i].family)
      continue;
    if (type != 0 && type != entries[i].type) {
      if (error == WSAEAFNOSUPPORT)
        error = WSAESOCKTNOSUPPORT;
      continue;
    }
    /* A protocol without a type never means a raw socket. */
    if ((type != 0 || entries[i].type != SOCK_RAW) && protocol_matches(&entries[i], protocol)) {
      *entry = &entries[i];
      return 0;
    }
    error = WSAEPROTONOSUPPORT;
  }
  return error;
}

void base_entry_sign(const struct base_entry *entry, WSAPROTOCOL_INFOW *info)
{
  info->dwCatalogEntryId = entry->id;
  info->ProviderId = entry->family == AF_INET6 ? provider_ipv6 : provider_ipv4;
  info->ProtocolChain.ChainLen = BASE_PROTOCOL;
  memset(info->szProtocol, 0, sizeof info->szProtocol);
  memcpy(info->szProtocol, entry->name, (wcslen(entry->name) + 1) * sizeof(WCHAR));
}
