#include "blocking/operation_ids.h"

#include <stdatomic.h>
#include <string.h>

static const uintptr_t FIRST_BLOCK = 1;
static const uintptr_t LARGEST_BLOCK = (uintptr_t)1 << 26;

/* Never 0, which is the context that goes with "no callback". */
static atomic_uintptr_t next_unreserved = 1;

static uintptr_t ids_reserve(uintptr_t size)
{
  for (;;) {
    const uintptr_t first = atomic_fetch_add(&next_unreserved, size);

    if (first != 0 && first <= UINTPTR_MAX - size)
      return first;
  }
}

static void ids_add_range(struct operation_ids *ids)
{
  if (ids->ranges == ID_RANGES) {
    memmove(&ids->range[0], &ids->range[1], sizeof ids->range - sizeof ids->range[0]);
    ids->ranges--;
  }
  ids->range[ids->ranges].first = ids->next;
  ids->range[ids->ranges].end = ids->end;
  ids->ranges++;
}

void ids_reserve_block(struct operation_ids *ids)
{
  if (ids->block == 0)
    ids->block = FIRST_BLOCK;
  else if (ids->block < LARGEST_BLOCK)
    ids->block *= 2;
  ids->next = ids_reserve(ids->block);
  ids->end = ids->next + ids->block;
  ids_add_range(ids);
}

void ids_forget(struct operation_ids *ids)
{
  ids->ranges = 0;
  if (!ids_are_used_up(ids))
    ids_add_range(ids);
}

bool ids_get_entry(const struct operation_ids *ids, uintptr_t id, DWORD *catalog_entry_id)
{
  for (size_t slot = 0; slot < ID_HISTORY; slot++) {
    if (ids->history[slot].id == id) {
      *catalog_entry_id = ids->history[slot].catalog_entry_id;
      return true;
    }
  }
  return false;
}
