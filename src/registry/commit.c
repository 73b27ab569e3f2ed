#include "registry/commit.h"

#include "catalog/image_validate.h"
#include "platform/heap.h"
#include "registry/catalog_image.h"
#include "registry/catalog_keys.h"
#include "registry/item_key.h"
#include "registry/journal_replay.h"

/* How many keys and how many usable items this process's last commit left in each width. The keys
 * are then 1 to `keys` without a gap, so these numbers are enough to append; if both are the same,
 * they are enough for any change. The write lock guards them. Keys that are edited by hand without
 * a new serial number are not noticed. */
static struct {
  DWORD serial; /* of that commit */
  DWORD keys;
  DWORD items;
  bool is_valid;
} last_layout[CATALOG_WIDTHS];

/* A splice, and how the present keys relate to it. */
struct splice_plan {
  const struct store_splice *splice;
  struct catalog_image present; /* read only if last_layout is not enough */
  DWORD kept_keys;              /* the first keys, which the change leaves alone */
  size_t kept_items;            /* the usable items among them */
  bool moves_unusable;          /* then the layout after the change is not known */
};

/* --- the keys that stay ------------------------------------------------------------------- */

/* The next problem with a key, from *index on, or NULL. */
static const struct store_problem *commit_next_unusable(const struct store_image *image,
                                                        size_t *index)
{
  while (*index < image->problem_count) {
    const struct store_problem *const problem = &image->problems[(*index)++];

    if (problem->position != 0)
      return problem;
  }
  return NULL;
}

/* Keys stay up to the first gap, or up to the item where the splice begins. */
static void commit_find_kept(struct splice_plan *plan)
{
  size_t index = 0;
  const struct store_problem *unusable = commit_next_unusable(plan->present.image, &index);

  for (; plan->kept_keys < plan->present.key_count; plan->kept_keys++) {
    const DWORD position = plan->present.positions[plan->kept_keys];

    if (position != plan->kept_keys + 1)
      return;
    if (unusable != NULL && unusable->position == position)
      unusable = commit_next_unusable(plan->present.image, &index);
    else if (plan->kept_items == plan->splice->first)
      return;
    else
      plan->kept_items++;
  }
}

static int commit_plan_from_image(struct splice_plan *plan, const struct catalog_state *state)
{
  const DWORD error = catalog_image_read(state, plan->splice->width, &plan->present);

  if (error != 0)
    return registry_error(error);
  if (plan->splice->first > plan->present.image->count)
    return WSANO_RECOVERY;
  commit_find_kept(plan);
  return 0;
}

/* The stored number of entries is compared too: somebody may have made a new catalog, whose serial
 * numbers begin again. */
static DWORD commit_is_layout_cached(const struct catalog_state *state, enum catalog_width width,
                                     bool *is_cached)
{
  DWORD stored = 0;
  DWORD error = 0;

  *is_cached = last_layout[width].is_valid && last_layout[width].serial == state->serial;
  if (*is_cached) {
    error = registry_read_dword(state->key, entries_count_name[width], &stored);
    *is_cached = error == 0 && stored == last_layout[width].keys;
  }
  return registry_is_shortage(error) ? error : 0;
}

static int commit_plan(struct splice_plan *plan, const struct catalog_state *state)
{
  const enum catalog_width width = plan->splice->width;
  const size_t first = plan->splice->first;
  const DWORD unusable = last_layout[width].keys - last_layout[width].items;
  bool is_cached;
  DWORD error;

  if (plan->splice->discard_invalid)
    return 0;
  error = commit_is_layout_cached(state, width, &is_cached);
  if (error != 0)
    return registry_error(error);
  if (!is_cached || (unusable != 0 && first < last_layout[width].items))
    return commit_plan_from_image(plan, state);
  if (first > last_layout[width].items)
    return WSANO_RECOVERY;
  plan->kept_keys = (DWORD)first + unusable;
  plan->kept_items = first;
  return 0;
}

/* --- the journal -------------------------------------------------------------------------- */

static void commit_draft_items(struct journal_draft *draft, const struct catalog_item *items,
                               size_t first, size_t end)
{
  unsigned char packed[PACKED_ITEM_SIZE];

  for (size_t item = first; item < end; item++) {
    const struct journal_item stored = journal_item_of(&items[item], packed);

    journal_add_item(draft, &stored);
  }
}

/* The unusable keys after the kept ones are moved behind the items, as they are. A key whose values
 * cannot be read has nothing to keep. */
static int commit_draft_unusable(struct journal_draft *draft, struct splice_plan *plan,
                                 const struct catalog_state *state)
{
  const struct store_problem *unusable;
  size_t index = 0;
  HKEY entries;
  DWORD error;

  if (plan->present.image == NULL || commit_next_unusable(plan->present.image, &index) == NULL)
    return 0;
  index = 0;
  error = registry_open(state->key, entries_key_name[plan->splice->width], &entries);
  if (error != 0)
    return registry_error(error);
  while (!registry_is_shortage(error) && !draft->is_short_of_memory &&
         (unusable = commit_next_unusable(plan->present.image, &index)) != NULL) {
    struct journal_item stored;

    if (unusable->position <= plan->kept_keys)
      continue;
    plan->moves_unusable = true;
    error = item_key_load(entries, unusable->position, &stored);
    if (error == 0)
      journal_add_item(draft, &stored);
    item_key_free(&stored);
  }
  registry_close(entries);
  return registry_is_shortage(error) || draft->is_short_of_memory ? WSA_NOT_ENOUGH_MEMORY : 0;
}

static int commit_draft_splice(struct journal_draft *draft, struct splice_plan *plan,
                               const struct catalog_state *state)
{
  const struct store_splice *const splice = plan->splice;
  const int error = commit_plan(plan, state);

  if (error != 0)
    return error;
  journal_begin_splice(draft, splice->width, splice->discard_invalid, plan->kept_keys + 1);
  if (plan->present.image != NULL)
    commit_draft_items(draft, plan->present.image->items, plan->kept_items, splice->first);
  commit_draft_items(draft, splice->items, 0, splice->count);
  return commit_draft_unusable(draft, plan, state);
}

/* --- the commit --------------------------------------------------------------------------- */

static DWORD commit_next_serial(DWORD serial)
{
  return serial + 1 != 0 ? serial + 1 : 1;
}

static void commit_remember_layout(const struct splice_plan *plans, size_t count, DWORD before,
                                   DWORD after)
{
  for (int width = CATALOG_32; width <= CATALOG_64; width++) {
    last_layout[width].is_valid =
        last_layout[width].is_valid && last_layout[width].serial == before;
    last_layout[width].serial = after;
  }
  for (size_t i = 0; i < count; i++) {
    const struct splice_plan *const plan = &plans[i];
    const enum catalog_width width = plan->splice->width;
    const DWORD unusable = plan->kept_keys - (DWORD)plan->kept_items;

    last_layout[width].is_valid = !plan->moves_unusable;
    last_layout[width].items = (DWORD)(plan->splice->first + plan->splice->count);
    last_layout[width].keys = last_layout[width].items + unusable;
  }
}

/* The change takes effect when the journal is written. If bringing the keys up to date fails, the
 * journal stays: readers apply it, and the next writer replays it. */
static int commit_write_journal(HKEY catalog, const struct journal_draft *draft)
{
  struct journal journal;
  const DWORD error =
      registry_write(catalog, JOURNAL_VALUE, REG_BINARY, draft->bytes, (DWORD)draft->size);

  if (error == 0 && journal_read(draft->bytes, draft->size, &journal))
    journal_replay(catalog, &journal);
  return registry_error(error);
}

static int commit_to_state(const struct catalog_state *state, const struct store_splice *splices,
                           size_t count, DWORD next_id)
{
  struct splice_plan plans[MOST_SPLICES] = {0};
  const DWORD serial = commit_next_serial(state->serial);
  struct journal_draft draft;
  int error = 0;

  journal_begin(&draft, serial, next_id);
  for (size_t i = 0; i < count && error == 0; i++) {
    plans[i].splice = &splices[i];
    error = commit_draft_splice(&draft, &plans[i], state);
  }
  if (error == 0 && !journal_finish(&draft))
    error = WSA_NOT_ENOUGH_MEMORY;
  if (error == 0)
    error = commit_write_journal(state->key, &draft);
  if (error == 0)
    commit_remember_layout(plans, count, state->serial, serial);
  for (size_t i = 0; i < count; i++)
    catalog_image_free(&plans[i].present);
  heap_free(draft.bytes);
  return error;
}

static bool commit_are_valid(const struct store_splice *splices, size_t count)
{
  bool valid =
      count <= MOST_SPLICES && (count < MOST_SPLICES || splices[0].width != splices[1].width);

  for (size_t i = 0; valid && i < count; i++)
    valid = !splices[i].discard_invalid || splices[i].first == 0;
  return valid;
}

static bool commit_rewrite_all(const struct store_splice *splices, size_t count)
{
  bool rewrite = true;

  for (size_t i = 0; i < count; i++)
    rewrite = rewrite && splices[i].discard_invalid;
  return rewrite;
}

/* Splices that rewrite everything do not depend on the present content. If not even the serial
 * number can be read, the new one is made up: no reader can have it. */
static DWORD commit_open_state(struct catalog_state *state, const struct store_splice *splices,
                               size_t count)
{
  DWORD error = catalog_state_open(state);

  if (error != 0 && commit_rewrite_all(splices, count) && !registry_is_shortage(error)) {
    *state = (struct catalog_state){.serial = GetTickCount()};
    error = 0;
  }
  return error;
}

/* An earlier commit under the same lock may have left its journal. It is replayed first: the new
 * journal replaces it, and does not cover the keys of a width that the new change leaves alone. */
static DWORD commit_end_earlier(struct catalog_state *state, const struct store_splice *splices,
                                size_t count)
{
  DWORD error = 0;

  if (state->has_journal)
    error = journal_replay(state->key, &state->journal);
  if (error == 0)
    state->has_journal = false;
  return count == MOST_SPLICES && commit_rewrite_all(splices, count) ? 0 : error;
}

/* The key is opened for writing before the state is read through it. Readers have seen the next id
 * of a journal, whether it was replayed or not, so the new one must not be lower. */
int commit_splices(const struct store_splice *splices, size_t count, DWORD next_id)
{
  struct catalog_state state;
  HKEY catalog;
  DWORD error;
  int result;

  if (!commit_are_valid(splices, count))
    return WSAEINVAL;
  error = catalog_key_create(&catalog);
  if (error != 0)
    return registry_error(error);
  error = commit_open_state(&state, splices, count);
  if (error != 0) {
    registry_close(catalog);
    return registry_error(error);
  }
  registry_close(state.key);
  state.key = catalog;
  if (state.has_journal)
    next_id = next_id_above(next_id, state.journal.next_id - 1);
  result = registry_error(commit_end_earlier(&state, splices, count));
  if (result == 0)
    result = commit_to_state(&state, splices, count, next_id);
  catalog_state_close(&state);
  return result;
}
