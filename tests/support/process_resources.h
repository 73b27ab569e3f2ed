/* The resources that this process holds, for tests that look for leaks. */
#ifndef WS2SPI_TESTS_PROCESS_RESOURCES_H
#define WS2SPI_TESTS_PROCESS_RESOURCES_H

#include <stddef.h>

/* Open handles; 0 if the system does not tell the number. */
size_t open_handles(void);

/* Threads of the process; 0 if the system does not tell the number. */
size_t running_threads(void);

/* Blocks in use in the process heap. */
size_t heap_blocks(void);

#endif
