/* Which base protocol (catalog/base_entries.h) a socket is made for, and the catalog ids of the
 * base protocols. Ids differ between machines, so WSPStartup reads them from the catalog. */
#ifndef WS2SPI_BASE_BASE_PROTOCOLS_H
#define WS2SPI_BASE_BASE_PROTOCOLS_H

#include "catalog/base_entries.h"

/* Reads the ids from the catalog. A protocol that has no entry there keeps its last id. */
void base_protocols_read_ids(void);

DWORD base_protocol_id(const struct base_protocol *protocol);

/* NULL: the id is not that of a base protocol. */
const struct base_protocol *base_protocol_by_id(DWORD id);
bool base_protocols_have_id(DWORD id);

/* The protocol for the arguments of socket(), each of which may be 0 for any. 0, or the error for
 * the first argument that nothing matches: WSAEAFNOSUPPORT, WSAESOCKTNOSUPPORT, WSAEPROTONOSUPPORT.
 * */
int base_protocol_find(int family, int type, int protocol, const struct base_protocol **found);

/* Puts the catalog id, ProviderId, chain length and name of this protocol into the system's
 * description of a socket; all other fields stay the system's. */
void base_protocol_describe(const struct base_protocol *protocol, WSAPROTOCOL_INFOW *info);

#endif
