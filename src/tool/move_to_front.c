#include "tool/move_to_front.h"

#include "tool/catalog_calls.h"

#include <stdlib.h>

/* Another process may install or remove between our look and our change, which then
 * fails with WSAEINVAL; so often in a row, that is not the reason. */
enum { ATTEMPTS = 20 };

/* The ids in front, sorted, so that the others are told from them quickly. */
static DWORD *sort_ids(const struct id_list *ids)
{
  DWORD *const sorted = malloc((ids->count + 1) * sizeof *sorted);

  if (sorted != NULL && ids->count > 0) {
    memcpy(sorted, ids->ids, ids->count * sizeof *sorted);
    qsort(sorted, ids->count, sizeof *sorted, compare_dwords);
  }
  return sorted;
}

/* All ids in the new order; NULL: no memory. */
static struct id_list make_order(const struct listing *listing, const struct id_list *ids)
{
  struct id_list order = {0};
  DWORD *const sorted = sort_ids(ids);

  order.ids = malloc((ids->count + listing->count + 1) * sizeof *order.ids);
  for (size_t i = 0; order.ids != NULL && i < ids->count; i++)
    order.ids[order.count++] = ids->ids[i];
  for (size_t i = 0; order.ids != NULL && sorted != NULL && i < listing->count; i++) {
    const DWORD id = listing->entries[i].ProtocolInfo.dwCatalogEntryId;

    if (bsearch(&id, sorted, ids->count, sizeof id, compare_dwords) == NULL)
      order.ids[order.count++] = id;
  }
  if (sorted == NULL)
    id_list_free(&order);
  free(sorted);
  return order;
}

static int try_once(DWORD width, const struct id_list *ids)
{
  struct listing listing;
  struct id_list order;
  int error = WSA_NOT_ENOUGH_MEMORY;

  if (listing_read(&listing, width) != EXIT_DONE)
    return WSANO_RECOVERY;
  order = make_order(&listing, ids);
  if (order.ids != NULL)
    error = catalog_write_order(width, order.ids, (DWORD)order.count);
  id_list_free(&order);
  listing_free(&listing);
  return error;
}

int put_first(DWORD width, const struct id_list *ids)
{
  int error = WSAEINVAL;

  for (int i = 0; error == WSAEINVAL && i < ATTEMPTS; i++)
    error = try_once(width, ids);
  return error;
}
