/* Chains that nobody could start: a part is not there, or the chain leads back to itself, at
 * whatever depth. Such an entry is no fault of its bytes: it stays an item, so that it
 * can be removed by its id. */
#ifndef WS2SPI_CATALOG_CHAIN_FAULTS_H
#define WS2SPI_CATALOG_CHAIN_FAULTS_H

#include "catalog/store.h"
#include "platform/index_table.h"

/* reason[i] becomes NULL, or why items[i] cannot be started. `by_id` leads from the catalog
 * entry ids to the items. In time that grows with `count` alone, however deep
 * the chains lie in each other. False if memory is exhausted. */
bool chain_faults_find(const struct catalog_item *items, size_t count,
                       const struct index_table *by_id, const char **reason);

#endif
