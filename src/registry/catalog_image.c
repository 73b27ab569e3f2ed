#include "registry/catalog_image.h"

#include "catalog/chain_faults.h"
#include "platform/heap.h"
#include "platform/index_table.h"
#include "registry/catalog_keys.h"
#include "registry/item_key.h"
#include "registry/key_positions.h"

enum { CATALOG_FAULTS = 3 /* of the catalog as a whole, beside one for each key */ };

/* --- the image, growing within the room that was made for it ----------------------------- */

struct builder {
  struct store_image *image;
  DWORD *positions;       /* of the items */
  struct index_table ids; /* id -> the item that has it */
};

static DWORD make_room(struct builder *builder, size_t entries)
{
  struct store_image *const image = heap_allocate(sizeof *image);
  const size_t most = SIZE_MAX / sizeof *image->items - CATALOG_FAULTS;

  *builder = (struct builder){.image = image};
  if (image == NULL || entries > most)
    return ERROR_NOT_ENOUGH_MEMORY;
  image->items = heap_allocate((entries + 1) * sizeof *image->items);
  image->faults = heap_allocate((entries + CATALOG_FAULTS) * sizeof *image->faults);
  builder->positions = heap_allocate((entries + 1) * sizeof *builder->positions);
  return image->items != NULL && image->faults != NULL && builder->positions != NULL
             ? 0
             : ERROR_NOT_ENOUGH_MEMORY;
}

static void add_fault(struct store_image *image, DWORD position, DWORD id, const char *reason)
{
  image->faults[image->fault_count++] =
      (struct store_fault){.position = position, .catalog_entry_id = id, .reason = reason};
}

/* The id of an entry that nobody can use is not given to another one either. */
static void keep_id(struct store_image *image, DWORD id)
{
  if (id >= image->next_id && id <= MAXLONG)
    image->next_id = id + 1;
}

static DWORD add_item(struct builder *builder, DWORD position, const struct catalog_item *item,
                      const char *reason)
{
  struct store_image *const image = builder->image;
  const DWORD id = item->info.dwCatalogEntryId;

  keep_id(image, id);
  if (reason == NULL && index_table_find(&builder->ids, id) != NULL)
    reason = "an entry before it has the same catalog entry id";
  if (reason != NULL) {
    add_fault(image, position, id, reason);
    return 0;
  }
  image->items[image->count] = *item;
  if (!index_table_insert(&builder->ids, id, &image->items[image->count]))
    return ERROR_NOT_ENOUGH_MEMORY;
  builder->positions[image->count] = position;
  image->count++;
  return 0;
}

static DWORD add_chain_faults(struct builder *builder)
{
  struct store_image *const image = builder->image;
  const char **const reason = heap_allocate((image->count + 1) * sizeof *reason);
  const bool found =
      reason != NULL && chain_faults_find(image->items, image->count, &builder->ids, reason);

  for (size_t i = 0; found && i < image->count; i++) {
    if (reason[i] == NULL)
      continue;
    add_fault(image, builder->positions[i], image->items[i].info.dwCatalogEntryId, reason[i]);
    image->faults[image->fault_count - 1].is_item = true;
  }
  heap_free(reason);
  return found ? 0 : ERROR_NOT_ENOUGH_MEMORY;
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
static bool are_numbered_through(HKEY entries, DWORD keys, DWORD stored_count)
{
  WCHAR name[POSITION_CHARS];

  return keys == stored_count &&
         (keys == 0 || (registry_key_at(entries, keys - 1, name, POSITION_CHARS) == 0 &&
                        position_of(name) == keys));
}

struct stored_count {
  DWORD count;
  bool is_there;
};

static struct stored_count read_count(const struct catalog_state *state, enum catalog_width width)
{
  struct stored_count stored = {0};

  stored.is_there = registry_read_dword(state->key, entries_count_name[width], &stored.count) == 0;
  return stored;
}

/* The fault of the count, as far as there is one; keys that were never counted because there
 * are none are no fault. */
static const char *fault_of_count(const struct stored_count *stored, DWORD keys)
{
  if (!stored->is_there)
    return keys == 0 ? NULL : "the number of entries is missing";
  return stored->count == keys ? NULL : "the number of entries is not that of the keys";
}

static DWORD find_positions(const struct catalog_state *state, enum catalog_width width,
                            HKEY entries, struct key_positions *positions)
{
  const struct journal_tail *const tail = tail_of(state, width);
  const struct stored_count stored = read_count(state, width);
  DWORD keys = 0;
  DWORD error = 0;

  if (tail != NULL)
    return key_positions_assume(entries != NULL ? tail->first - 1 : 0, positions);
  if (entries != NULL)
    error = registry_count_keys(entries, &keys);
  if (error != 0)
    return error;
  if (keys == 0 || are_numbered_through(entries, keys, stored.count))
    return key_positions_assume(keys, positions);
  return key_positions_list(entries, positions);
}

static DWORD add_keys(struct builder *builder, HKEY entries, const struct key_positions *positions)
{
  struct catalog_item item;
  DWORD error = 0;

  for (DWORD i = 0; i < positions->count && error == 0; i++) {
    const char *reason = NULL;

    error = item_key_read(entries, positions->position[i], &item, &reason);
    if (error == ERROR_FILE_NOT_FOUND)
      reason = "there is no such key";
    else if (error != 0 && error != ERROR_NOT_ENOUGH_MEMORY)
      reason = "the key cannot be read";
    if (error != 0 && error != ERROR_NOT_ENOUGH_MEMORY)
      item = (struct catalog_item){0};
    if (error != ERROR_NOT_ENOUGH_MEMORY)
      error = add_item(builder, positions->position[i], &item, reason);
  }
  return error;
}

/* --- the journal over them ---------------------------------------------------------------- */

static DWORD add_tail(struct builder *builder, const struct journal_tail *tail)
{
  const unsigned char *cursor = tail->items;
  struct journal_item stored;
  struct catalog_item item;
  DWORD error = 0;

  for (DWORD i = 0; i < tail->count && error == 0; i++) {
    const char *reason;

    journal_next_item(&cursor, &stored);
    reason = journal_item_read(&stored, &item);
    error = add_item(builder, tail->first + i, &item, reason);
  }
  return error;
}

/* --- together ----------------------------------------------------------------------------- */

/* What is stored, if that is a number that can be; 1001 where there is none. */
static DWORD stored_next_id(const struct catalog_state *state)
{
  DWORD next_id = 0;

  if (state->has_journal)
    next_id = state->journal.next_id;
  else if (state->key != NULL)
    registry_read_dword(state->key, NEXT_ID_VALUE, &next_id);
  return next_id >= FIRST_CATALOG_ID && next_id <= MAXLONG ? next_id : FIRST_CATALOG_ID;
}

static void add_catalog_faults(struct store_image *image, const struct stored_count *stored,
                               const struct key_positions *positions)
{
  const char *const reason = fault_of_count(stored, positions->count);

  if (reason != NULL)
    add_fault(image, 0, 0, reason);
  if (!positions->is_complete)
    add_fault(image, 0, 0, "there is a key whose name is no position");
  if (positions->count != 0 && positions->position[positions->count - 1] != positions->count)
    add_fault(image, 0, 0, "the positions of the keys have gaps");
}

static DWORD add_everything(struct builder *builder, const struct catalog_state *state,
                            enum catalog_width width, HKEY entries,
                            const struct key_positions *positions)
{
  const struct journal_tail *const tail = tail_of(state, width);
  DWORD error = make_room(builder, (size_t)positions->count + (tail != NULL ? tail->count : 0));

  if (error != 0)
    return error;
  builder->image->serial = state->serial;
  builder->image->next_id = stored_next_id(state);
  if (tail == NULL) {
    const struct stored_count stored = read_count(state, width);

    add_catalog_faults(builder->image, &stored, positions);
  }
  error = add_keys(builder, entries, positions);
  if (error == 0 && tail != NULL)
    error = add_tail(builder, tail);
  return error == 0 ? add_chain_faults(builder) : error;
}

DWORD catalog_image_read(const struct catalog_state *state, enum catalog_width width,
                         struct catalog_image *read)
{
  struct key_positions positions = {0};
  struct builder builder = {0};
  HKEY entries;
  DWORD error = open_entries(state, width, &entries);

  if (error == 0)
    error = find_positions(state, width, entries, &positions);
  if (error == 0)
    error = add_everything(&builder, state, width, entries, &positions);
  *read = (struct catalog_image){builder.image, positions.count, positions.position};
  index_table_clear(&builder.ids);
  heap_free(builder.positions);
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
