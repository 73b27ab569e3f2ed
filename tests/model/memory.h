/* Watches the memory of a program. For each access of the code under test the compiler inserts a
 * call (-fsanitize=thread; the run-time library is instrumentation.c). If two threads access the
 * same plain data, and one of them writes, the accesses must be ordered by the code itself: by
 * locks, events, and atomic accesses with a sufficient memory order. This is checked in every
 * run as the C standard defines it ("happens before"), for the heap and for static data,
 * independent of the order that the explorer has chosen. Freed memory is not reused in the same
 * run, so that a use after free is detected. */
#ifndef WS2SPI_TESTS_MODEL_MEMORY_H
#define WS2SPI_TESTS_MODEL_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

void memory_begin_run(void);

/* As the DLL's heap: zeroed. NULL if the run needs more than there is. */
void *memory_allocate(size_t size);
void memory_free(void *memory);
size_t memory_blocks_in_use(void);

enum access_kind { PLAIN_READ, PLAIN_WRITE, ATOMIC_READ, ATOMIC_WRITE, ACCESS_KINDS };

void memory_access(const volatile void *address, size_t size, enum access_kind kind);

/* A release publishes what the running thread has done at that place, and an acquire takes it
 * over. A store without a release ends the chain. */
void memory_hand_over(const volatile void *place, bool in_addition);
void memory_take_over(const volatile void *place);
void memory_break_chain(const volatile void *place);

#endif
