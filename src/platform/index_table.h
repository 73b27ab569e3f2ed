/* A hash table from a non-zero key to a pointer, open addressing, O(1) at any size.
 *
 * Lock: the owner of a table holds a lock of its own around every function but
 * index_table_contains, exclusively for insert, remove and clear.
 * index_table_contains takes no lock and writes no memory. It can do that because
 * slots are never freed while the table lives (outgrown ones are kept, together
 * less than the present ones) and because it checks a version that is odd while
 * a writer works. If a writer was in its way it answers INDEX_BUSY, and the
 * caller asks again under the lock. */
#ifndef WS2SPI_PLATFORM_INDEX_TABLE_H
#define WS2SPI_PLATFORM_INDEX_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct index_slots;

struct index_table {
  _Atomic(struct index_slots *) slots;
  atomic_uint version;
  size_t count;
};

enum index_answer { INDEX_ABSENT, INDEX_PRESENT, INDEX_BUSY };

enum index_answer index_table_contains(const struct index_table *table, uintptr_t key);

/* NULL if there is none. */
void *index_table_find(const struct index_table *table, uintptr_t key);

/* Inserts or replaces. False if memory is exhausted: nothing has changed. Replacing
 * cannot fail. Values are not NULL. */
bool index_table_insert(struct index_table *table, uintptr_t key, void *value);

/* Returns what was removed, or NULL. */
void *index_table_remove(struct index_table *table, uintptr_t key);

/* Calls visit for every value, in no order; visit must not change the table. */
void index_table_for_each(const struct index_table *table,
                          void (*visit)(void *value, void *context), void *context);

/* Frees all slots. Only when nobody can be in index_table_contains any more. */
void index_table_clear(struct index_table *table);

#endif
