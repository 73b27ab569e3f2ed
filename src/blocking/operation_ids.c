#include "blocking/operation_ids.h"

#include <stdatomic.h>
#include <string.h>

static const uintptr_t FIRST_BLOCK = 1;
static const uintptr_t LARGEST_BLOCK = (uintptr_t)1 << 26;

/* 0 is the context that goes with "no callback" and never a number. */
static atomic_uintptr_t next_unreserved = 1;

static uintptr_t reserve(uintptr_t size)
{
  for (;;) {
    const uintptr_t first = atomic_fetch_add(&next_unreserved, size);

    if (first != 0 && first <= UINTPTR_MAX - size)
      return first;
  }
}

static void open_range(struct operation_ids *numbers)
{
  if (numbers->ranges == NUMBER_RANGES) {
    memmove(&numbers->range[0], &numbers->range[1],
            sizeof numbers->range - sizeof numbers->range[0]);
    numbers->ranges--;
  }
  numbers->range[numbers->ranges].first = numbers->next;
  numbers->range[numbers->ranges].end = numbers->end;
  numbers->ranges++;
}

void numbers_reserve_block(struct operation_ids *numbers)
{
  if (numbers->block == 0)
    numbers->block = FIRST_BLOCK;
  else if (numbers->block < LARGEST_BLOCK)
    numbers->block *= 2;
  numbers->next = reserve(numbers->block);
  numbers->end = numbers->next + numbers->block;
  open_range(numbers);
}

void numbers_forget(struct operation_ids *numbers)
{
  numbers->ranges = 0;
  if (numbers->next != numbers->end)
    open_range(numbers);
}

bool numbers_get_entry(const struct operation_ids *numbers, uintptr_t number,
                       DWORD *catalog_entry_id)
{
  for (size_t slot = 0; slot < NUMBER_HISTORY; slot++) {
    if (numbers->history[slot].number == number) {
      *catalog_entry_id = numbers->history[slot].catalog_entry_id;
      return true;
    }
  }
  return false;
}
