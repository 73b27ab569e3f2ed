/* What the files of the wait engine share. */
#ifndef WS2SPI_BASE_WAIT_INTERNAL_H
#define WS2SPI_BASE_WAIT_INTERNAL_H

#include "base/wait.h"

/* Zeroed but for its event; NULL: no memory or no event is to be had. */
struct base_wait *wait_block_take(void);

/* Drops a reference; the last one gives back what the wait owns. */
void wait_block_release(struct base_wait *wait);

/* False on a socket that is closing or compromised: then it is not listed. */
bool wait_list_add(struct base_wait *wait);
void wait_list_remove(struct base_wait *wait);

#endif
