#include "catalog/id_allocator.h"

#include "catalog/base_entries.h"
#include "catalog/catalog_internal.h"
#include "catalog/image_validate.h"
#include "platform/compare.h"
#include "platform/heap.h"
#include "ws2spi_shim.h"

#include <stdlib.h>

/* The ids of the base entries are never given to others, even if the base entries have been
 * removed. */
enum { FIRST_FREE_ID = FIRST_CATALOG_ID + BASE_ENTRIES_COUNT };
static const DWORD END_OF_IDS = WS2SPI_FIRST_REGISTERED_ID;

/* The two widths may have read different counters: an unreadable entry raises that of its own width
 * (registry/catalog_image.c). */
static DWORD id_allocator_highest_counter(void)
{
  DWORD highest = 0;

  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    const struct width_table *width = &catalog.width[i];

    if (width->is_current && width->next_id > highest)
      highest = width->next_id;
  }
  return highest;
}

static DWORD id_allocator_next_above_all(DWORD counter)
{
  DWORD next = id_is_plausible(counter) && counter > FIRST_FREE_ID ? counter : FIRST_FREE_ID;

  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    const struct width_table *width = &catalog.width[i];

    if (width->is_current && width->table.highest_id >= next)
      next = width->table.highest_id + 1;
  }
  return next;
}

/* --- gaps ----------------------------------------------------------------------------- */

/* The ids in use in ascending order, for heap_free, or NULL. A width that cannot be read now counts
 * as it was last seen. */
static DWORD *id_allocator_list_used(size_t *count)
{
  size_t most = 1;
  DWORD *ids;

  *count = 0;
  for (int i = 0; i < CATALOG_WIDTHS; i++)
    most += catalog.width[i].table.count;
  ids = heap_allocate(most * sizeof *ids);
  if (ids == NULL)
    return NULL;
  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    const struct stored_entry *entry = catalog.width[i].table.first;

    for (; entry != NULL; entry = entry->next)
      ids[(*count)++] = entry->entry.info.dwCatalogEntryId;
  }
  qsort(ids, *count, sizeof *ids, compare_dwords);
  return ids;
}

/* The first of the widest gaps. */
static struct free_ids id_allocator_widest_gap(const DWORD *ids, size_t count)
{
  struct free_ids widest = {END_OF_IDS, END_OF_IDS};
  DWORD first = FIRST_FREE_ID;

  for (size_t i = 0; i <= count; i++) {
    const DWORD end = i < count ? ids[i] : END_OF_IDS;

    if (end < first)
      continue;
    if (end - first > widest.end - widest.first)
      widest = (struct free_ids){first, end};
    first = end + 1;
  }
  return widest;
}

/* A counter inside the gap, with enough ids above it, has already given the ids below it. */
static bool id_allocator_find_in_gap(struct free_ids *ids, DWORD counter)
{
  size_t count;
  DWORD *used = id_allocator_list_used(&count);

  if (used == NULL)
    return false;
  *ids = id_allocator_widest_gap(used, count);
  if (counter > ids->first && counter < ids->end &&
      !leaves_too_few_ids(END_OF_IDS - (ids->end - counter)))
    ids->first = counter;
  heap_free(used);
  return true;
}

/* --- the choice ----------------------------------------------------------------------- */

bool free_ids_find(struct free_ids *ids)
{
  const DWORD counter = id_allocator_highest_counter();

  *ids = (struct free_ids){id_allocator_next_above_all(counter), END_OF_IDS};
  return !leaves_too_few_ids(ids->first) || id_allocator_find_in_gap(ids, counter);
}
