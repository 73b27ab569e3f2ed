/* Which items of an image nobody can use, and why. An image comes from outside and may
 * hold anything (WinSock/layered-protocols-and-protocol-chains-2 says what it should);
 * one bad item must not cost the good ones. */
#ifndef WS2SPI_CATALOG_IMAGE_VALIDATE_H
#define WS2SPI_CATALOG_IMAGE_VALIDATE_H

#include "catalog/store.h"

/* What is wrong with an item by itself, its id apart: NULL or a literal. */
const char *item_problem(const struct catalog_item *item);

/* Whether a stored entry can have this id: not 0, not one of a registered provider, and
 * not beyond these. */
bool id_is_plausible(DWORD id);

/* Whether a counter that stands there has so few ids left that it must be damaged. */
bool leaves_too_few_ids(DWORD next_id);

/* The counter raised above an id, unless that is absurd or would leave too few. */
DWORD next_id_above(DWORD next_id, DWORD id);

/* A pure function, but for its memory. Each of the `count` reasons becomes NULL or a
 * literal. Of two items with one id the first is good. False if memory is
 * exhausted. */
bool image_validate(const struct catalog_item *const *items, size_t count, const char **reasons);

#endif
