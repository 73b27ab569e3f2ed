/* The tables of both widths, the overlay of this process's own entries, and the lock
 * over them all. Only this room includes it.
 *
 * Lock: catalog.lock, shared to look, exclusive to change. It is never held while a store
 * function runs, and so a table may have changed since it was read for: every change
 * raises its generation, and who computed something outside the lock compares. */
#ifndef WS2SPI_CATALOG_CATALOG_INTERNAL_H
#define WS2SPI_CATALOG_CATALOG_INTERNAL_H

#include "catalog/entry_table.h"

enum { CATALOG_WIDTHS = 2 };

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

bool is_overlay_id(DWORD id);

/* The path of this DLL, which base and registered entries answer with. NULL if it is
 * longer than an entry can hold. */
const WCHAR *catalog_own_path(void);

/* The store in use; the default one is opened if there is none yet. */
const struct catalog_store *catalog_store_in_use(void);

/* Makes a width's table what the store has now. 0, WSA_NOT_ENOUGH_MEMORY, or the store's
 * error. */
int catalog_refresh(enum catalog_width width);

/* Makes it the store in use, and the native table what it has; the other width's is read when it
 * is needed. The errors are the same, and then the store before is still in use. */
int catalog_change_store(const struct catalog_store *store);

#endif
