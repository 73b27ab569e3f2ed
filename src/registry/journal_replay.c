#include "registry/journal_replay.h"

#include "platform/heap.h"
#include "platform/log.h"
#include "registry/catalog_keys.h"
#include "registry/item_key.h"
#include "registry/key_positions.h"

/* Whoever waits for a change watches a key that is written once for each. */
static DWORD tell_of_change(HKEY catalog, DWORD serial)
{
  HKEY changes;
  DWORD error = registry_create(catalog, CHANGES_KEY, &changes, NULL);

  if (error != 0)
    return error;
  error = registry_write_dword(changes, SERIAL_VALUE, serial);
  registry_close(changes);
  return error;
}

static DWORD write_items(HKEY entries, const struct journal_tail *tail)
{
  const unsigned char *cursor = tail->items;
  struct journal_item item;
  DWORD error = 0;

  for (DWORD i = 0; i < tail->count && error == 0; i++) {
    journal_next_item(&cursor, &item);
    error = item_key_write(entries, tail->first + i, &item);
  }
  return error;
}

/* Of a catalog that is made anew all goes first, also what is no position. What cannot be deleted is
 * left to be overwritten. */
static DWORD redo_tail(HKEY catalog, const struct journal_tail *tail)
{
  const DWORD count = tail->first - 1 + tail->count;
  HKEY entries;
  DWORD error;

  if (tail->is_anew)
    registry_delete_key(catalog, entries_key_name[tail->width]);
  error = registry_create(catalog, entries_key_name[tail->width], &entries, NULL);
  if (error != 0)
    return error;
  error = write_items(entries, tail);
  if (error == 0)
    error = key_positions_cut(entries, count);
  if (error == 0)
    error = registry_write_dword(catalog, entries_count_name[tail->width], count);
  registry_close(entries);
  return error;
}

DWORD redo_journal(HKEY catalog, const struct journal *journal)
{
  DWORD error = tell_of_change(catalog, journal->serial);

  for (DWORD i = 0; i < journal->tail_count && error == 0; i++)
    error = redo_tail(catalog, &journal->tails[i]);
  if (error == 0)
    error = registry_write_dword(catalog, NEXT_ID_VALUE, journal->next_id);
  if (error == 0)
    error = registry_write_dword(catalog, SERIAL_VALUE, journal->serial);
  if (error == 0)
    error = registry_delete_value(catalog, JOURNAL_VALUE);
  return error;
}

static DWORD redo_bytes(HKEY catalog, const void *bytes, DWORD size)
{
  struct journal journal;

  if (!journal_read(bytes, size, &journal)) {
    log_event("the journal of the catalog is unreadable and is dropped");
    return registry_delete_value(catalog, JOURNAL_VALUE);
  }
  log_event("a change of the catalog that was cut short is brought to its end");
  return redo_journal(catalog, &journal);
}

static DWORD redo_in(HKEY catalog)
{
  HKEY writable = NULL;
  void *bytes;
  DWORD type;
  DWORD size;
  DWORD error = registry_read_all(catalog, JOURNAL_VALUE, &type, &bytes, &size);

  if (error == ERROR_FILE_NOT_FOUND)
    return 0;
  if (error == 0)
    error = catalog_key_create(&writable);
  if (error == 0)
    error = redo_bytes(writable, bytes, type == REG_BINARY ? size : 0);
  registry_close(writable);
  heap_free(bytes);
  return error;
}

DWORD redo_what_was_left(void)
{
  HKEY catalog;
  DWORD error = catalog_key_open(&catalog);

  if (error != 0)
    return error == ERROR_FILE_NOT_FOUND ? 0 : error;
  error = redo_in(catalog);
  registry_close(catalog);
  return error;
}
