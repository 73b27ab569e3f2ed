/* The process heap. Memory comes zeroed; NULL means exhausted, and every caller
 * turns that into an error return. Freeing NULL does nothing; freeing preserves
 * the last error, so that clean-up never masks a cause. */
#ifndef WS2SPI_PLATFORM_HEAP_H
#define WS2SPI_PLATFORM_HEAP_H

#include <stddef.h>

void *heap_allocate(size_t size);
void heap_free(void *memory);

#endif
