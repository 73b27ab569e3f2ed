/* The primitives under caller_memory: plain machine accesses, each inside a
 * frame-based exception handler that turns a fault into the result 0. */
#ifndef WS2SPI_PLATFORM_GUARDED_ACCESS_H
#define WS2SPI_PLATFORM_GUARDED_ACCESS_H

#include <stddef.h>
#include <stdint.h>

int guarded_copy(void *destination, const void *source, size_t size);
int guarded_store_int(int *target, int value);
int guarded_store_pointer(void *target, uintptr_t value);
int guarded_touch(void *target);

/* Three stores, error first, and 0. After a fault it goes on in `on_fault` instead,
 * with the same arguments, and returns what that returns: so its caller, the hottest
 * path there is, need keep nothing for the case. */
typedef int (*guarded_query_fault)(void *callback, uintptr_t callback_value, void *context,
                                   uintptr_t context_value, int *error, int error_value);
int guarded_store_query(void *callback, uintptr_t callback_value, void *context,
                        uintptr_t context_value, int *error, int error_value,
                        guarded_query_fault on_fault);

#endif
