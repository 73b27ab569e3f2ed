#include "registry/catalog_state.h"

#include "platform/heap.h"
#include "registry/catalog_keys.h"

/* A serial number that is missing or no number counts as 0. */
static DWORD read_serial(HKEY key, DWORD *serial)
{
  const DWORD error = registry_read_dword(key, SERIAL_VALUE, serial);

  if (error != ERROR_FILE_NOT_FOUND && error != ERROR_INVALID_DATATYPE)
    return error;
  *serial = 0;
  return 0;
}

/* Nearly always there is none, and that takes one call. */
static DWORD read_journal(struct catalog_state *state)
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

/* The serial number first: were it read after a journal that is not there yet, it could be that of
 * a change which is half made. */
static DWORD read_state(struct catalog_state *state)
{
  DWORD error = read_serial(state->key, &state->serial);

  if (error == 0)
    error = read_journal(state);
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
    error = read_state(state);
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

/* Here the journal is asked first: while it is not there all that was read before stood still, unless
 * a change has come and gone, which the number then tells. */
DWORD catalog_state_serial(HKEY key, DWORD *serial)
{
  struct catalog_state now = {.key = key};
  DWORD error = read_journal(&now);

  if (error == 0 && now.has_journal)
    *serial = now.journal.serial;
  else if (error == 0)
    error = read_serial(key, serial);
  heap_free(now.journal_bytes);
  return error;
}

/* There was no catalog. */
static DWORD check_that_there_is_none(void)
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
    return check_that_there_is_none();
  error = catalog_state_serial(state->key, &serial);
  if (registry_is_shortage(error))
    return error;
  return error == 0 && serial == state->serial ? 0 : ERROR_RETRY;
}
