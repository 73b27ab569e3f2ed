#include "upcalls/table_in_force.h"

#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/log.h"
#include "platform/spi_error.h"
#include "upcalls/upcalls.h"

#include "ws2spi_shim.h"

#include <stdbool.h>
#include <string.h>

/* Lifetime: any thread may use a table for any time after it was set, so it is kept until the
 * DLL is unloaded. A process usually sets one foreign table, perhaps many times; an equal table
 * is not stored again. */
struct kept_table {
  struct kept_table *next;
  WSPUPCALLTABLE table;
};

static SRWLOCK kept_lock = SRWLOCK_INIT;
static struct kept_table *kept;
_Atomic(const WSPUPCALLTABLE *) upcall_in_force = &upcall_table;

static bool table_is_equal(const WSPUPCALLTABLE *a, const WSPUPCALLTABLE *b)
{
  return memcmp(a, b, sizeof *a) == 0;
}

/* The structure has only function pointers (ws2spi/ns-ws2spi-wspupcalltable). */
static bool table_has_null_entry(const WSPUPCALLTABLE *table)
{
  void *entries[sizeof *table / sizeof(void *)];

  memcpy(entries, table, sizeof entries);
  for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
    if (entries[i] == NULL)
      return true;
  }
  return false;
}

static const WSPUPCALLTABLE *table_find_kept(const WSPUPCALLTABLE *table)
{
  for (const struct kept_table *item = kept; item != NULL; item = item->next) {
    if (table_is_equal(table, &item->table))
      return &item->table;
  }
  return NULL;
}

/* NULL if memory is exhausted. */
static const WSPUPCALLTABLE *table_keep(const WSPUPCALLTABLE *table)
{
  const WSPUPCALLTABLE *found;

  AcquireSRWLockExclusive(&kept_lock);
  found = table_find_kept(table);
  if (found == NULL) {
    struct kept_table *item = heap_allocate(sizeof *item);

    if (item != NULL) {
      item->table = *table;
      item->next = kept;
      kept = item;
      found = &item->table;
    }
  }
  ReleaseSRWLockExclusive(&kept_lock);
  return found;
}

int WSPAPI Ws2SpiSetUpcallTable(const WSPUPCALLTABLE *lpUpcallTable, LPINT lpErrno)
{
  const WSPUPCALLTABLE *chosen = &upcall_table;
  WSPUPCALLTABLE table;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (lpUpcallTable != NULL) {
    if (!caller_read(&table, lpUpcallTable, sizeof table))
      return spi_fail(lpErrno, WSAEFAULT);
    if (table_has_null_entry(&table)) {
      log_event("Ws2SpiSetUpcallTable refused a table with a NULL entry");
      return spi_fail(lpErrno, WSAEINVAL);
    }
    if (table_is_equal(&table, &upcall_table))
      return 0;
    chosen = table_keep(&table);
    if (chosen == NULL)
      return spi_fail(lpErrno, WSA_NOT_ENOUGH_MEMORY);
  }
  atomic_store_explicit(&upcall_in_force, chosen, memory_order_release);
  if (chosen != &upcall_table)
    log_event("the upcalls by name now use the upcall table of another Ws2_32");
  return 0;
}

void upcall_clear(void)
{
  while (kept != NULL) {
    struct kept_table *next = kept->next;

    heap_free(kept);
    kept = next;
  }
}
