/* A key that is opened once and kept open: for what is asked often, and for notifications, which
 * last as long as the handle they were asked for through.
 *
 * A key that somebody has deleted, with the whole catalog, says so when it is used, and is then
 * looked for anew. Its old handle stays open, since another thread may just be using it: one for
 * each time that the whole catalog is deleted. */
#ifndef WS2SPI_REGISTRY_CACHED_KEY_H
#define WS2SPI_REGISTRY_CACHED_KEY_H

#include "platform/registry.h"

#include <stdatomic.h>

struct lasting_key {
  _Atomic(HKEY) key;
  DWORD (*open)(HKEY *key);
};

DWORD lasting_key_get(struct lasting_key *lasting, HKEY *key);

/* `dead` was got, and said ERROR_KEY_DELETED. */
DWORD lasting_key_get_again(struct lasting_key *lasting, HKEY dead, HKEY *key);

/* At FreeLibrary. */
void lasting_key_close(struct lasting_key *lasting);

#endif
