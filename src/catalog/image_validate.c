#include "catalog/image_validate.h"

#include "platform/hash_table.h"
#include "platform/heap.h"
#include "ws2spi_shim.h"

#include <wchar.h>

/* A million: no catalog ever uses so many, and it is less than a thousandth of all ids. */
enum { MIN_IDS_LEFT = 1 << 20 };

bool id_is_plausible(DWORD id)
{
  return id != 0 && id < WS2SPI_FIRST_REGISTERED_ID;
}

bool leaves_too_few_ids(DWORD next_id)
{
  return next_id > WS2SPI_FIRST_REGISTERED_ID - MIN_IDS_LEFT;
}

DWORD next_id_above(DWORD next_id, DWORD id)
{
  return id >= next_id && id_is_plausible(id) && !leaves_too_few_ids(id + 1) ? id + 1 : next_id;
}

static bool validate_has_repeated_element(const WSAPROTOCOLCHAIN *chain)
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
    return "its name is not NUL-terminated";
  if (wmemchr(item->path, 0, MAX_PATH) == NULL)
    return "its path is not NUL-terminated";
  if (item->path[0] == 0)
    return "its path is empty";
  if (info->ProtocolChain.ChainLen < LAYERED_PROTOCOL ||
      info->ProtocolChain.ChainLen > MAX_PROTOCOL_CHAIN)
    return "its chain length is not between 0 and 7";
  return validate_has_repeated_element(&info->ProtocolChain)
             ? "its chain names the same entry twice"
             : NULL;
}

/* --- chains, which are valid if their elements are ------------------------------------ */

enum { UNDECIDED = -1 };

struct validation_node {
  const struct catalog_item *item;
  const char *problem;
  int level; /* 0: not a chain; else one more than its highest element; or UNDECIDED */
};

struct validation {
  struct hash_table by_id;
  struct validation_node *nodes;
  size_t count;
};

static void validate_items(struct validation *all, const struct catalog_item *const *items)
{
  for (size_t i = 0; i < all->count; i++) {
    struct validation_node *node = &all->nodes[i];
    const DWORD id = items[i]->info.dwCatalogEntryId;

    node->item = items[i];
    node->level = node->item->info.ProtocolChain.ChainLen > BASE_PROTOCOL ? UNDECIDED : 0;
    node->problem = item_problem(node->item);
    if (!id_is_plausible(id))
      node->problem = "its catalog id is out of range";
    else if (node->problem == NULL && hash_table_find(&all->by_id, id) != NULL)
      node->problem = "an earlier entry has the same catalog id";
    if (node->problem == NULL)
      hash_table_insert(&all->by_id, id, node); /* there is room */
  }
}

/* The level that the elements give the chain in this round, or UNDECIDED. */
static int validate_chain_level(const struct validation *all, struct validation_node *node,
                                int round)
{
  const WSAPROTOCOLCHAIN *chain = &node->item->info.ProtocolChain;
  int level = round;

  for (int place = 0; place < chain->ChainLen; place++) {
    const struct validation_node *element =
        hash_table_find(&all->by_id, chain->ChainEntries[place]);

    if (element == NULL)
      node->problem = "its chain names an entry that does not exist";
    else if (element->problem != NULL)
      node->problem = "its chain names an invalid entry";
    else if (element->level == UNDECIDED || element->level >= round)
      level = UNDECIDED;
  }
  return node->problem != NULL ? UNDECIDED : level;
}

static bool validate_chains_of_round(struct validation *all, int round)
{
  bool is_left = false;

  for (size_t i = 0; i < all->count; i++) {
    struct validation_node *node = &all->nodes[i];

    if (node->problem != NULL || node->level != UNDECIDED)
      continue;
    node->level = validate_chain_level(all, node, round);
    is_left = is_left || node->level == UNDECIDED;
  }
  return is_left;
}

/* A chain may have other chains as elements, nested as deeply as a chain may be long. A chain that
 * is still undecided after that many rounds contains itself, or a chain that does. */
static void validate_chains(struct validation *all)
{
  int round = 1;

  while (validate_chains_of_round(all, round) && round < MAX_PROTOCOL_CHAIN)
    round++;
  for (size_t i = 0; i < all->count; i++) {
    struct validation_node *node = &all->nodes[i];

    if (node->problem == NULL && node->level == UNDECIDED)
      node->problem = "its chain refers to itself or is nested too deeply";
  }
}

bool image_validate(const struct catalog_item *const *items, size_t count, const char **reasons)
{
  struct validation all = {.nodes = heap_allocate((count + 1) * sizeof *all.nodes), .count = count};
  const bool has_room = all.nodes != NULL && hash_table_reserve(&all.by_id, count);

  if (has_room) {
    validate_items(&all, items);
    validate_chains(&all);
    for (size_t i = 0; i < count; i++)
      reasons[i] = all.nodes[i].problem;
  }
  hash_table_clear(&all.by_id);
  heap_free(all.nodes);
  return has_room;
}
