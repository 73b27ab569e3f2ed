#ifndef WS2SPI_REGISTRY_NOTIFY_H
#define WS2SPI_REGISTRY_NOTIFY_H

#include "platform/windows_headers.h"

/* store->notify. The event is set by the next commit of any process. On real Windows a change
 * consists of several writes to the catalog's key, and each of them may set the event.
 * WSASYSCALLFAILURE there: the catalog does not exist. */
int registry_notify(HANDLE event);

/* At FreeLibrary. */
void registry_notify_close(void);

#endif
