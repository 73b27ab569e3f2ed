#include "tool/tree.h"

#include <stdlib.h>
#include <string.h>

/* --- finding chains by their elements ------------------------------------------------ */

struct chain_index {
  size_t count;
  const WS2SPI_CATALOG_ENTRY **chains; /* sorted */
};

static int tree_compare_chains(const DWORD *left, int left_length, const DWORD *right,
                               int right_length)
{
  if (left_length != right_length)
    return left_length - right_length;
  for (int place = 0; place < left_length; place++) {
    if (left[place] != right[place])
      return left[place] < right[place] ? -1 : 1;
  }
  return 0;
}

static int tree_compare_entries(const void *left, const void *right)
{
  const WS2SPI_CATALOG_ENTRY *const a = *(const WS2SPI_CATALOG_ENTRY *const *)left;
  const WS2SPI_CATALOG_ENTRY *const b = *(const WS2SPI_CATALOG_ENTRY *const *)right;

  return tree_compare_chains(a->ProtocolInfo.ProtocolChain.ChainEntries, entry_chain_length(a),
                             b->ProtocolInfo.ProtocolChain.ChainEntries, entry_chain_length(b));
}

static BOOL tree_index_chains(struct chain_index *index, const struct listing *listing)
{
  index->count = 0;
  index->chains = malloc((listing->count + 1) * sizeof *index->chains);
  if (index->chains == NULL)
    return FALSE;
  for (size_t i = 0; i < listing->count; i++)
    if (entry_chain_length(&listing->entries[i]) > 0)
      index->chains[index->count++] = &listing->entries[i];
  qsort(index->chains, index->count, sizeof *index->chains, tree_compare_entries);
  return TRUE;
}

/* NULL: there is no such chain. */
static const WS2SPI_CATALOG_ENTRY *tree_find_chain(const struct chain_index *index,
                                                   const DWORD *ids, int length)
{
  size_t first = 0;
  size_t end = index->count;

  while (first < end) {
    const size_t middle = first + (end - first) / 2;
    const WS2SPI_CATALOG_ENTRY *const entry = index->chains[middle];
    const int order = tree_compare_chains(entry->ProtocolInfo.ProtocolChain.ChainEntries,
                                          entry_chain_length(entry), ids, length);

    if (order == 0)
      return entry;
    if (order < 0)
      first = middle + 1;
    else
      end = middle;
  }
  return NULL;
}

/* --- the tree ------------------------------------------------------------------------ */

static const WS2SPI_CATALOG_ENTRY *tree_find_lower(const struct listing *listing,
                                                   const struct chain_index *index,
                                                   const WS2SPI_CATALOG_ENTRY *entry)
{
  const DWORD *const ids = entry->ProtocolInfo.ProtocolChain.ChainEntries;
  const int length = entry_chain_length(entry);
  const WS2SPI_CATALOG_ENTRY *lower;

  if (length == 0)
    return NULL;
  lower = listing_find(listing, ids[1]);
  if (lower == NULL || lower->ProtocolInfo.ProtocolChain.ChainLen != LAYERED_PROTOCOL)
    return lower;
  lower = tree_find_chain(index, ids + 1, length - 1);
  return lower != NULL ? lower : listing_find(listing, ids[length - 1]);
}

static BOOL tree_allocate(struct tree *tree, size_t count)
{
  const size_t size = (count + 1) * sizeof(size_t);

  tree->parent = malloc(size);
  tree->first_child = malloc(size);
  tree->next_sibling = malloc(size);
  if (tree->parent == NULL || tree->first_child == NULL || tree->next_sibling == NULL) {
    tree_free(tree);
    return FALSE;
  }
  memset(tree->parent, 0xFF, size); /* TREE_NONE */
  memset(tree->first_child, 0xFF, size);
  memset(tree->next_sibling, 0xFF, size);
  return TRUE;
}

/* From the last, because each becomes the first child of its parent. */
static void tree_link(struct tree *tree, const struct listing *listing,
                      const struct chain_index *index)
{
  for (size_t i = listing->count; i-- > 0;) {
    const WS2SPI_CATALOG_ENTRY *const lower = tree_find_lower(listing, index, &listing->entries[i]);

    if (lower != NULL && lower != &listing->entries[i]) {
      const size_t parent = (size_t)(lower - listing->entries);

      tree->parent[i] = parent;
      tree->next_sibling[i] = tree->first_child[parent];
      tree->first_child[parent] = i;
    }
  }
}

BOOL tree_build(struct tree *tree, const struct listing *listing)
{
  struct chain_index index;

  *tree = (struct tree){0};
  if (!tree_allocate(tree, listing->count))
    return FALSE;
  if (!tree_index_chains(&index, listing)) {
    tree_free(tree);
    return FALSE;
  }
  tree_link(tree, listing, &index);
  free(index.chains);
  return TRUE;
}

void tree_free(struct tree *tree)
{
  free(tree->parent);
  free(tree->first_child);
  free(tree->next_sibling);
  *tree = (struct tree){0};
}
