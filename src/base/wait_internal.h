/* Shared by wait.c, wait_pool.c and wait_registry.c. */
#ifndef WS2SPI_BASE_WAIT_INTERNAL_H
#define WS2SPI_BASE_WAIT_INTERNAL_H

#include "base/wait.h"

/* A block that is zero except for its event. NULL: out of memory or events. */
struct base_wait *wait_pool_take(void);

/* Drops a reference; the last one frees what the wait owns. */
void wait_pool_release(struct base_wait *wait);

/* False: the socket is closing or its stream was aborted, and the wait is not listed. */
bool wait_registry_add(struct base_wait *wait);
void wait_registry_remove(struct base_wait *wait);

#endif
