#include "registry/catalog_image.h"

#include "catalog/base_entries.h"
#include "catalog/image_validate.h"
#include "platform/heap.h"
#include "registry/catalog_keys.h"
#include "registry/item_key.h"
#include "registry/key_positions.h"

#include <stdint.h>

enum { CATALOG_FAULTS = 4 /* of the catalog as a whole, beside one for each key */ };

/* --- the image, growing within the room that was made for it ----------------------------- */

static DWORD make_room(struct store_image *image, size_t entries)
{
  if (entries > SIZE_MAX / sizeof *image->items - CATALOG_FAULTS)
    return ERROR_NOT_ENOUGH_MEMORY;
  image->items = heap_allocate((entries + 1) * sizeof *image->items);
  image->problems = heap_allocate((entries + CATALOG_FAULTS) * sizeof *image->problems);
  return image->items != NULL && image->problems != NULL ? 0 : ERROR_NOT_ENOUGH_MEMORY;
}

static void add_fault(struct store_image *image, DWORD position, DWORD id, const char *reason)
{
  image->problems[image->problem_count++] =
      (struct store_problem){.position = position, .catalog_entry_id = id, .reason = reason};
}

/* The id of an entry that nobody can use is not given to another one either. One near the end of
 * all ids is damage, and must not hide what the counter says. */
static void keep_id(struct store_image *image, DWORD id)
{
  image->next_id = next_id_above(image->next_id, id);
}

static void add_item(struct store_image *image, DWORD position, const struct catalog_item *item,
                     const char *reason)
{
  const DWORD id = item->info.dwCatalogEntryId;

  keep_id(image, id);
  if (reason != NULL)
    add_fault(image, position, id, reason);
  else
    image->items[image->count++] = *item;
}

/* --- the numbered keys ------------------------------------------------------------------- */

/* A key of this width, or NULL if there is none. */
static DWORD open_entries(const struct catalog_state *state, enum catalog_width width,
                          HKEY *entries)
{
  DWORD error = ERROR_FILE_NOT_FOUND;

  *entries = NULL;
  if (state->key != NULL)
    error = registry_open(state->key, entries_key_name[width], entries);
  if (error != 0)
    *entries = NULL;
  return error == ERROR_FILE_NOT_FOUND ? 0 : error;
}

static const struct journal_tail *tail_of(const struct catalog_state *state,
                                          enum catalog_width width)
{
  return state->has_journal ? journal_tail_of(&state->journal, width) : NULL;
}

/* Whether the count, the keys and their names are what they should be. */
static DWORD look_whether_numbered_through(HKEY entries, DWORD keys, DWORD stored_count,
                                           bool *are_numbered)
{
  WCHAR name[POSITION_CHARS];
  DWORD error = 0;

  *are_numbered = keys == stored_count;
  if (*are_numbered && keys != 0) {
    error = registry_key_at(entries, keys - 1, name, POSITION_CHARS);
    *are_numbered = error == 0 && position_of(name) == keys;
  }
  return registry_is_shortage(error) ? error : 0;
}

struct stored_count {
  DWORD count;
  bool is_there;
};

static DWORD read_count(const struct catalog_state *state, enum catalog_width width,
                        struct stored_count *stored)
{
  DWORD error = ERROR_FILE_NOT_FOUND;

  *stored = (struct stored_count){0};
  if (state->key != NULL)
    error = registry_read_dword(state->key, entries_count_name[width], &stored->count);
  stored->is_there = error == 0;
  return registry_is_shortage(error) ? error : 0;
}

/* The fault of the count, as far as there is one; keys that were never counted because there
 * are none are no fault. */
static const char *fault_of_count(const struct stored_count *stored, DWORD keys)
{
  if (!stored->is_there)
    return keys == 0 ? NULL : "the number of entries is missing";
  return stored->count == keys ? NULL : "the number of entries differs from the number of keys";
}

static DWORD find_positions(const struct catalog_state *state, enum catalog_width width,
                            HKEY entries, const struct stored_count *stored,
                            struct key_positions *positions)
{
  const struct journal_tail *const tail = tail_of(state, width);
  bool are_numbered = true;
  DWORD keys = 0;
  DWORD error = 0;

  if (tail != NULL)
    return key_positions_assume(entries != NULL ? tail->first - 1 : 0, positions);
  if (entries != NULL)
    error = registry_count_keys(entries, &keys);
  if (error == 0 && keys != 0)
    error = look_whether_numbered_through(entries, keys, stored->count, &are_numbered);
  if (error != 0)
    return error;
  return are_numbered ? key_positions_assume(keys, positions)
                      : key_positions_list(entries, positions);
}

/* Only what has nothing to do with the key at hand ends the reading. */
static DWORD add_key(struct store_image *image, HKEY entries, DWORD position)
{
  struct catalog_item item = {0};
  const char *reason = NULL;
  const DWORD error = item_key_read(entries, position, &item, &reason);

  if (registry_is_shortage(error))
    return error;
  if (error != 0)
    reason = error == ERROR_FILE_NOT_FOUND ? "the key is missing" : "the key cannot be read";
  add_item(image, position, &item, reason);
  return 0;
}

static DWORD add_keys(struct store_image *image, HKEY entries,
                      const struct key_positions *positions)
{
  DWORD error = 0;

  for (DWORD i = 0; i < positions->count && error == 0; i++)
    error = add_key(image, entries, positions->position[i]);
  return error;
}

/* --- the journal over them ---------------------------------------------------------------- */

static void add_tail(struct store_image *image, const struct journal_tail *tail)
{
  const unsigned char *cursor = tail->items;
  struct journal_item stored;
  struct catalog_item item;

  for (DWORD i = 0; i < tail->count; i++) {
    const char *reason;

    journal_next_item(&cursor, &stored);
    reason = journal_item_read(&stored, &item);
    add_item(image, tail->first + i, &item, reason);
  }
}

/* --- together ----------------------------------------------------------------------------- */

struct stored_id {
  DWORD id;
  bool is_there;
};

static DWORD read_next_id(const struct catalog_state *state, struct stored_id *stored)
{
  DWORD error = ERROR_FILE_NOT_FOUND;

  *stored = (struct stored_id){0};
  if (state->has_journal) {
    stored->id = state->journal.next_id;
    error = 0;
  } else if (state->key != NULL) {
    error = registry_read_dword(state->key, NEXT_ID_VALUE, &stored->id);
  }
  stored->is_there = error == 0;
  return registry_is_shortage(error) ? error : 0;
}

static bool can_be_next(DWORD id)
{
  return id >= FIRST_CATALOG_ID && id_is_plausible(id);
}

static bool has_id(const struct store_image *image, DWORD id)
{
  bool has = false;

  for (size_t i = 0; !has && i < image->count; i++)
    has = image->items[i].info.dwCatalogEntryId == id;
  for (size_t i = 0; !has && i < image->problem_count; i++)
    has = image->problems[i].position != 0 && image->problems[i].catalog_entry_id == id;
  return has;
}

static const char *fault_of_next_id(const struct stored_id *next, const struct store_image *image)
{
  if (!next->is_there)
    return "the next catalog id is missing";
  if (!can_be_next(next->id))
    return "the next catalog id is out of range";
  if (leaves_too_few_ids(next->id))
    return "the next catalog id is too close to the end of the range";
  return has_id(image, next->id) ? "the next catalog id belongs to an entry" : NULL;
}

/* A counter beside no entries at all, whatever it is, is one that nobody has used yet. */
static void add_fault_of_next_id(struct store_image *image, const struct stored_id *next)
{
  const char *reason = NULL;

  if (image->count != 0 || image->problem_count != 0)
    reason = fault_of_next_id(next, image);
  if (reason != NULL)
    add_fault(image, 0, 0, reason);
}

static void add_catalog_faults(struct store_image *image, const struct stored_count *stored,
                               const struct key_positions *positions)
{
  const char *const reason = fault_of_count(stored, positions->count);

  if (reason != NULL)
    add_fault(image, 0, 0, reason);
  if (!positions->is_complete)
    add_fault(image, 0, 0, "the name of a key is not a position");
  if (positions->count != 0 && positions->position[positions->count - 1] != positions->count)
    add_fault(image, 0, 0, "the positions of the keys have gaps");
}

static DWORD add_everything(struct store_image *image, const struct catalog_state *state,
                            enum catalog_width width, HKEY entries,
                            const struct stored_count *stored,
                            const struct key_positions *positions)
{
  const struct journal_tail *const tail = tail_of(state, width);
  struct stored_id next;
  DWORD error = make_room(image, (size_t)positions->count + (tail != NULL ? tail->count : 0));

  if (error == 0)
    error = read_next_id(state, &next);
  if (error != 0)
    return error;
  image->serial = state->serial;
  image->next_id = can_be_next(next.id) ? next.id : FIRST_CATALOG_ID;
  if (tail == NULL)
    add_catalog_faults(image, stored, positions);
  error = add_keys(image, entries, positions);
  if (error != 0)
    return error;
  if (tail != NULL)
    add_tail(image, tail);
  else
    add_fault_of_next_id(image, &next);
  return 0;
}

DWORD catalog_image_read(const struct catalog_state *state, enum catalog_width width,
                         struct catalog_image *read)
{
  struct key_positions positions = {0};
  struct store_image *const image = heap_allocate(sizeof *image);
  struct stored_count stored;
  HKEY entries;
  DWORD error = open_entries(state, width, &entries);

  if (error == 0)
    error = read_count(state, width, &stored);
  if (error == 0)
    error = find_positions(state, width, entries, &stored, &positions);
  if (error == 0)
    error = image != NULL ? add_everything(image, state, width, entries, &stored, &positions)
                          : ERROR_NOT_ENOUGH_MEMORY;
  *read = (struct catalog_image){image, positions.count, positions.position};
  registry_close(entries);
  if (error != 0)
    catalog_image_free(read);
  return error;
}

void catalog_image_free(struct catalog_image *read)
{
  store_free_image(read->image);
  heap_free(read->positions);
  *read = (struct catalog_image){0};
}
