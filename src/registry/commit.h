#ifndef WS2SPI_REGISTRY_COMMIT_H
#define WS2SPI_REGISTRY_COMMIT_H

#include "catalog/store.h"

/* store->commit. The write lock is the caller's. What an addition at the end costs does not
 * depend on how many entries there are, usable or not, unless another process has written since
 * this one did, or this one has just moved what nobody can use. */
int commit_tails(const struct store_splice *tails, size_t count, DWORD next_id);

#endif
