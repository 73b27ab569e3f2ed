/* The store in this process's memory, for tests and for programs that must leave no traces.
 *
 * Locks: `writer` is the store's lock(). `data` guards everything below it. It is held for a copy,
 * and while the event of a change is set, which does not block: so a change and its notification
 * are one step. */
#include "stores/stores.h"

#include "catalog/base_entries.h"
#include "platform/heap.h"

#include <string.h>
#include <wchar.h>

struct items {
  struct catalog_item *item;
  size_t count;
  size_t room;
};

struct provider_categories {
  struct provider_categories *next;
  enum catalog_width width;
  GUID provider;
  DWORD categories;
};

struct application_categories {
  struct application_categories *next;
  DWORD categories;
  const WCHAR *extra; /* behind the path */
  WCHAR path[];
};

static SRWLOCK writer = SRWLOCK_INIT;
static SRWLOCK data = SRWLOCK_INIT;
static struct items widths[2];
static DWORD next_catalog_id = FIRST_CATALOG_ID;
static DWORD changes = 1;
static HANDLE armed;
static struct provider_categories *providers;
static struct application_categories *applications;

static int memory_lock(void)
{
  AcquireSRWLockExclusive(&writer);
  return 0;
}

static void memory_unlock(void)
{
  ReleaseSRWLockExclusive(&writer);
}

static int memory_get_serial(DWORD *serial)
{
  AcquireSRWLockShared(&data);
  *serial = changes;
  ReleaseSRWLockShared(&data);
  return 0;
}

/* --- items ---------------------------------------------------------------------------- */

static bool memory_copy_items(struct store_image *image, const struct items *items)
{
  const size_t size = items->count * sizeof *items->item;

  image->items = heap_allocate(size + 1);
  if (image->items == NULL)
    return false;
  if (size != 0)
    memcpy(image->items, items->item, size);
  image->count = items->count;
  image->serial = changes;
  image->next_id = next_catalog_id;
  return true;
}

static int memory_read(enum catalog_width width, struct store_image **image)
{
  struct store_image *made = heap_allocate(sizeof *made);
  bool copied;

  if (made == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  AcquireSRWLockShared(&data);
  copied = memory_copy_items(made, &widths[width]);
  ReleaseSRWLockShared(&data);
  if (!copied) {
    heap_free(made);
    return WSA_NOT_ENOUGH_MEMORY;
  }
  *image = made;
  return 0;
}

/* Doubles the room, so that appending entries one by one stays cheap. */
static bool memory_reserve(struct items *items, size_t count)
{
  const size_t room = count > 2 * items->room ? count : 2 * items->room;
  struct catalog_item *grown;

  if (count <= items->room)
    return true;
  grown = heap_allocate(room * sizeof *grown);
  if (grown == NULL)
    return false;
  if (items->count != 0)
    memcpy(grown, items->item, items->count * sizeof *grown);
  heap_free(items->item);
  items->item = grown;
  items->room = room;
  return true;
}

static void memory_apply_splice(struct items *items, const struct store_splice *splice)
{
  if (splice->count != 0)
    memcpy(items->item + splice->first, splice->items, splice->count * sizeof *splice->items);
  items->count = splice->first + splice->count;
}

static void memory_note_change(void)
{
  changes++;
  if (armed != NULL && SetEvent(armed))
    armed = NULL;
}

static int memory_commit(const struct store_splice *splices, size_t count, DWORD next_id)
{
  bool has_room = true;

  AcquireSRWLockExclusive(&data);
  for (size_t i = 0; has_room && i < count; i++)
    has_room = memory_reserve(&widths[splices[i].width], splices[i].first + splices[i].count);
  for (size_t i = 0; has_room && i < count; i++)
    memory_apply_splice(&widths[splices[i].width], &splices[i]);
  if (has_room) {
    next_catalog_id = next_id;
    memory_note_change();
  }
  ReleaseSRWLockExclusive(&data);
  return has_room ? 0 : WSA_NOT_ENOUGH_MEMORY;
}

static int memory_notify(HANDLE event)
{
  AcquireSRWLockExclusive(&data);
  armed = event;
  ReleaseSRWLockExclusive(&data);
  return 0;
}

/* --- categories of providers ---------------------------------------------------------- */

static struct provider_categories **memory_find_provider(enum catalog_width width,
                                                         const GUID *provider)
{
  struct provider_categories **link = &providers;

  while (*link != NULL && ((*link)->width != width || !IsEqualGUID(&(*link)->provider, provider)))
    link = &(*link)->next;
  return link;
}

static int memory_get_provider_categories(enum catalog_width width, const GUID *provider,
                                          DWORD *categories)
{
  const struct provider_categories *found;

  AcquireSRWLockShared(&data);
  found = *memory_find_provider(width, provider);
  if (found != NULL)
    *categories = found->categories;
  ReleaseSRWLockShared(&data);
  return found != NULL ? 0 : WSASERVICE_NOT_FOUND;
}

static int memory_set_found(struct provider_categories **link, enum catalog_width width,
                            const GUID *provider, DWORD categories)
{
  struct provider_categories *found = *link;

  if (categories == 0 && found != NULL) {
    *link = found->next;
    heap_free(found);
  } else if (categories != 0) {
    if (found == NULL)
      found = *link = heap_allocate(sizeof *found);
    if (found == NULL)
      return WSA_NOT_ENOUGH_MEMORY;
    found->width = width;
    found->provider = *provider;
    found->categories = categories;
  }
  return 0;
}

static int memory_set_provider_categories(enum catalog_width width, const GUID *provider,
                                          DWORD categories)
{
  int error;

  AcquireSRWLockExclusive(&data);
  error = memory_set_found(memory_find_provider(width, provider), width, provider, categories);
  ReleaseSRWLockExclusive(&data);
  return error;
}

static int memory_categorised_provider(enum catalog_width width, DWORD index, GUID *provider)
{
  const struct provider_categories *found;

  AcquireSRWLockShared(&data);
  for (found = providers; found != NULL; found = found->next) {
    if (found->width == width && index-- == 0)
      break;
  }
  if (found != NULL)
    *provider = found->provider;
  ReleaseSRWLockShared(&data);
  return found != NULL ? 0 : WSASERVICE_NOT_FOUND;
}

/* --- categories of applications ------------------------------------------------------- */

static struct application_categories *memory_find_application(const WCHAR *path, const WCHAR *extra)
{
  struct application_categories *found = applications;

  while (found != NULL && (CompareStringOrdinal(found->path, -1, path, -1, TRUE) != CSTR_EQUAL ||
                           wcscmp(found->extra, extra) != 0))
    found = found->next;
  return found;
}

static int memory_get_application_categories(const WCHAR *path, const WCHAR *extra,
                                             DWORD *categories)
{
  const struct application_categories *found;

  AcquireSRWLockShared(&data);
  found = memory_find_application(path, extra);
  if (found != NULL)
    *categories = found->categories;
  ReleaseSRWLockShared(&data);
  return found != NULL ? 0 : WSASERVICE_NOT_FOUND;
}

static struct application_categories *memory_add_application(const WCHAR *path, const WCHAR *extra)
{
  const size_t path_chars = (size_t)lstrlenW(path) + 1;
  const size_t extra_chars = (size_t)lstrlenW(extra) + 1;
  struct application_categories *added =
      heap_allocate(sizeof *added + (path_chars + extra_chars) * sizeof(WCHAR));

  if (added == NULL)
    return NULL;
  memcpy(added->path, path, path_chars * sizeof(WCHAR));
  memcpy(added->path + path_chars, extra, extra_chars * sizeof(WCHAR));
  added->extra = added->path + path_chars;
  added->next = applications;
  applications = added;
  return added;
}

static int memory_set_application_categories(const WCHAR *path, const WCHAR *extra,
                                             DWORD categories)
{
  struct application_categories *found;

  AcquireSRWLockExclusive(&data);
  found = memory_find_application(path, extra);
  if (found == NULL)
    found = memory_add_application(path, extra);
  if (found != NULL)
    found->categories = categories;
  ReleaseSRWLockExclusive(&data);
  return found != NULL ? 0 : WSA_NOT_ENOUGH_MEMORY;
}

/* --- the interface -------------------------------------------------------------------- */

void store_memory_clear(void)
{
  for (int width = 0; width < 2; width++)
    heap_free(widths[width].item);
  while (providers != NULL) {
    struct provider_categories *next = providers->next;

    heap_free(providers);
    providers = next;
  }
  while (applications != NULL) {
    struct application_categories *next = applications->next;

    heap_free(applications);
    applications = next;
  }
}

const struct catalog_store store_memory = {
    .name = "memory",
    .is_writable = true,
    .lock = memory_lock,
    .unlock = memory_unlock,
    .serial = memory_get_serial,
    .read = memory_read,
    .commit = memory_commit,
    .get_provider_categories = memory_get_provider_categories,
    .set_provider_categories = memory_set_provider_categories,
    .categorised_provider = memory_categorised_provider,
    .get_application_categories = memory_get_application_categories,
    .set_application_categories = memory_set_application_categories,
    .notify = memory_notify,
};
