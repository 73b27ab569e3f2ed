/* The numbers of a thread's blocking operations. A number is also the context that
 * a provider hands back to the blocking callback, so no two operations of the
 * process share one. They are drawn from blocks that a thread reserves from one
 * process-wide counter; a block is as large as all that the thread has drawn
 * before, so the counter is rarely touched and few numbers are reserved in vain.
 *
 * On i686 a context has 32 bits, one of which marks cancellation beside the
 * number: numbers repeat after 2^31 operations of the process.
 *
 * Belongs to one thread; no lock. */
#ifndef WS2SPI_BLOCKING_OPERATION_NUMBERS_H
#define WS2SPI_BLOCKING_OPERATION_NUMBERS_H

#include "platform/windows_headers.h"

#include <stdbool.h>
#include <stdint.h>

enum {
  NUMBER_RANGES = 32,  /* reaches back hundreds of millions of operations */
  NUMBER_HISTORY = 64, /* a power of two */
};

struct operation_numbers {
  uintptr_t next; /* [next, end): reserved and not drawn yet */
  uintptr_t end;
  uintptr_t block; /* size of the last reserved block */
  /* What was drawn since numbers_forget: [first, end), newest last; the newest ends at `next`. */
  struct {
    uintptr_t first;
    uintptr_t end;
  } range[NUMBER_RANGES];
  unsigned ranges;
  /* Which catalog entry the latest numbers were drawn for. */
  struct {
    uintptr_t number;
    DWORD catalog_entry_id;
  } history[NUMBER_HISTORY];
};

/* The number the next draw will give. */
uintptr_t numbers_peek(struct operation_numbers *numbers);

/* Draws the number that numbers_peek gave. */
void numbers_draw(struct operation_numbers *numbers);

/* Whether the number was drawn here since the last numbers_forget. */
bool numbers_include(const struct operation_numbers *numbers, uintptr_t number);

/* Contexts of a replaced hook are foreign from now on. */
void numbers_forget(struct operation_numbers *numbers);

void numbers_set_entry(struct operation_numbers *numbers, uintptr_t number, DWORD catalog_entry_id);

/* False if the number is so old that its entry is not remembered. */
bool numbers_get_entry(const struct operation_numbers *numbers, uintptr_t number,
                       DWORD *catalog_entry_id);

#endif
