/* The ids of a thread's blocking operations. An id is also the context that a provider passes back
 * to the blocking callback, so no two operations of the process share one. A thread reserves blocks
 * of ids from one process-wide counter. A block is as large as all blocks of the thread before it,
 * so the counter is rarely touched and few reserved ids stay unused.
 *
 * A context has the bits of a pointer. On i686 ids therefore repeat, but not before 2^31 operations
 * of the process: at most as many ids stay unused as are used.
 *
 * Lock: none; the structure belongs to one thread. */
#ifndef WS2SPI_BLOCKING_OPERATION_IDS_H
#define WS2SPI_BLOCKING_OPERATION_IDS_H

#include "platform/windows_headers.h"

#include <stdbool.h>
#include <stdint.h>

enum {
  ID_RANGES = 32,  /* enough for the last hundreds of millions of operations */
  ID_HISTORY = 64, /* a power of two */
};

struct operation_ids {
  uintptr_t next; /* [next, end): reserved and not used yet */
  uintptr_t end;
  uintptr_t block; /* size of the last reserved block */
  /* The ids reserved since ids_forget, oldest first; those from `next` on are not used yet. */
  struct {
    uintptr_t first;
    uintptr_t end;
  } range[ID_RANGES];
  unsigned ranges;
  /* The catalog entries of the latest queries, as a ring. */
  size_t queries;
  struct {
    uintptr_t id;
    DWORD catalog_entry_id;
  } history[ID_HISTORY];
};

static inline bool ids_are_used_up(const struct operation_ids *ids)
{
  return ids->next == ids->end;
}

/* Call only if all ids are used up. The next id is `next`, for the caller to increment. */
void ids_reserve_block(struct operation_ids *ids);

/* Returns an unused id, and reserves a block first if needed. */
static inline uintptr_t ids_allocate(struct operation_ids *ids)
{
  if (ids_are_used_up(ids))
    ids_reserve_block(ids);
  return ids->next++;
}

/* Whether the id was allocated here since the last ids_forget. */
static inline bool ids_contain(const struct operation_ids *ids, uintptr_t id)
{
  for (unsigned i = ids->ranges; i-- > 0;) {
    if (id >= ids->range[i].first && id < ids->range[i].end)
      return id < ids->next || id >= ids->end;
  }
  return false;
}

/* Forgets all allocated ids: contexts of a replaced hook are foreign from now on. */
void ids_forget(struct operation_ids *ids);

static inline void ids_set_entry(struct operation_ids *ids, uintptr_t id, DWORD catalog_entry_id)
{
  const size_t slot = ids->queries++ & (ID_HISTORY - 1);

  ids->history[slot].id = id;
  ids->history[slot].catalog_entry_id = catalog_entry_id;
}

/* False if ID_HISTORY later queries have overwritten it. */
bool ids_get_entry(const struct operation_ids *ids, uintptr_t id, DWORD *catalog_entry_id);

#endif
