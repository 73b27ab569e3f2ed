/* The memory of a program of the model, watched: every access of the code under test comes here,
 * put there by the compiler (-fsanitize=thread; the run-time library is instrumentation.c).
 *
 * Two threads at the same plain data, one of them writing, must be ordered by what the code
 * itself names: locks, events, and atomic accesses of sufficient memory order. This is asked of
 * every run, whatever order the explorer has chosen, as the C standard defines it ("happens
 * before"), of the heap and of what is static. What is freed stays unused for the rest of the
 * run, so a use is noticed. */
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

/* What the running thread has done is handed over at that place, and taken over there.
 * A store that does not hand over breaks the chain. */
void memory_hand_over(const volatile void *place, bool in_addition);
void memory_take_over(const volatile void *place);
void memory_break_chain(const volatile void *place);

#endif
