#include "tool/move_to_front.h"

#include "platform/compare.h"
#include "tool/catalog_calls.h"

#include <stdlib.h>

/* If another process changes the catalog between reading it and writing the order, the write fails
 * with WSAEINVAL and is tried again. After so many failures the cause is another one. */
enum { ATTEMPTS = 20 };

/* A sorted copy, for bsearch. NULL: out of memory. */
static DWORD *move_sort_ids(const struct id_list *ids)
{
  DWORD *const sorted = malloc((ids->count + 1) * sizeof *sorted);

  if (sorted != NULL && ids->count > 0) {
    memcpy(sorted, ids->ids, ids->count * sizeof *sorted);
    qsort(sorted, ids->count, sizeof *sorted, compare_dwords);
  }
  return sorted;
}

/* All ids in the new order. `ids` is NULL: out of memory. */
static struct id_list move_make_order(const struct listing *listing, const struct id_list *ids)
{
  struct id_list order = {0};
  DWORD *const sorted = move_sort_ids(ids);

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

static int move_once(DWORD width, const struct id_list *ids)
{
  struct listing listing;
  struct id_list order;
  int error = WSA_NOT_ENOUGH_MEMORY;

  if (listing_read(&listing, width) != EXIT_DONE)
    return WSANO_RECOVERY;
  order = move_make_order(&listing, ids);
  if (order.ids != NULL)
    error = catalog_write_order(width, order.ids, (DWORD)order.count);
  id_list_free(&order);
  listing_free(&listing);
  return error;
}

int move_to_front(DWORD width, const struct id_list *ids)
{
  int error = WSAEINVAL;

  for (int i = 0; error == WSAEINVAL && i < ATTEMPTS; i++)
    error = move_once(width, ids);
  return error;
}
