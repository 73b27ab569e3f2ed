/* A hash table from a non-zero key to a pointer, open addressing, O(1) at any size.
 *
 * Lock: the owner of a table holds a lock of its own around every function but
 * index_table_contains and index_table_peek, exclusively for insert, remove and clear.
 * Those two take no lock and write no memory. They can do that because
 * slots are never freed while the table lives (outgrown ones are kept, together
 * less than the present ones). A yes of the first is sure: the key was there when the slots
 * were read. What the second finds may be another key's value by now, which the
 * caller can tell by the value. A no of either is not sure, since a writer may just be
 * moving the key; the caller asks again under the lock. */
#ifndef WS2SPI_PLATFORM_HASH_TABLE_H
#define WS2SPI_PLATFORM_HASH_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct index_slot {
  atomic_uintptr_t key; /* 0: free */
  _Atomic(void *) value;
};

struct index_slots {
  struct index_slots *outgrown;
  unsigned shift; /* 32 less the bits of a position */
  size_t mask;
  struct index_slot slot[];
};

struct index_table {
  _Atomic(struct index_slots *) slots;
  size_t count;
};

/* The high bits of a product with the golden ratio spread both runs of catalog
 * ids and handles, which are multiples of 4. */
static inline size_t index_home(const struct index_slots *slots, uintptr_t key)
{
  const uint32_t folded = (uint32_t)key ^ (uint32_t)((uint64_t)key >> 32);

  return (size_t)((folded * UINT32_C(0x9E3779B1)) >> slots->shift);
}

static inline uintptr_t index_key_at(const struct index_slots *slots, size_t position)
{
  return atomic_load_explicit(&slots->slot[position].key, memory_order_relaxed);
}

/* The position of the key, or of the free slot where it would go. */
static inline size_t index_locate(const struct index_slots *slots, uintptr_t key)
{
  size_t position = index_home(slots, key);

  for (size_t steps = 0; steps <= slots->mask; steps++) {
    const uintptr_t found = index_key_at(slots, position);

    if (found == key || found == 0)
      break;
    position = (position + 1) & slots->mask;
  }
  return position;
}

static inline bool index_table_contains(const struct index_table *table, uintptr_t key)
{
  const struct index_slots *slots = atomic_load_explicit(&table->slots, memory_order_acquire);
  size_t position;

  if (slots == NULL)
    return false;
  position = index_home(slots, key);
  for (size_t steps = 0; steps <= slots->mask; steps++) {
    const uintptr_t found = index_key_at(slots, position);

    if (found == key || found == 0)
      return found != 0;
    position = (position + 1) & slots->mask;
  }
  return false;
}

/* For values whose memory stays theirs as long as the table lives. */
static inline void *index_table_peek(const struct index_table *table, uintptr_t key)
{
  const struct index_slots *slots = atomic_load_explicit(&table->slots, memory_order_acquire);
  size_t position;

  if (slots == NULL || key == 0)
    return NULL;
  position = index_locate(slots, key);
  return atomic_load_explicit(&slots->slot[position].value, memory_order_acquire);
}

/* NULL if there is none. */
void *index_table_find(const struct index_table *table, uintptr_t key);

/* Inserts or replaces. False if memory is exhausted: nothing has changed. Replacing
 * cannot fail. Values are not NULL. */
bool index_table_insert(struct index_table *table, uintptr_t key, void *value);

/* Makes room for so many more keys: inserting them cannot fail then. False if memory is
 * exhausted. */
bool index_table_reserve(struct index_table *table, size_t more);

/* Returns what was removed, or NULL. */
void *index_table_remove(struct index_table *table, uintptr_t key);

/* Calls visit for every value, in no order; visit must not change the table. */
void index_table_for_each(const struct index_table *table,
                          void (*visit)(void *value, void *context), void *context);

/* Frees all slots. Only when nobody can be in index_table_contains any more. */
void index_table_clear(struct index_table *table);

#endif
