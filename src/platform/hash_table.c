#include "platform/hash_table.h"

#include "platform/heap.h"

enum { FIRST_BITS = 5 };

static void *hash_value_at(const struct hash_slots *slots, size_t position)
{
  return atomic_load_explicit(&slots->slot[position].value, memory_order_relaxed);
}

void *hash_table_find(const struct hash_table *table, uintptr_t key)
{
  const struct hash_slots *slots = atomic_load_explicit(&table->slots, memory_order_relaxed);
  size_t position;

  if (slots == NULL || key == 0)
    return NULL;
  position = hash_locate(slots, key);
  return hash_key_at(slots, position) == key ? hash_value_at(slots, position) : NULL;
}

static void hash_put(struct hash_slots *slots, size_t position, uintptr_t key, void *value)
{
  atomic_store_explicit(&slots->slot[position].value, value, memory_order_release);
  atomic_store_explicit(&slots->slot[position].key, key, memory_order_relaxed);
}

static struct hash_slots *hash_make_slots(unsigned bits)
{
  const size_t size = (size_t)1 << bits;
  struct hash_slots *slots = heap_allocate(sizeof *slots + size * sizeof slots->slot[0]);

  if (slots != NULL) {
    slots->shift = 32 - bits;
    slots->mask = size - 1;
  }
  return slots;
}

static unsigned hash_bits_for(size_t count)
{
  unsigned bits = FIRST_BITS;

  while ((size_t)1 << bits < count * 2)
    bits++;
  return bits;
}

/* Keeps the table at most half full, so that probes stay short. */
bool hash_table_reserve(struct hash_table *table, size_t more)
{
  struct hash_slots *old = atomic_load_explicit(&table->slots, memory_order_relaxed);
  struct hash_slots *grown;

  if (old != NULL && (table->count + more) * 2 <= old->mask + 1)
    return true;
  grown = hash_make_slots(hash_bits_for(table->count + more));
  if (grown == NULL)
    return false;
  for (size_t position = 0; old != NULL && position <= old->mask; position++) {
    const uintptr_t key = hash_key_at(old, position);

    if (key != 0)
      hash_put(grown, hash_locate(grown, key), key, hash_value_at(old, position));
  }
  grown->outgrown = old;
  atomic_store_explicit(&table->slots, grown, memory_order_release);
  return true;
}

bool hash_table_insert(struct hash_table *table, uintptr_t key, void *value)
{
  struct hash_slots *slots;
  size_t position;

  if (hash_table_find(table, key) == NULL && !hash_table_reserve(table, 1))
    return false;
  slots = atomic_load_explicit(&table->slots, memory_order_relaxed);
  position = hash_locate(slots, key);
  if (hash_key_at(slots, position) == 0)
    table->count++;
  hash_put(slots, position, key, value);
  return true;
}

/* Moves later keys of the run back into the gap, so that removed keys need no marker and probes
 * do not get longer with past removals. */
static void hash_close_gap(struct hash_slots *slots, size_t gap)
{
  size_t position = gap;

  for (;;) {
    uintptr_t key;
    size_t home;

    position = (position + 1) & slots->mask;
    key = hash_key_at(slots, position);
    if (key == 0)
      break;
    home = hash_home(slots, key);
    if (((position - home) & slots->mask) < ((position - gap) & slots->mask))
      continue;
    hash_put(slots, gap, key, hash_value_at(slots, position));
    gap = position;
  }
  hash_put(slots, gap, 0, NULL);
}

void *hash_table_remove(struct hash_table *table, uintptr_t key)
{
  struct hash_slots *slots = atomic_load_explicit(&table->slots, memory_order_relaxed);
  size_t position;
  void *value;

  if (slots == NULL || key == 0)
    return NULL;
  position = hash_locate(slots, key);
  if (hash_key_at(slots, position) != key)
    return NULL;
  value = hash_value_at(slots, position);
  hash_close_gap(slots, position);
  table->count--;
  return value;
}

void hash_table_for_each(const struct hash_table *table, void (*visit)(void *value, void *context),
                         void *context)
{
  const struct hash_slots *slots = atomic_load_explicit(&table->slots, memory_order_relaxed);

  for (size_t position = 0; slots != NULL && position <= slots->mask; position++) {
    if (hash_key_at(slots, position) != 0)
      visit(hash_value_at(slots, position), context);
  }
}

void hash_table_clear(struct hash_table *table)
{
  struct hash_slots *slots = atomic_load_explicit(&table->slots, memory_order_relaxed);

  atomic_store_explicit(&table->slots, NULL, memory_order_relaxed);
  table->count = 0;
  while (slots != NULL) {
    struct hash_slots *outgrown = slots->outgrown;

    heap_free(slots);
    slots = outgrown;
  }
}
