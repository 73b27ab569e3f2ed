/* The tables of both widths, the process-local entries, and the lock of them all. Only this room
 * includes it.
 *
 * Lock: catalog.lock, shared for look-ups, exclusive for changes. It is never held while a store
 * function runs, so a table can change while its store is read. Every change therefore
 * raises the table's generation, and a function that has worked outside the lock compares it. */
#ifndef WS2SPI_CATALOG_CATALOG_INTERNAL_H
#define WS2SPI_CATALOG_CATALOG_INTERNAL_H

#include "catalog/entry_table.h"

struct width_table {
  struct entry_table table;
  bool is_current; /* the table is what the store had at `serial` */
  bool is_fresh;   /* the store is empty, and the table shows the base entries */
  DWORD serial;
  DWORD next_id; /* as stored */
  unsigned generation;
};

/* The ProviderId of an install that is computed and not yet in the table. */
struct reservation {
  const GUID *provider_id;
  struct reservation *next;
};

struct catalog_tables {
  SRWLOCK lock;
  const struct catalog_store *store; /* NULL: none has been opened */
  struct width_table width[CATALOG_WIDTHS];
  /* The process-local entries: registered ones, and installed ones whose chains name a registered
   * one. They mean nothing in another process and are never stored. Their ids are in the index of
   * the native table. */
  struct entry_table overlay;
  DWORD overlay_ids_given;
  struct reservation *reserved; /* ids that may not be registered now */
};

extern struct catalog_tables catalog;

/* Updates the table of a width to what the store has now. 0, WSA_NOT_ENOUGH_MEMORY, or the store's
 * error. */
int catalog_refresh(enum catalog_width width);

#endif
