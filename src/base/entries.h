/* The six catalog entries this provider answers for. They are stated here as well
 * as in the catalog, because a base provider is told its ids at installation and
 * sees no catalog afterwards. */
#ifndef WS2SPI_BASE_ENTRIES_H
#define WS2SPI_BASE_ENTRIES_H

#include "platform/windows_headers.h"

#include <stdbool.h>

struct base_entry {
  DWORD id;
  int family;
  int type;
  int protocol; /* 0: any, which is what a raw entry takes */
  const WCHAR *name;
};

/* NULL if the id is not one of the six. */
const struct base_entry *base_entry_by_id(DWORD id);
bool base_is_entry(DWORD id);

/* The entry for socket(): 0 is a wildcard for all three. 0, or the error that
 * says which of the three nothing matched. */
int base_entry_match(int family, int type, int protocol, const struct base_entry **entry);

/* Makes the system's description of a socket into the one of this entry: its id,
 * provider and name. What tells about the transport stays the system's. */
void base_entry_sign(const struct base_entry *entry, WSAPROTOCOL_INFOW *info);

#endif
