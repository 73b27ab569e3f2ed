/* The numbers of a thread's blocking operations. A number is also the context that
 * a provider hands back to the blocking callback, so no two operations of the
 * process share one. They are drawn from blocks that a thread reserves from one
 * process-wide counter; a block is as large as all that the thread has drawn
 * before, so the counter is rarely touched and few numbers are reserved in vain.
 *
 * A context has the bits of a pointer: on i686 numbers repeat, at the earliest, after
 * 2^31 operations of the process, since at most as many are reserved in vain as drawn.
 *
 * Belongs to one thread; no lock. */
#ifndef WS2SPI_BLOCKING_OPERATION_IDS_H
#define WS2SPI_BLOCKING_OPERATION_IDS_H

#include "platform/windows_headers.h"

#include <stdbool.h>
#include <stdint.h>

enum {
  NUMBER_RANGES = 32,  /* reaches back hundreds of millions of operations */
  NUMBER_HISTORY = 64, /* a power of two */
};

struct operation_ids {
  uintptr_t next; /* [next, end): reserved and not drawn yet */
  uintptr_t end;
  uintptr_t block; /* size of the last reserved block */
  /* What was drawn since numbers_forget: [first, end), newest last; the newest ends at `next`. */
  struct {
    uintptr_t first;
    uintptr_t end;
  } range[NUMBER_RANGES];
  unsigned ranges;
  /* Which catalog entry the latest queries were made for, as a ring. */
  size_t queries;
  struct {
    uintptr_t number;
    DWORD catalog_entry_id;
  } history[NUMBER_HISTORY];
};

static inline bool numbers_are_used_up(const struct operation_ids *numbers)
{
  return numbers->next == numbers->end;
}

/* Only when they are used up. Then `next` is the number to take, and to increment. */
void numbers_reserve_block(struct operation_ids *numbers);

/* Takes a number, reserving a block if need be. */
static inline uintptr_t numbers_draw(struct operation_ids *numbers)
{
  if (numbers_are_used_up(numbers))
    numbers_reserve_block(numbers);
  return numbers->next++;
}

/* Whether the number was drawn here since the last numbers_forget. */
static inline bool numbers_include(const struct operation_ids *numbers, uintptr_t number)
{
  for (unsigned i = numbers->ranges; i-- > 0;) {
    if (number >= numbers->range[i].first && number < numbers->range[i].end)
      return number < numbers->next || number >= numbers->end;
  }
  return false;
}

/* Contexts of a replaced hook are foreign from now on. */
void numbers_forget(struct operation_ids *numbers);

static inline void numbers_set_entry(struct operation_ids *numbers, uintptr_t number,
                                     DWORD catalog_entry_id)
{
  const size_t slot = numbers->queries++ & (NUMBER_HISTORY - 1);

  numbers->history[slot].number = number;
  numbers->history[slot].catalog_entry_id = catalog_entry_id;
}

/* False if the number is so old that its entry is not remembered. */
bool numbers_get_entry(const struct operation_ids *numbers, uintptr_t number,
                       DWORD *catalog_entry_id);

#endif
