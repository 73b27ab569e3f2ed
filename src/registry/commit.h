#ifndef WS2SPI_REGISTRY_COMMIT_H
#define WS2SPI_REGISTRY_COMMIT_H

#include "catalog/store.h"

/* store->commit. The caller has the write lock. Appending entries costs the same for any number of
 * present entries, usable or not, unless another process has written since this process did, or
 * this process has just moved unusable entries. */
int commit_splices(const struct store_splice *splices, size_t count, DWORD next_id);

#endif
