/* What an entry must be like to be added (WinSock/transport-configuration-and-installation-2,
 * WinSock/layered-protocols-and-protocol-chains-2). */
#ifndef WS2SPI_CATALOG_ENTRY_VALIDATE_H
#define WS2SPI_CATALOG_ENTRY_VALIDATE_H

#include "catalog/entry_table.h"

/* Why it cannot be added: its name or path does not end, or its chain is not possible with
 * the usable entries there are. NULL, or a literal. The lock of the table is the caller's. */
const char *entry_problem(const struct entry_table *table, const struct catalog_item *item);

/* Whether the chain names an entry of this process alone: then the entry is one too. */
bool entry_is_local(const WSAPROTOCOL_INFOW *info);

#endif
