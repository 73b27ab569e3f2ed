/* The entries of one width in the registry, with an unfinished journal applied if there is one: the
 * usable items, and a problem with its reason for everything else. */
#ifndef WS2SPI_REGISTRY_CATALOG_IMAGE_H
#define WS2SPI_REGISTRY_CATALOG_IMAGE_H

#include "catalog/store.h"
#include "registry/catalog_state.h"

struct catalog_image {
  struct store_image *image;
  DWORD key_count;
  DWORD *positions; /* of the keys, ascending; 1 to key_count in an undamaged catalog */
};

/* 0 or an error of winerror.h. After success catalog_image_free is needed; it frees the
 * store_image too, unless the caller has taken it and set `image` to NULL. */
DWORD catalog_image_read(const struct catalog_state *state, enum catalog_width width,
                         struct catalog_image *read);
void catalog_image_free(struct catalog_image *read);

#endif
