/* The tables of both widths, the overlay of this process's own entries, and the lock
 * over them all. Only this room includes it.
 *
 * Lock: catalog.lock, shared to look, exclusive to change. It is never held while a store
 * function runs, and so a table may have changed since it was read for: every change
 * raises its generation, and who computed something outside the lock compares. */
#ifndef WS2SPI_CATALOG_CATALOG_INTERNAL_H
#define WS2SPI_CATALOG_CATALOG_INTERNAL_H

#include "catalog/entry_table.h"

struct width_table {
  struct entry_table table;
  bool is_current; /* it is what the store had at `serial` */
  bool is_fresh;   /* the store has nothing yet; the table already has the base entries */
  DWORD serial;
  DWORD next_id; /* as stored */
  unsigned generation;
};

/* The id of a provider whose installation is computed and not yet in the table. */
struct reservation {
  const GUID *provider_id;
  struct reservation *next;
};

struct catalog_tables {
  SRWLOCK lock;
  const struct catalog_store *store; /* NULL: none opened yet */
  struct width_table width[CATALOG_WIDTHS];
  /* Registered entries, and installed ones whose chains name a registered one: these
   * mean nothing in another process and are stored nowhere. Their ids are found in the
   * native table's index. */
  struct entry_table overlay;
  DWORD overlay_ids_given;
  struct reservation *reserved; /* which registering a provider would take away */
};

extern struct catalog_tables catalog;

/* Makes a width's table what the store has now. 0, WSA_NOT_ENOUGH_MEMORY, or the store's
 * error. */
int catalog_refresh(enum catalog_width width);

#endif
