#include "registry/catalog_image.h"

#include "catalog/base_entries.h"
#include "catalog/image_validate.h"
#include "platform/heap.h"
#include "registry/catalog_keys.h"
#include "registry/item_key.h"
#include "registry/key_positions.h"

#include <stdint.h>

enum { CATALOG_PROBLEMS = 4 /* of the whole catalog, besides one for each key */ };

/* --- filling the image, within the room that was made for it ----------------------------- */

static DWORD image_make_room(struct store_image *image, size_t entries)
{
  if (entries > SIZE_MAX / sizeof *image->items - CATALOG_PROBLEMS)
    return ERROR_NOT_ENOUGH_MEMORY;
  image->items = heap_allocate((entries + 1) * sizeof *image->items);
  image->problems = heap_allocate((entries + CATALOG_PROBLEMS) * sizeof *image->problems);
  return image->items != NULL && image->problems != NULL ? 0 : ERROR_NOT_ENOUGH_MEMORY;
}

static void image_add_problem(struct store_image *image, DWORD position, DWORD id,
                              const char *reason)
{
  image->problems[image->problem_count++] =
      (struct store_problem){.position = position, .catalog_entry_id = id, .reason = reason};
}

static void image_add_item(struct store_image *image, DWORD position,
                           const struct catalog_item *item, const char *reason)
{
  const DWORD id = item->info.dwCatalogEntryId;

  image->next_id = next_id_above(image->next_id, id); /* ids of unusable items are taken too */
  if (reason != NULL)
    image_add_problem(image, position, id, reason);
  else
    image->items[image->count++] = *item;
}

/* --- the numbered keys ------------------------------------------------------------------- */

/* NULL: this width has no keys. */
static DWORD image_open_entries(const struct catalog_state *state, enum catalog_width width,
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

static const struct journal_splice *image_splice_of(const struct catalog_state *state,
                                                    enum catalog_width width)
{
  return state->has_journal ? journal_splice_of(&state->journal, width) : NULL;
}

/* Whether the keys are 1 to `keys` and the stored count agrees. */
static DWORD image_are_keys_contiguous(HKEY entries, DWORD keys, DWORD stored_count,
                                       bool *are_contiguous)
{
  WCHAR name[POSITION_CHARS];
  DWORD error = 0;

  *are_contiguous = keys == stored_count;
  if (*are_contiguous && keys != 0) {
    error = registry_key_at(entries, keys - 1, name, POSITION_CHARS);
    *are_contiguous = error == 0 && position_from_name(name) == keys;
  }
  return registry_is_shortage(error) ? error : 0;
}

struct stored_count {
  DWORD count;
  bool is_there;
};

static DWORD image_read_count(const struct catalog_state *state, enum catalog_width width,
                              struct stored_count *stored)
{
  DWORD error = ERROR_FILE_NOT_FOUND;

  *stored = (struct stored_count){0};
  if (state->key != NULL)
    error = registry_read_dword(state->key, entries_count_name[width], &stored->count);
  stored->is_there = error == 0;
  return registry_is_shortage(error) ? error : 0;
}

/* The problem with the stored count, or NULL. A count may be missing where there are no keys. */
static const char *image_count_problem(const struct stored_count *stored, DWORD keys)
{
  if (!stored->is_there)
    return keys == 0 ? NULL : "the number of entries is missing";
  return stored->count == keys ? NULL : "the number of entries differs from the number of keys";
}

static DWORD image_find_positions(const struct catalog_state *state, enum catalog_width width,
                                  HKEY entries, const struct stored_count *stored,
                                  struct key_positions *positions)
{
  const struct journal_splice *const splice = image_splice_of(state, width);
  bool are_contiguous = true;
  DWORD keys = 0;
  DWORD error = 0;

  if (splice != NULL)
    return key_positions_sequence(entries != NULL ? splice->first - 1 : 0, positions);
  if (entries != NULL)
    error = registry_count_keys(entries, &keys);
  if (error == 0 && keys != 0)
    error = image_are_keys_contiguous(entries, keys, stored->count, &are_contiguous);
  if (error != 0)
    return error;
  return are_contiguous ? key_positions_sequence(keys, positions)
                        : key_positions_list(entries, positions);
}

/* An error of this key alone is a problem of the image. Only a shortage ends the reading. */
static DWORD image_add_key(struct store_image *image, HKEY entries, DWORD position)
{
  struct catalog_item item = {0};
  const char *reason = NULL;
  const DWORD error = item_key_read(entries, position, &item, &reason);

  if (registry_is_shortage(error))
    return error;
  if (error != 0)
    reason = error == ERROR_FILE_NOT_FOUND ? "the key is missing" : "the key cannot be read";
  image_add_item(image, position, &item, reason);
  return 0;
}

static DWORD image_add_keys(struct store_image *image, HKEY entries,
                            const struct key_positions *positions)
{
  DWORD error = 0;

  for (DWORD i = 0; i < positions->count && error == 0; i++)
    error = image_add_key(image, entries, positions->position[i]);
  return error;
}

/* --- the journal -------------------------------------------------------------------------- */

static void image_add_splice(struct store_image *image, const struct journal_splice *splice)
{
  const unsigned char *cursor = splice->items;
  struct journal_item stored;
  struct catalog_item item;

  for (DWORD i = 0; i < splice->count; i++) {
    const char *reason;

    journal_next_item(&cursor, &stored);
    reason = journal_item_read(&stored, &item);
    image_add_item(image, splice->first + i, &item, reason);
  }
}

/* --- the whole catalog -------------------------------------------------------------------- */

struct stored_id {
  DWORD id;
  bool is_there;
};

static DWORD image_read_next_id(const struct catalog_state *state, struct stored_id *stored)
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

static bool image_can_be_next(DWORD id)
{
  return id >= FIRST_CATALOG_ID && id_is_plausible(id);
}

static bool image_has_id(const struct store_image *image, DWORD id)
{
  bool has = false;

  for (size_t i = 0; !has && i < image->count; i++)
    has = image->items[i].info.dwCatalogEntryId == id;
  for (size_t i = 0; !has && i < image->problem_count; i++)
    has = image->problems[i].position != 0 && image->problems[i].catalog_entry_id == id;
  return has;
}

static const char *image_next_id_problem(const struct stored_id *next,
                                         const struct store_image *image)
{
  if (!next->is_there)
    return "the next catalog id is missing";
  if (!image_can_be_next(next->id))
    return "the next catalog id is out of range";
  if (leaves_too_few_ids(next->id))
    return "the next catalog id is too close to the end of the range";
  return image_has_id(image, next->id) ? "the next catalog id belongs to an entry" : NULL;
}

/* Without entries the counter may be anything: no id has been given yet. */
static void image_check_next_id(struct store_image *image, const struct stored_id *next)
{
  const char *reason = NULL;

  if (image->count != 0 || image->problem_count != 0)
    reason = image_next_id_problem(next, image);
  if (reason != NULL)
    image_add_problem(image, 0, 0, reason);
}

static void image_check_catalog(struct store_image *image, const struct stored_count *stored,
                                const struct key_positions *positions)
{
  const char *const reason = image_count_problem(stored, positions->count);

  if (reason != NULL)
    image_add_problem(image, 0, 0, reason);
  if (!positions->is_complete)
    image_add_problem(image, 0, 0, "the name of a key is not a position");
  if (positions->count != 0 && positions->position[positions->count - 1] != positions->count)
    image_add_problem(image, 0, 0, "the positions of the keys have gaps");
}

static DWORD image_fill(struct store_image *image, const struct catalog_state *state,
                        enum catalog_width width, HKEY entries, const struct stored_count *stored,
                        const struct key_positions *positions)
{
  const struct journal_splice *const splice = image_splice_of(state, width);
  struct stored_id next;
  DWORD error =
      image_make_room(image, (size_t)positions->count + (splice != NULL ? splice->count : 0));

  if (error == 0)
    error = image_read_next_id(state, &next);
  if (error != 0)
    return error;
  image->serial = state->serial;
  image->next_id = image_can_be_next(next.id) ? next.id : FIRST_CATALOG_ID;
  if (splice == NULL)
    image_check_catalog(image, stored, positions);
  error = image_add_keys(image, entries, positions);
  if (error != 0)
    return error;
  if (splice != NULL)
    image_add_splice(image, splice);
  else
    image_check_next_id(image, &next);
  return 0;
}

DWORD catalog_image_read(const struct catalog_state *state, enum catalog_width width,
                         struct catalog_image *read)
{
  struct key_positions positions = {0};
  struct store_image *const image = heap_allocate(sizeof *image);
  struct stored_count stored;
  HKEY entries;
  DWORD error = image_open_entries(state, width, &entries);

  if (error == 0)
    error = image_read_count(state, width, &stored);
  if (error == 0)
    error = image_find_positions(state, width, entries, &stored, &positions);
  if (error == 0)
    error = image != NULL ? image_fill(image, state, width, entries, &stored, &positions)
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
