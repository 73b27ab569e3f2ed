/* Which entry is layered over which. The parent of a chain is the entry directly below it; base
 * entries have no parent. */
#ifndef WS2SPI_TOOL_TREE_H
#define WS2SPI_TOOL_TREE_H

#include "tool/listing.h"

#define TREE_NONE ((size_t)-1)

/* Indices into the entries of the listing, or TREE_NONE. Siblings are in catalog order. */
struct tree {
  size_t *parent;
  size_t *first_child;
  size_t *next_sibling;
};

/* The parent of a chain is its second element. Some installers put the other layer's dummy there
 * instead of its chain. Then the parent is that layer's chain over the same remaining elements,
 * or, if there is no such chain, the last element. FALSE: out of memory. */
BOOL tree_build(struct tree *tree, const struct listing *listing);
void tree_free(struct tree *tree);

#endif
