/* The six catalog entries this provider answers for. They are stated here as well
 * as in the catalog, because a base provider knows what it implements and sees no catalog,
 * but for the ids it has there, which it learns when it starts: they are not the same on
 * all machines. */
#ifndef WS2SPI_BASE_BASE_PROTOCOLS_H
#define WS2SPI_BASE_BASE_PROTOCOLS_H

#include "platform/windows_headers.h"

#include <stdatomic.h>
#include <stdbool.h>

struct base_entry {
  _Atomic(DWORD) id;
  int family;
  int type;
  int protocol; /* 0: any, which is what a raw entry takes */
  const WCHAR *name;
};

/* The ids that the catalog has now; one that is not there keeps the last it had. */
void base_entries_learn_ids(void);

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
