/* The entries of one width as the registry has them, and a journal over them if there is
 * one: what can be used, and why the rest cannot. */
#ifndef WS2SPI_REGISTRY_CATALOG_IMAGE_H
#define WS2SPI_REGISTRY_CATALOG_IMAGE_H

#include "catalog/store.h"
#include "registry/catalog_state.h"

struct catalog_image {
  struct store_image *image;
  DWORD key_count;
  DWORD *positions; /* of the keys there are, ascending: 1 to key_count if all is well */
};

/* 0 or an error of winerror.h; each success needs one free, which takes the store_image along
 * unless it was taken out. */
DWORD catalog_image_read(const struct catalog_state *state, enum catalog_width width,
                         struct catalog_image *read);
void catalog_image_free(struct catalog_image *read);

#endif
