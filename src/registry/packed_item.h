/* PackedCatalogItem: an entry as Windows keeps it, 888 bytes. Pure functions of bytes.
 *
 *   0    the path in 8-bit characters, 260 bytes with the NUL; behind it is what it is
 *   260  WSAPROTOCOL_INFOW
 *
 * A path in 8 bits depends on the code page of whoever reads it, and under Wine that is
 * a matter of each process's environment. So a path that is not plain ASCII is kept a
 * second time, in Unicode, beside the item. */
#ifndef WS2SPI_REGISTRY_PACKED_ITEM_H
#define WS2SPI_REGISTRY_PACKED_ITEM_H

#include "catalog/store.h"

enum { PACKED_ITEM_SIZE = 888, PACKED_PATH_SIZE = 260 };

/* NULL, or why nobody can use these bytes. *item is filled as far as they go: its
 * catalog entry id is 0 if it cannot be told. */
const char *packed_item_read(const void *bytes, size_t size, struct catalog_item *item);

/* The path ends, in the item: the caller has seen to that. */
void packed_item_write(const struct catalog_item *item, unsigned char bytes[PACKED_ITEM_SIZE]);

/* Whether 8 bits hold the path in every code page. */
bool packed_path_is_enough(const WCHAR *path);

/* Whether the packed path may stand for something else than it says. */
bool packed_path_is_doubtful(const unsigned char *packed);

/* Whether `path` can be what the packed path, which has an end, was made from: what stands before
 * its first character beyond ASCII and behind its last is the same. Somebody who changes
 * the packed item alone is believed. */
bool packed_path_agrees(const unsigned char *packed, const WCHAR *path);

#endif
