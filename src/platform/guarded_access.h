/* The primitives under caller_memory: plain machine accesses, each inside a frame-based exception
 * handler. They return 1, or 0 after a page fault. */
#ifndef WS2SPI_PLATFORM_GUARDED_ACCESS_H
#define WS2SPI_PLATFORM_GUARDED_ACCESS_H

#include <stddef.h>
#include <stdint.h>

int guarded_copy(void *destination, const void *source, size_t size);
int guarded_store_int(int *target, int value);
int guarded_store_pointer(void *target, uintptr_t value);

/* Check that memory can be written, and do not change it. The first is atomic. The second is faster,
 * and for memory that only the calling thread writes to. */
int guarded_touch(void *target);
int guarded_touch_int(int *target);

/* Checks that *error can be written, without changing it, stores the two values and returns 0.
 * After a page fault it jumps to `on_fault` with the same arguments, and returns that function's
 * result. Its caller is the hottest path of the DLL, and thus need not save anything for the case
 * of a fault. */
typedef int (*guarded_query_fault)(void *callback, uintptr_t callback_value, void *context,
                                   uintptr_t context_value, int *error);
int guarded_store_query(void *callback, uintptr_t callback_value, void *context,
                        uintptr_t context_value, int *error, guarded_query_fault on_fault);

#endif
