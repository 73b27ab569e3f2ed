/* One numbered key of the catalog: PackedCatalogItem, ProtocolName, and the path in Unicode
 * where 8 bits are not enough for it. */
#ifndef WS2SPI_REGISTRY_ITEM_KEY_H
#define WS2SPI_REGISTRY_ITEM_KEY_H

#include "platform/registry.h"
#include "registry/journal.h"
#include "registry/packed_item.h"

/* NULL, or why nobody can use it; as packed_item_read. */
const char *journal_item_read(const struct journal_item *stored, struct catalog_item *item);

/* What an item is kept as. The packed bytes are put into `packed`. */
struct journal_item journal_item_of(const struct catalog_item *item,
                                    unsigned char packed[PACKED_ITEM_SIZE]);

/* ERROR_FILE_NOT_FOUND: no such key. 0 with a reason: there is something that nobody can use. */
DWORD item_key_read(HKEY entries, DWORD position, struct catalog_item *item, const char **reason);

/* Makes the key, or overwrites what it holds. */
DWORD item_key_write(HKEY entries, DWORD position, const struct journal_item *item);

/* What a key holds, to be kept though nobody can use it; its memory is item_key_free's. What
 * cannot be read is taken for not there. */
DWORD item_key_load(HKEY entries, DWORD position, struct journal_item *item);
void item_key_free(struct journal_item *item);

#endif
