#ifndef WS2SPI_REGISTRY_NOTIFY_H
#define WS2SPI_REGISTRY_NOTIFY_H

#include "platform/windows_headers.h"

/* store->notify. The event is set by the next commit of any process; on a real Windows also by a
 * write into the catalog's key that is only a part of one. WSASYSCALLFAILURE there if it has no catalog. */
int registry_notify(HANDLE event);

/* At FreeLibrary. */
void registry_notify_close(void);

#endif
