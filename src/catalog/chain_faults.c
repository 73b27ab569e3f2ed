#include "catalog/chain_faults.h"

#include "platform/heap.h"

static const char LEADS_NOWHERE[] = "the chain names an entry that is not there";
static const char LEADS_BACK[] = "the chain leads back to itself";
static const char HAS_BAD_PART[] = "the chain names an entry that cannot be started";

/* A walk in depth without recursion: chains may lie in each other as deep as there are entries. */
struct step {
  size_t item;
  int place; /* in its chain, to be looked at next */
};

struct walk {
  const struct catalog_item *items;
  const struct index_table *by_id;
  const char **reason;
  enum { UNSEEN, OPEN, DONE } * mark;
  struct step *path; /* from where the walk began to where it is: all of them OPEN */
  size_t depth;
};

static void enter(struct walk *walk, size_t item)
{
  walk->mark[item] = OPEN;
  walk->path[walk->depth++] = (struct step){item, 0};
}

/* The next part of the innermost chain is looked at, and entered if it is new. */
static void look_at_part(struct walk *walk, struct step *step)
{
  const DWORD id = walk->items[step->item].info.ProtocolChain.ChainEntries[step->place];
  const struct catalog_item *const found = index_table_find(walk->by_id, id);
  const size_t part = found != NULL ? (size_t)(found - walk->items) : 0;

  if (found != NULL && walk->mark[part] == UNSEEN) {
    enter(walk, part); /* and look again once it is done */
    return;
  }
  step->place++;
  if (found == NULL)
    walk->reason[step->item] = LEADS_NOWHERE;
  else if (walk->mark[part] == OPEN)
    walk->reason[step->item] = LEADS_BACK;
  else if (walk->reason[part] != NULL)
    walk->reason[step->item] = HAS_BAD_PART;
}

static void walk_from(struct walk *walk, size_t item)
{
  enter(walk, item);
  while (walk->depth > 0) {
    struct step *const step = &walk->path[walk->depth - 1];
    const int length = walk->items[step->item].info.ProtocolChain.ChainLen;

    /* A base protocol's own ChainEntries need not be filled. */
    if (length > BASE_PROTOCOL && step->place < length && walk->reason[step->item] == NULL) {
      look_at_part(walk, step);
    } else {
      walk->mark[step->item] = DONE;
      walk->depth--;
    }
  }
}

bool chain_faults_find(const struct catalog_item *items, size_t count,
                       const struct index_table *by_id, const char **reason)
{
  struct walk walk = {.items = items, .by_id = by_id, .reason = reason};
  bool done = false;

  walk.mark = heap_allocate((count + 1) * sizeof *walk.mark);
  walk.path = heap_allocate((count + 1) * sizeof *walk.path);
  if (walk.mark != NULL && walk.path != NULL) {
    for (size_t i = 0; i < count; i++)
      reason[i] = NULL;
    for (size_t i = 0; i < count; i++) {
      if (walk.mark[i] == UNSEEN)
        walk_from(&walk, i);
    }
    done = true;
  }
  heap_free(walk.mark);
  heap_free(walk.path);
  return done;
}
