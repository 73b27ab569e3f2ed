#include "registry/commit.h"

#include "catalog/image_validate.h"
#include "platform/heap.h"
#include "registry/catalog_image.h"
#include "registry/catalog_keys.h"
#include "registry/item_key.h"
#include "registry/journal_replay.h"

/* After a commit the keys are numbered through, and how many there are, and how many of them are items,
 * is enough for an addition behind the last; where both are the same, for any change. Kept from one commit to
 * the next; the write lock guards it. Who changes keys by hand and leaves the serial number alone is not
 * noticed. */
static struct {
  DWORD serial; /* when that was so */
  DWORD keys;
  DWORD items;
  bool is_known;
} known[2];

/* One tail, and how it stands to the keys there are. */
struct placing {
  const struct store_splice *tail;
  struct catalog_image now; /* read only where what is known is not enough */
  DWORD kept;               /* keys before the change that stay as they are */
  size_t kept_items;
  bool moves_unusable; /* then what they will be is for the next reader to tell */
};

/* --- which keys stay ---------------------------------------------------------------------- */

/* The next fault that is one of a key, from *fault on; NULL if there is none. */
static const struct store_problem *next_unusable(const struct store_image *image, size_t *fault)
{
  while (*fault < image->problem_count) {
    const struct store_problem *const found = &image->problems[(*fault)++];

    if (found->position != 0)
      return found;
  }
  return NULL;
}

/* Keys stay as long as they are numbered through and the items among them are before the tail. */
static void find_kept(struct placing *placing)
{
  size_t fault = 0;
  const struct store_problem *unusable = next_unusable(placing->now.image, &fault);

  for (; placing->kept < placing->now.key_count; placing->kept++) {
    const DWORD position = placing->now.positions[placing->kept];

    if (position != placing->kept + 1)
      return;
    if (unusable != NULL && unusable->position == position) {
      unusable = next_unusable(placing->now.image, &fault);
    } else if (placing->kept_items == placing->tail->first) {
      return;
    } else {
      placing->kept_items++;
    }
  }
}

static int place_in_image(struct placing *placing, const struct catalog_state *state)
{
  const DWORD error = catalog_image_read(state, placing->tail->width, &placing->now);

  if (error != 0)
    return registry_error(error);
  if (placing->tail->first > placing->now.image->count)
    return WSANO_RECOVERY;
  find_kept(placing);
  return 0;
}

/* The stored number is asked too: somebody may have made the catalog anew, and serial numbers with it. */
static DWORD look_whether_known(const struct catalog_state *state, enum catalog_width width,
                                bool *is_known)
{
  DWORD stored = 0;
  DWORD error = 0;

  *is_known = known[width].is_known && known[width].serial == state->serial;
  if (*is_known) {
    error = registry_read_dword(state->key, entries_count_name[width], &stored);
    *is_known = error == 0 && stored == known[width].keys;
  }
  return registry_is_shortage(error) ? error : 0;
}

static int place(struct placing *placing, const struct catalog_state *state)
{
  const enum catalog_width width = placing->tail->width;
  const size_t first = placing->tail->first;
  const DWORD unusable = known[width].keys - known[width].items;
  bool is_known;
  DWORD error;

  if (placing->tail->discard_invalid)
    return 0;
  error = look_whether_known(state, width, &is_known);
  if (error != 0)
    return registry_error(error);
  if (!is_known || (unusable != 0 && first < known[width].items))
    return place_in_image(placing, state);
  if (first > known[width].items)
    return WSANO_RECOVERY;
  placing->kept = (DWORD)first + unusable;
  placing->kept_items = first;
  return 0;
}

/* --- the journal -------------------------------------------------------------------------- */

static void add_items(struct journal_draft *draft, const struct catalog_item *items, size_t first,
                      size_t end)
{
  unsigned char packed[PACKED_ITEM_SIZE];

  for (size_t item = first; item < end; item++) {
    const struct journal_item stored = journal_item_of(&items[item], packed);

    journal_add_item(draft, &stored);
  }
}

/* What cannot be read (there is no such value) leaves nothing to keep. */
static int add_unusable_at(struct journal_draft *draft, HKEY entries, DWORD position)
{
  struct journal_item stored;
  const DWORD error = item_key_load(entries, position, &stored);

  if (error == 0)
    journal_add_item(draft, &stored);
  item_key_free(&stored);
  return registry_is_shortage(error) || draft->is_short_of_memory ? WSA_NOT_ENOUGH_MEMORY : 0;
}

/* Behind the items comes what stood behind the kept keys and is of no use. */
static int add_unusable(struct journal_draft *draft, struct placing *placing,
                        const struct catalog_state *state)
{
  const struct store_problem *unusable;
  size_t fault = 0;
  HKEY entries;
  DWORD result;
  int error = 0;

  if (placing->now.image == NULL || next_unusable(placing->now.image, &fault) == NULL)
    return 0;
  fault = 0;
  result = registry_open(state->key, entries_key_name[placing->tail->width], &entries);
  if (result != 0)
    return registry_error(result);
  while (error == 0 && (unusable = next_unusable(placing->now.image, &fault)) != NULL) {
    if (unusable->position <= placing->kept)
      continue;
    placing->moves_unusable = true;
    error = add_unusable_at(draft, entries, unusable->position);
  }
  registry_close(entries);
  return error;
}

static int draft_tail(struct journal_draft *draft, struct placing *placing,
                      const struct catalog_state *state)
{
  int error = place(placing, state);

  if (error != 0)
    return error;
  journal_begin_tail(draft, placing->tail->width, placing->tail->discard_invalid,
                     placing->kept + 1);
  if (placing->now.image != NULL)
    add_items(draft, placing->now.image->items, placing->kept_items, placing->tail->first);
  add_items(draft, placing->tail->items, 0, placing->tail->count);
  return add_unusable(draft, placing, state);
}

/* --- the commit --------------------------------------------------------------------------- */

static DWORD serial_after(DWORD serial)
{
  return serial + 1 != 0 ? serial + 1 : 1;
}

static void remember(const struct placing *placings, size_t count, DWORD before, DWORD after)
{
  for (int width = CATALOG_32; width <= CATALOG_64; width++) {
    known[width].is_known = known[width].is_known && known[width].serial == before;
    known[width].serial = after;
  }
  for (size_t i = 0; i < count; i++) {
    const struct placing *const placing = &placings[i];
    const enum catalog_width width = placing->tail->width;
    const DWORD unusable = placing->kept - (DWORD)placing->kept_items;

    known[width].is_known = !placing->moves_unusable;
    known[width].items = (DWORD)(placing->tail->first + placing->tail->count);
    known[width].keys = known[width].items + unusable;
  }
}

/* Once the journal is written the change holds. Should bringing the keys up to it fail, it stays,
 * readers go by it, and the next writer ends the work. */
static int write_journal(HKEY catalog, const struct journal_draft *draft)
{
  struct journal journal;
  const DWORD error =
      registry_write(catalog, JOURNAL_VALUE, REG_BINARY, draft->bytes, (DWORD)draft->size);

  if (error == 0 && journal_read(draft->bytes, draft->size, &journal))
    redo_journal(catalog, &journal);
  return registry_error(error);
}

static int commit_at(const struct catalog_state *state, const struct store_splice *tails,
                     size_t count, DWORD next_id)
{
  struct placing placings[MOST_TAILS] = {0};
  const DWORD serial = serial_after(state->serial);
  struct journal_draft draft;
  int error = 0;

  journal_begin(&draft, serial, next_id);
  for (size_t i = 0; i < count && error == 0; i++) {
    placings[i].tail = &tails[i];
    error = draft_tail(&draft, &placings[i], state);
  }
  if (error == 0 && !journal_finish(&draft))
    error = WSA_NOT_ENOUGH_MEMORY;
  if (error == 0)
    error = write_journal(state->key, &draft);
  if (error == 0)
    remember(placings, count, state->serial, serial);
  for (size_t i = 0; i < count; i++)
    catalog_image_free(&placings[i].now);
  heap_free(draft.bytes);
  return error;
}

static bool are_possible(const struct store_splice *tails, size_t count)
{
  bool are = count <= MOST_TAILS && (count < MOST_TAILS || tails[0].width != tails[1].width);

  for (size_t i = 0; are && i < count; i++)
    are = !tails[i].discard_invalid || tails[i].first == 0;
  return are;
}

static bool replaces_all(const struct store_splice *tails, size_t count)
{
  bool replaces = true;

  for (size_t i = 0; i < count; i++)
    replaces = replaces && tails[i].discard_invalid;
  return replaces;
}

/* What replaces all there is needs nothing of it: not even the serial number, where that cannot be
 * read. Then it becomes one that nobody remembers. */
static DWORD open_state(struct catalog_state *state, const struct store_splice *tails, size_t count)
{
  DWORD error = catalog_state_open(state);

  if (error != 0 && replaces_all(tails, count) && !registry_is_shortage(error)) {
    *state = (struct catalog_state){.serial = GetTickCount()};
    error = 0;
  }
  return error;
}

/* The change before this one, under the same lock, may not have come to its end. Its journal gives way to
 * the next, which says nothing of what that one leaves alone: the other width's keys, for one. */
static DWORD end_change_before(struct catalog_state *state, const struct store_splice *tails,
                               size_t count)
{
  DWORD error = 0;

  if (state->has_journal)
    error = redo_journal(state->key, &state->journal);
  if (error == 0)
    state->has_journal = false;
  return count == MOST_TAILS && replaces_all(tails, count) ? 0 : error;
}

/* What a journal promises has been seen by readers, whether it was brought to its end or not. */
static DWORD above_journal(const struct catalog_state *state, DWORD next_id)
{
  return state->has_journal ? next_id_above(next_id, state->journal.next_id - 1) : next_id;
}

/* The key is opened for writing before the state is read through it. */
int commit_tails(const struct store_splice *tails, size_t count, DWORD next_id)
{
  struct catalog_state state;
  HKEY catalog;
  DWORD error;
  int result;

  if (!are_possible(tails, count))
    return WSAEINVAL;
  error = catalog_key_create(&catalog);
  if (error != 0)
    return registry_error(error);
  error = open_state(&state, tails, count);
  if (error != 0) {
    registry_close(catalog);
    return registry_error(error);
  }
  registry_close(state.key);
  state.key = catalog;
  next_id = above_journal(&state, next_id);
  result = registry_error(end_change_before(&state, tails, count));
  if (result == 0)
    result = commit_at(&state, tails, count, next_id);
  catalog_state_close(&state);
  return result;
}
