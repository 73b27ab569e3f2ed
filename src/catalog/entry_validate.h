/* The rules for an entry that is added (WinSock/transport-configuration-and-installation-2,
 * WinSock/layered-protocols-and-protocol-chains-2). */
#ifndef WS2SPI_CATALOG_ENTRY_VALIDATE_H
#define WS2SPI_CATALOG_ENTRY_VALIDATE_H

#include "catalog/entry_table.h"

/* Why the entry cannot be added: its name, its path or its chain is invalid, or the chain names an
 * entry that is not in the table or invalid. NULL, or a literal. The caller holds the table's
 * lock. */
const char *entry_problem(const struct entry_table *table, const struct catalog_item *item);

/* Whether the chain names a process-local entry. Then this entry must be process-local too. */
bool entry_is_local(const WSAPROTOCOL_INFOW *info);

#endif
