/* What this process holds, for tests that nothing is leaked. */
#ifndef WS2SPI_TESTS_PROCESS_RESOURCES_H
#define WS2SPI_TESTS_PROCESS_RESOURCES_H

#include <stddef.h>

/* Open handles; 0 if the system does not say. */
size_t open_handles(void);

/* Open handles, counted one by one: Wine answers the question above with the size of
 * its table, which grows by doubling. */
size_t handles_in_use(void);

/* Blocks in use in the process heap. */
size_t heap_blocks(void);

#endif
