/* The process heap. Memory is zeroed. NULL means exhausted, and every caller turns that into an
 * error. Freeing NULL does nothing. Freeing preserves the last error, so that clean-up never
 * hides the error that caused it. */
#ifndef WS2SPI_PLATFORM_HEAP_H
#define WS2SPI_PLATFORM_HEAP_H

#include <stddef.h>

void *heap_allocate(size_t size);
void heap_free(void *memory);

#endif
