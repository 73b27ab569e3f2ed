/* The base protocols under the short names that the tool uses: TCP, UDP, RAW, TCPv6, UDPv6,
 * RAWv6. The facts come from catalog/base_entries.h. Only protocols.c includes that, because it
 * needs platform/windows_headers.h before all other system headers. */
#ifndef WS2SPI_TOOL_PROTOCOLS_H
#define WS2SPI_TOOL_PROTOCOLS_H

#include "tool/windows_headers.h"

enum { PROTOCOL_COUNT = 6 };

struct protocol {
  const char *name;
  int family;
  int type;
  int protocol;
};

struct protocol protocol_at(size_t index);

/* Without regard to case. FALSE: there is no such protocol. */
BOOL protocol_by_name(const char *name, struct protocol *protocol);

BOOL protocol_is_of_base_provider(const GUID *provider);

#endif
