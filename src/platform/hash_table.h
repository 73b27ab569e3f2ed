/* A hash table from a non-zero key to a pointer, with open addressing: O(1) at any size.
 *
 * Lock: the owner of a table holds a lock of its own around every function except
 * hash_table_contains_unlocked and hash_table_find_unlocked, and holds it exclusively for
 * insert, reserve, remove and clear. Those two take no lock and write no memory. That is
 * possible because slots are never freed while the table lives: outgrown ones are kept, and are
 * together smaller than the present ones. If contains_unlocked returns true, the key was in the
 * table during the call. The result of find_unlocked may already be another key's value, which
 * the caller must check. If either finds nothing, the key may still be there, because a writer
 * may be moving it; the caller then looks again under the lock. */
#ifndef WS2SPI_PLATFORM_HASH_TABLE_H
#define WS2SPI_PLATFORM_HASH_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash_slot {
  atomic_uintptr_t key; /* 0: free */
  _Atomic(void *) value;
};

struct hash_slots {
  struct hash_slots *outgrown;
  unsigned shift; /* 32 less the bits of a position */
  size_t mask;
  struct hash_slot slot[];
};

struct hash_table {
  _Atomic(struct hash_slots *) slots;
  size_t count;
};

/* The high bits of a product with the golden ratio distribute both consecutive catalog ids and
 * handles, which are multiples of 4. */
static inline size_t hash_home(const struct hash_slots *slots, uintptr_t key)
{
  const uint32_t folded = (uint32_t)key ^ (uint32_t)((uint64_t)key >> 32);

  return (size_t)((folded * UINT32_C(0x9E3779B1)) >> slots->shift);
}

static inline uintptr_t hash_key_at(const struct hash_slots *slots, size_t position)
{
  return atomic_load_explicit(&slots->slot[position].key, memory_order_relaxed);
}

/* The position of the key, or of the free slot in which it would be stored. */
static inline size_t hash_locate(const struct hash_slots *slots, uintptr_t key)
{
  size_t position = hash_home(slots, key);

  for (size_t steps = 0; steps <= slots->mask; steps++) {
    const uintptr_t found = hash_key_at(slots, position);

    if (found == key || found == 0)
      break;
    position = (position + 1) & slots->mask;
  }
  return position;
}

static inline bool hash_table_contains_unlocked(const struct hash_table *table, uintptr_t key)
{
  const struct hash_slots *slots = atomic_load_explicit(&table->slots, memory_order_acquire);
  size_t position;

  if (slots == NULL)
    return false;
  position = hash_home(slots, key);
  for (size_t steps = 0; steps <= slots->mask; steps++) {
    const uintptr_t found = hash_key_at(slots, position);

    if (found == key || found == 0)
      return found != 0;
    position = (position + 1) & slots->mask;
  }
  return false;
}

/* Only for values whose memory is not freed while the table lives. */
static inline void *hash_table_find_unlocked(const struct hash_table *table, uintptr_t key)
{
  const struct hash_slots *slots = atomic_load_explicit(&table->slots, memory_order_acquire);
  size_t position;

  if (slots == NULL || key == 0)
    return NULL;
  position = hash_locate(slots, key);
  return atomic_load_explicit(&slots->slot[position].value, memory_order_acquire);
}

/* NULL if there is none. */
void *hash_table_find(const struct hash_table *table, uintptr_t key);

/* Inserts or replaces. False if memory is exhausted: nothing has changed. Replacing
 * cannot fail. Values are not NULL. */
bool hash_table_insert(struct hash_table *table, uintptr_t key, void *value);

/* Reserves memory for so many more keys, so that inserting them cannot fail. False if memory is
 * exhausted. */
bool hash_table_reserve(struct hash_table *table, size_t more);

/* Returns the removed value, or NULL. */
void *hash_table_remove(struct hash_table *table, uintptr_t key);

/* Calls visit for every value, in no particular order. visit must not change the table. */
void hash_table_for_each(const struct hash_table *table, void (*visit)(void *value, void *context),
                         void *context);

/* Frees all slots. No thread may be in one of the unlocked functions. */
void hash_table_clear(struct hash_table *table);

#endif
