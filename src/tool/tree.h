/* What is layered over what. Every entry that programs can use hangs under the entry that
 * it is layered over; base entries hang under nothing. */
#ifndef WS2SPI_TOOL_TREE_H
#define WS2SPI_TOOL_TREE_H

#include "tool/listing.h"

#define TREE_NONE ((size_t)-1)

/* Indices into the entries of the listing, TREE_NONE where there is none. Siblings are in
 * catalog order. */
struct tree {
  size_t *parent;
  size_t *first_child;
  size_t *next_sibling;
};

/* The parent of a chain is what its second element names; where that is another layer's
 * dummy (some installers name dummies throughout), the chain of that layer over the same
 * rest, or else the last element. FALSE: no memory. */
BOOL tree_build(struct tree *tree, const struct listing *listing);
void tree_free(struct tree *tree);

#endif
