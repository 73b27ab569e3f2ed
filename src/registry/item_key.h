/* One numbered key of the catalog. Its values are PackedCatalogItem, ProtocolName, and, if 8-bit
 * characters are not enough for the path, the path in Unicode. */
#ifndef WS2SPI_REGISTRY_ITEM_KEY_H
#define WS2SPI_REGISTRY_ITEM_KEY_H

#include "platform/registry.h"
#include "registry/journal.h"
#include "registry/packed_item.h"

/* NULL, or the reason why the item cannot be used; as packed_item_read. */
const char *journal_item_read(const struct journal_item *stored, struct catalog_item *item);

/* The stored form of an item. The packed bytes are written to `packed`. */
struct journal_item journal_item_of(const struct catalog_item *item,
                                    unsigned char packed[PACKED_ITEM_SIZE]);

/* ERROR_FILE_NOT_FOUND: there is no such key. 0 with a reason: the item cannot be used. */
DWORD item_key_read(HKEY entries, DWORD position, struct catalog_item *item, const char **reason);

/* Makes the key, or overwrites its values. */
DWORD item_key_write(HKEY entries, DWORD position, const struct journal_item *item);

/* The values of a key whose item cannot be used, so that they can be moved; for item_key_free. A
 * value that cannot be read counts as missing. */
DWORD item_key_load(HKEY entries, DWORD position, struct journal_item *item);
void item_key_free(struct journal_item *item);

#endif
