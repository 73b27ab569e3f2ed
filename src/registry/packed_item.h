/* PackedCatalogItem: an entry in Windows' own form, 888 bytes. Pure functions of bytes.
 *
 *   0    the path in 8-bit characters, 260 bytes with the NUL; the bytes after it have no meaning
 *   260  WSAPROTOCOL_INFOW
 *
 * How a reader understands an 8-bit path depends on its code page, which under Wine depends on the
 * environment of each process. So a path that is not plain ASCII is stored a second time, in
 * Unicode, beside the item. */
#ifndef WS2SPI_REGISTRY_PACKED_ITEM_H
#define WS2SPI_REGISTRY_PACKED_ITEM_H

#include "catalog/store.h"

enum { PACKED_ITEM_SIZE = 888, PACKED_PATH_SIZE = 260 };

/* NULL, or the reason why these bytes cannot be used. *item is filled in as far as possible; its
 * catalog entry id is 0 if it is not known. */
const char *packed_item_read(const void *bytes, size_t size, struct catalog_item *item);

/* The caller has checked that the item's path is terminated. */
void packed_item_write(const struct catalog_item *item, unsigned char bytes[PACKED_ITEM_SIZE]);

/* Whether 8-bit characters hold the path in every code page. */
bool packed_path_is_enough(const WCHAR *path);

/* Whether the packed path may stand for a path in Unicode. */
bool packed_path_is_doubtful(const unsigned char *packed);

/* Whether the packed path, which is terminated, can have been made from `path`: the parts before
 * its first non-ASCII character and after its last are the same. If they differ, another program
 * has changed the packed item alone, and the packed path counts. */
bool packed_path_agrees(const unsigned char *packed, const WCHAR *path);

#endif
