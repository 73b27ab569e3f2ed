/* Items to put into a catalog, and what is in one. */
#ifndef WS2SPI_TESTS_REGISTRY_ITEMS_H
#define WS2SPI_TESTS_REGISTRY_ITEMS_H

#include "registry/registry_store.h"

enum { FIRST_ID = 1001 };

/* A base entry, all of it made from its id. */
struct catalog_item item_make(DWORD id);

/* `count` of them, with ids that follow `first_id`. */
void items_make(struct catalog_item *items, size_t count, DWORD first_id);

bool item_is_equal(const struct catalog_item *left, const struct catalog_item *right);

/* lock, commit, unlock; the first error. */
int items_commit(const struct store_splice *splices, size_t count, DWORD next_id);

/* The same for one splice of one width. */
int items_put(enum catalog_width width, size_t first, const struct catalog_item *items,
              size_t count, DWORD next_id);

/* Everything that a reader can see of a store, for snapshot_free. */
struct snapshot {
  struct store_image *image[2];
};
struct snapshot snapshot_take(void);
void snapshot_free(struct snapshot *snapshot);

/* But for the serial numbers. */
bool snapshot_is_equal(const struct snapshot *left, const struct snapshot *right);

#endif
