#include "registry/key_positions.h"

#include "platform/compare.h"
#include "platform/heap.h"
#include "registry/catalog_keys.h"

#include <stdlib.h>

DWORD key_positions_sequence(DWORD count, struct key_positions *positions)
{
  const size_t size = ((size_t)count + 1) * sizeof *positions->position;

  *positions = (struct key_positions){.is_complete = true};
  if (size / sizeof *positions->position != (size_t)count + 1)
    return ERROR_NOT_ENOUGH_MEMORY;
  positions->position = heap_allocate(size);
  if (positions->position == NULL)
    return ERROR_NOT_ENOUGH_MEMORY;
  for (; positions->count < count; positions->count++)
    positions->position[positions->count] = positions->count + 1;
  return 0;
}

/* Stores 0 for a key whose name is not a position, such as one that is too long. */
static DWORD key_position_at(HKEY entries, DWORD index, DWORD *position)
{
  WCHAR name[POSITION_CHARS];
  const DWORD error = registry_key_at(entries, index, name, POSITION_CHARS);

  *position = error == 0 ? position_from_name(name) : 0;
  return error == ERROR_MORE_DATA ? 0 : error;
}

DWORD key_positions_list(HKEY entries, struct key_positions *positions)
{
  DWORD keys;
  DWORD error = registry_count_keys(entries, &keys);

  if (error == 0)
    error = key_positions_sequence(keys, positions);
  if (error != 0)
    return error;
  positions->count = 0;
  for (DWORD index = 0; index < keys; index++) {
    DWORD position;

    error = key_position_at(entries, index, &position);
    if (registry_is_shortage(error))
      return error;
    /* A key that a writer has deleted in between counts as incomplete; the reader will see that
     * the state has changed. */
    if (error == 0 && position != 0)
      positions->position[positions->count++] = position;
    else
      positions->is_complete = false;
  }
  qsort(positions->position, positions->count, sizeof *positions->position, compare_dwords);
  return 0;
}

static DWORD key_position_delete(HKEY entries, DWORD position)
{
  WCHAR name[POSITION_CHARS];

  position_name(position, name);
  return registry_delete_key(entries, name);
}

/* The store writes under Wine only, which lists keys in the order of their names. So, from the end,
 * all keys to be deleted come before the first position that stays. Keys whose names are not
 * positions may be anywhere, and stay. */
DWORD key_positions_truncate(HKEY entries, DWORD last)
{
  DWORD index;
  DWORD position = 0;
  DWORD error = registry_count_keys(entries, &index);

  if (error != 0 || index <= last)
    return error;
  while (error == 0 && index > 0) {
    error = key_position_at(entries, --index, &position);
    if (error == 0 && position != 0 && position <= last)
      break;
    if (error == 0 && position != 0)
      error = key_position_delete(entries, position);
  }
  return error;
}
