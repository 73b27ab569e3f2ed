/* A key that is opened once and kept open: for reads that are frequent, and for notifications, which
 * last as long as the handle through which they were requested.
 *
 * If the whole catalog has been deleted, using the handle fails with ERROR_KEY_DELETED, and the
 * key is opened again. The old handle stays open, because another thread may be using it; so one
 * handle is left for each time that the whole catalog is deleted. */
#ifndef WS2SPI_REGISTRY_CACHED_KEY_H
#define WS2SPI_REGISTRY_CACHED_KEY_H

#include "platform/registry.h"

#include <stdatomic.h>

struct cached_key {
  _Atomic(HKEY) key;
  DWORD (*open)(HKEY *key);
};

DWORD cached_key_get(struct cached_key *cached, HKEY *key);

/* After ERROR_KEY_DELETED for `deleted`, which cached_key_get returned. */
DWORD cached_key_reopen(struct cached_key *cached, HKEY deleted, HKEY *key);

/* At FreeLibrary. */
void cached_key_close(struct cached_key *cached);

#endif
