/* Items for a catalog, and snapshots of its content. */
#ifndef WS2SPI_TESTS_REGISTRY_CATALOG_FIXTURE_H
#define WS2SPI_TESTS_REGISTRY_CATALOG_FIXTURE_H

#include "registry/registry_store.h"

enum { FIRST_ID = 1001 };

/* A base entry whose fields are all made from its id. */
struct catalog_item item_make(DWORD id);

/* `count` items with the ids from `first_id`. */
void items_make(struct catalog_item *items, size_t count, DWORD first_id);

bool item_is_equal(const struct catalog_item *left, const struct catalog_item *right);

/* lock, commit, unlock. Returns the first error. */
int items_commit(const struct store_splice *splices, size_t count, DWORD next_id);

/* The same for one splice of one width. */
int items_put(enum catalog_width width, size_t first, const struct catalog_item *items,
              size_t count, DWORD next_id);

/* Installs a layer named "Layer" over `count` entries, or over all if `over` is NULL: in both widths
 * from a 64-bit program, in its own from a 32-bit one. 0 or the error. */
int layer_install(GUID *provider, WSAPROTOCOL_INFOW *over, DWORD count);

/* Everything that a reader can see of the store; for snapshot_free. */
struct snapshot {
  struct store_image *image[CATALOG_WIDTHS];
};
struct snapshot snapshot_take(void);
void snapshot_free(struct snapshot *snapshot);

/* Serial numbers are not compared. */
bool snapshot_is_equal(const struct snapshot *left, const struct snapshot *right);

#endif
