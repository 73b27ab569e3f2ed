#include "catalog/base_entries.h"

#include "tool/protocols.h"

#include <string.h>

_Static_assert((int)PROTOCOL_COUNT == (int)BASE_ENTRIES_COUNT,
               "each base protocol needs a name in this table");

static const char *protocol_name(const struct base_protocol *protocol)
{
  const BOOL is_ipv6 = protocol->family == AF_INET6;

  switch (protocol->type) {
  case SOCK_STREAM:
    return is_ipv6 ? "TCPv6" : "TCP";
  case SOCK_DGRAM:
    return is_ipv6 ? "UDPv6" : "UDP";
  default:
    return is_ipv6 ? "RAWv6" : "RAW";
  }
}

struct protocol protocol_at(size_t index)
{
  const struct base_protocol *const base = &base_protocols[index];

  return (struct protocol){protocol_name(base), base->family, base->type, base->protocol};
}

BOOL protocol_by_name(const char *name, struct protocol *protocol)
{
  for (size_t i = 0; i < PROTOCOL_COUNT; i++) {
    *protocol = protocol_at(i);
    if (_stricmp(name, protocol->name) == 0)
      return TRUE;
  }
  return FALSE;
}

BOOL protocol_is_of_base_provider(const GUID *provider)
{
  for (size_t i = 0; i < PROTOCOL_COUNT; i++)
    if (IsEqualGUID(provider, base_protocol_provider_id(&base_protocols[i])))
      return TRUE;
  return FALSE;
}
