#include "registry/journal_replay.h"

#include "platform/heap.h"
#include "platform/log.h"
#include "registry/catalog_keys.h"
#include "registry/item_key.h"
#include "registry/key_positions.h"

/* Processes that wait for a change watch this key, which each change writes once. */
static DWORD touch_change_key(HKEY catalog, DWORD serial)
{
  HKEY changes;
  DWORD error = registry_create(catalog, CHANGES_KEY, &changes, NULL);

  if (error != 0)
    return error;
  error = registry_write_dword(changes, SERIAL_VALUE, serial);
  registry_close(changes);
  return error;
}

static DWORD replay_items(HKEY entries, const struct journal_splice *splice)
{
  const unsigned char *cursor = splice->items;
  struct journal_item item;
  DWORD error = 0;

  for (DWORD i = 0; i < splice->count && error == 0; i++) {
    journal_next_item(&cursor, &item);
    error = item_key_write(entries, splice->first + i, &item);
  }
  return error;
}

/* If everything is rewritten, all keys are deleted first, also those whose names are not positions.
 * A key that cannot be deleted is overwritten. */
static DWORD replay_splice(HKEY catalog, const struct journal_splice *splice)
{
  const DWORD count = splice->first - 1 + splice->count;
  HKEY entries;
  DWORD error;

  if (splice->rewrites_all)
    registry_delete_key(catalog, entries_key_name[splice->width]);
  error = registry_create(catalog, entries_key_name[splice->width], &entries, NULL);
  if (error != 0)
    return error;
  error = replay_items(entries, splice);
  if (error == 0)
    error = key_positions_truncate(entries, count);
  if (error == 0)
    error = registry_write_dword(catalog, entries_count_name[splice->width], count);
  registry_close(entries);
  return error;
}

DWORD journal_replay(HKEY catalog, const struct journal *journal)
{
  DWORD error = touch_change_key(catalog, journal->serial);

  for (DWORD i = 0; i < journal->splice_count && error == 0; i++)
    error = replay_splice(catalog, &journal->splices[i]);
  if (error == 0)
    error = registry_write_dword(catalog, NEXT_ID_VALUE, journal->next_id);
  if (error == 0)
    error = registry_write_dword(catalog, SERIAL_VALUE, journal->serial);
  if (error == 0)
    error = registry_delete_value(catalog, JOURNAL_VALUE);
  return error;
}

static DWORD recover_bytes(HKEY catalog, const void *bytes, DWORD size)
{
  struct journal journal;

  if (!journal_read(bytes, size, &journal)) {
    log_event("the catalog's journal is unreadable and is deleted");
    return registry_delete_value(catalog, JOURNAL_VALUE);
  }
  log_event("an interrupted change of the catalog is completed");
  return journal_replay(catalog, &journal);
}

static DWORD recover_catalog(HKEY catalog)
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
    error = recover_bytes(writable, bytes, type == REG_BINARY ? size : 0);
  registry_close(writable);
  heap_free(bytes);
  return error;
}

DWORD journal_recover(void)
{
  HKEY catalog;
  DWORD error = catalog_key_open(&catalog);

  if (error != 0)
    return error == ERROR_FILE_NOT_FOUND ? 0 : error;
  error = recover_catalog(catalog);
  registry_close(catalog);
  return error;
}
