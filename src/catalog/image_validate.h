/* Which items of an image are invalid, and why. An image comes from outside the process and may
 * contain anything (WinSock/layered-protocols-and-protocol-chains-2 has the rules); an invalid item
 * must not make the valid ones unusable. */
#ifndef WS2SPI_CATALOG_IMAGE_VALIDATE_H
#define WS2SPI_CATALOG_IMAGE_VALIDATE_H

#include "catalog/store.h"

/* Why the item is invalid by itself, whatever its id and the other items: NULL or a literal. */
const char *item_problem(const struct catalog_item *item);

/* Whether a stored entry can have this id: it is not 0 and below the ids of registered
 * providers. */
bool id_is_plausible(DWORD id);

/* Whether a counter with this value leaves so few ids that it must be damaged. */
bool leaves_too_few_ids(DWORD next_id);

/* The counter raised above the id, or unchanged if the id is not plausible or leaves too few
 * ids. */
DWORD next_id_above(DWORD next_id, DWORD id);

/* Validates the items and stores NULL or a literal for each of them in `reasons`. If two items have
 * the same id, the first is valid. False: out of memory. */
bool image_validate(const struct catalog_item *const *items, size_t count, const char **reasons);

#endif
