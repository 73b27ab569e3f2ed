/* The six base protocols that every Windows has and that this DLL itself provides, and their
 * catalog entries. A store keeps the path that Windows has for them; what the catalog functions
 * return is the path of the ws2spi.dll that answers (D8). */
#ifndef WS2SPI_CATALOG_BASE_ENTRIES_H
#define WS2SPI_CATALOG_BASE_ENTRIES_H

#include "catalog/store.h"

enum { BASE_ENTRIES_COUNT = 6, FIRST_CATALOG_ID = 1001 };

struct base_protocol {
  const WCHAR *name;
  int family;
  int type;
  int protocol; /* 0 for raw sockets, which take any */
  int protocol_max_offset;
  DWORD service_flags;
  DWORD provider_flags;
  DWORD message_size;
};

/* In the order of their entries. */
extern const struct base_protocol base_protocols[BASE_ENTRIES_COUNT];

/* The ProviderId that all protocols of the family share. */
const GUID *base_protocol_provider_id(const struct base_protocol *protocol);

/* Makes the six entries, with the ids 1001 to 1006. */
void base_entries_fill(struct catalog_item *items);

/* Whether the item is one of the six entries. They are recognised by provider, family and type,
 * because their ids and order differ between machines. */
bool base_entries_have(const struct catalog_item *item);

#endif
