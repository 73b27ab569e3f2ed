#include "registry/catalog_state.h"

#include "platform/heap.h"
#include "registry/catalog_keys.h"

/* A serial number that is missing or not a number counts as 0. */
static DWORD state_read_serial(HKEY key, DWORD *serial)
{
  const DWORD error = registry_read_dword(key, SERIAL_VALUE, serial);

  if (error != ERROR_FILE_NOT_FOUND && error != ERROR_INVALID_DATATYPE)
    return error;
  *serial = 0;
  return 0;
}

/* Usually there is no journal, which takes a single call to find out. */
static DWORD state_read_journal(struct catalog_state *state)
{
  DWORD type;
  DWORD size = 0;
  DWORD error = registry_read(state->key, JOURNAL_VALUE, &type, NULL, &size);

  if (error == 0)
    error = registry_read_all(state->key, JOURNAL_VALUE, &type, &state->journal_bytes, &size);
  if (error == ERROR_FILE_NOT_FOUND)
    return 0;
  if (error == 0 && type == REG_BINARY)
    state->has_journal = journal_read(state->journal_bytes, size, &state->journal);
  return error;
}

/* The serial number is read first. If it were read after the journal, a change could begin in
 * between, and the number of a half-made change would be taken for that of the old content. */
static DWORD state_read(struct catalog_state *state)
{
  DWORD error = state_read_serial(state->key, &state->serial);

  if (error == 0)
    error = state_read_journal(state);
  if (error == 0 && state->has_journal)
    state->serial = state->journal.serial;
  return error;
}

DWORD catalog_state_open(struct catalog_state *state)
{
  DWORD error;

  *state = (struct catalog_state){0};
  error = catalog_key_open(&state->key);
  if (error == ERROR_FILE_NOT_FOUND)
    return 0;
  if (error == 0)
    error = state_read(state);
  if (error != 0)
    catalog_state_close(state);
  return error;
}

void catalog_state_close(struct catalog_state *state)
{
  registry_close(state->key);
  heap_free(state->journal_bytes);
  *state = (struct catalog_state){0};
}

/* Here the journal is read first. Without a journal, the keys that the caller has read were not being
 * changed, unless a whole change was made in between, which the serial number shows. */
DWORD catalog_state_serial(HKEY key, DWORD *serial)
{
  struct catalog_state now = {.key = key};
  DWORD error = state_read_journal(&now);

  if (error == 0 && now.has_journal)
    *serial = now.journal.serial;
  else if (error == 0)
    error = state_read_serial(key, serial);
  heap_free(now.journal_bytes);
  return error;
}

/* The state was read when there was no catalog. */
static DWORD state_check_absence(void)
{
  HKEY key;
  const DWORD error = catalog_key_open(&key);

  if (error == ERROR_FILE_NOT_FOUND)
    return 0;
  registry_close(key);
  return error == 0 ? ERROR_RETRY : error;
}

DWORD catalog_state_check(const struct catalog_state *state)
{
  DWORD serial = 0;
  DWORD error;

  if (state->key == NULL)
    return state_check_absence();
  error = catalog_state_serial(state->key, &serial);
  if (registry_is_shortage(error))
    return error;
  return error == 0 && serial == state->serial ? 0 : ERROR_RETRY;
}
