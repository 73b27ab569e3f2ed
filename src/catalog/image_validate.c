#include "catalog/image_validate.h"

#include "platform/hash_table.h"
#include "platform/heap.h"
#include "ws2spi_shim.h"

#include <wchar.h>

/* A million: more than any catalog gives in its life, less than a thousandth of all. */
enum { LEAST_IDS_LEFT = 1 << 20 };

bool id_is_plausible(DWORD id)
{
  return id != 0 && id < WS2SPI_FIRST_REGISTERED_ID;
}

bool leaves_too_few_ids(DWORD next_id)
{
  return next_id > WS2SPI_FIRST_REGISTERED_ID - LEAST_IDS_LEFT;
}

DWORD next_id_above(DWORD next_id, DWORD id)
{
  return id >= next_id && id_is_plausible(id) && !leaves_too_few_ids(id + 1) ? id + 1 : next_id;
}

static bool has_repeated_part(const WSAPROTOCOLCHAIN *chain)
{
  for (int place = 1; place < chain->ChainLen; place++) {
    for (int other = 0; other < place; other++) {
      if (chain->ChainEntries[other] == chain->ChainEntries[place])
        return true;
    }
  }
  return false;
}

const char *item_problem(const struct catalog_item *item)
{
  const WSAPROTOCOL_INFOW *info = &item->info;

  if (wmemchr(info->szProtocol, 0, sizeof info->szProtocol / sizeof(WCHAR)) == NULL)
    return "its name has no end";
  if (wmemchr(item->path, 0, MAX_PATH) == NULL)
    return "its path has no end";
  if (item->path[0] == 0)
    return "its path is empty";
  if (info->ProtocolChain.ChainLen < LAYERED_PROTOCOL ||
      info->ProtocolChain.ChainLen > MAX_PROTOCOL_CHAIN)
    return "its chain length is not 0 to 7";
  return has_repeated_part(&info->ProtocolChain) ? "its chain names an entry twice" : NULL;
}

/* --- chains, which are good when their parts are -------------------------------------- */

enum { UNDECIDED = -1 };

struct examined {
  const struct catalog_item *item;
  const char *problem;
  int level; /* 0: no chain; else one more than its highest part; UNDECIDED */
};

struct examination {
  struct hash_table by_id; /* of the examined */
  struct examined *of;
  size_t count;
};

static void examine_alone(struct examination *all, const struct catalog_item *const *items)
{
  for (size_t i = 0; i < all->count; i++) {
    struct examined *one = &all->of[i];
    const DWORD id = items[i]->info.dwCatalogEntryId;

    one->item = items[i];
    one->level = one->item->info.ProtocolChain.ChainLen > BASE_PROTOCOL ? UNDECIDED : 0;
    one->problem = item_problem(one->item);
    if (!id_is_plausible(id))
      one->problem = "its id is none that a catalog can have given";
    else if (one->problem == NULL && hash_table_find(&all->by_id, id) != NULL)
      one->problem = "an entry before it has the same id";
    if (one->problem == NULL)
      hash_table_insert(&all->by_id, id, one); /* there is room */
  }
}

/* The level that the parts give the chain in this round, or UNDECIDED. */
static int level_of_chain(const struct examination *all, struct examined *one, int round)
{
  const WSAPROTOCOLCHAIN *chain = &one->item->info.ProtocolChain;
  int level = round;

  for (int place = 0; place < chain->ChainLen; place++) {
    const struct examined *part = hash_table_find(&all->by_id, chain->ChainEntries[place]);

    if (part == NULL)
      one->problem = "its chain names an entry that is not there";
    else if (part->problem != NULL)
      one->problem = "its chain names an entry that cannot be used";
    else if (part->level == UNDECIDED || part->level >= round)
      level = UNDECIDED;
  }
  return one->problem != NULL ? UNDECIDED : level;
}

static bool decide_chains(struct examination *all, int round)
{
  bool is_left = false;

  for (size_t i = 0; i < all->count; i++) {
    struct examined *one = &all->of[i];

    if (one->problem != NULL || one->level != UNDECIDED)
      continue;
    one->level = level_of_chain(all, one, round);
    is_left = is_left || one->level == UNDECIDED;
  }
  return is_left;
}

/* Chains may stand on chains, as deep as a chain may be long. Whatever is undecided
 * after so many rounds stands on itself, or on what does. */
static void examine_chains(struct examination *all)
{
  int round = 1;

  while (decide_chains(all, round) && round < MAX_PROTOCOL_CHAIN)
    round++;
  for (size_t i = 0; i < all->count; i++) {
    struct examined *one = &all->of[i];

    if (one->problem == NULL && one->level == UNDECIDED)
      one->problem = "its chain leads back to itself, or is nested too deep";
  }
}

bool image_validate(const struct catalog_item *const *items, size_t count, const char **reasons)
{
  struct examination all = {.of = heap_allocate((count + 1) * sizeof *all.of), .count = count};
  const bool has_room = all.of != NULL && hash_table_reserve(&all.by_id, count);

  if (has_room) {
    examine_alone(&all, items);
    examine_chains(&all);
    for (size_t i = 0; i < count; i++)
      reasons[i] = all.of[i].problem;
  }
  hash_table_clear(&all.by_id);
  heap_free(all.of);
  return has_room;
}
