/* What an entry must be like to be added (WinSock/transport-configuration-and-installation-2,
 * WinSock/layered-protocols-and-protocol-chains-2). */
#ifndef WS2SPI_CATALOG_ENTRY_RULES_H
#define WS2SPI_CATALOG_ENTRY_RULES_H

#include "catalog/entry_table.h"

/* Whether the name ends and the chain is possible with the entries there are. The
 * lock of the table is the caller's. */
bool entry_is_acceptable(const struct entry_table *table, const WSAPROTOCOL_INFOW *info);

#endif
