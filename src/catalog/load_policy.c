#include "catalog/load_policy.h"

#include "catalog/catalog.h"
#include "platform/heap.h"
#include "platform/log.h"

/* Windows counts the bytes of a path in 16 bits, so any path and its NUL fit. */
enum { MOST_PATH_CHARS = 32768 };

struct policy {
  bool is_known;       /* the store has answered */
  bool is_categorised; /* and has categories for this application */
  DWORD categories;
};

static SRWLOCK lock = SRWLOCK_INIT; /* guards the two below */
static struct policy cache;
static unsigned generation; /* how often the cache was emptied */

bool load_policy_allows(DWORD application_categories, DWORD lsp_categories)
{
  return (lsp_categories & ~application_categories) == 0 && lsp_categories != 0 &&
         ((application_categories & LSP_SYSTEM) == 0 || (lsp_categories & LSP_SYSTEM) != 0);
}

void load_policy_forget(void)
{
  AcquireSRWLockExclusive(&lock);
  cache = (struct policy){0};
  generation++;
  ReleaseSRWLockExclusive(&lock);
}

/* --- this application ----------------------------------------------------------------- */

/* The command line behind the program's name, which may be quoted, and the blanks after it. */
static const WCHAR *load_policy_own_arguments(void)
{
  const WCHAR *line = GetCommandLineW();
  bool quoted = false;

  while (*line != 0 && (quoted || (*line != L' ' && *line != L'\t'))) {
    quoted = quoted != (*line == L'"');
    line++;
  }
  while (*line == L' ' || *line == L'\t')
    line++;
  return line;
}

static WCHAR *load_policy_own_program(void)
{
  WCHAR *path = heap_allocate(MOST_PATH_CHARS * sizeof *path);
  const DWORD length = path == NULL ? 0 : GetModuleFileNameW(NULL, path, MOST_PATH_CHARS);

  if (length == 0) {
    heap_free(path);
    path = NULL;
  }
  return path;
}

/* An entry for path and arguments wins over one for the path alone. Categories that cannot be read
 * count as absent; after a shortage of memory the next caller tries again. */
static struct policy load_policy_read(void)
{
  const struct catalog_store *store = catalog_store_in_use();
  WCHAR *path = load_policy_own_program();
  struct policy policy = {0};
  int error = WSA_NOT_ENOUGH_MEMORY;

  if (path != NULL)
    error =
        store->get_application_categories(path, load_policy_own_arguments(), &policy.categories);
  if (error == WSASERVICE_NOT_FOUND)
    error = store->get_application_categories(path, L"", &policy.categories);
  heap_free(path);
  policy.is_categorised = error == 0;
  policy.is_known = error != WSA_NOT_ENOUGH_MEMORY;
  if (error != 0 && error != WSASERVICE_NOT_FOUND)
    log_event("the LSP categories of this application cannot be read, error %d", error);
  return policy;
}

static struct policy load_policy_cached(unsigned *of_generation)
{
  struct policy policy;

  AcquireSRWLockShared(&lock);
  policy = cache;
  *of_generation = generation;
  ReleaseSRWLockShared(&lock);
  return policy;
}

/* False if another catalog has been opened since the store was asked. */
static bool load_policy_publish_if_current(const struct policy *policy, unsigned of_generation)
{
  bool is_current;

  AcquireSRWLockExclusive(&lock);
  is_current = generation == of_generation;
  if (is_current && policy->is_known)
    cache = *policy;
  ReleaseSRWLockExclusive(&lock);
  return is_current;
}

static struct policy load_policy_get(void)
{
  unsigned of_generation;
  struct policy policy;

  do {
    policy = load_policy_cached(&of_generation);
    if (policy.is_known)
      return policy;
    policy = load_policy_read();
  } while (!load_policy_publish_if_current(&policy, of_generation));
  return policy;
}

void catalog_read_application_categories(void)
{
  load_policy_get();
}

/* --- the layers of an entry ----------------------------------------------------------- */

/* The categories of an LSP are those of its layered entry's provider. Returns what
 * catalog_check_load returns. */
static int load_policy_check_layer(const struct catalog_entry *layer, DWORD application_categories)
{
  DWORD categories = 0;
  int error;

  if (layer->info.ProtocolChain.ChainLen == BASE_PROTOCOL || layer->kind != CATALOG_INSTALLED)
    return 0;
  error = catalog_store_in_use()->get_provider_categories(CATALOG_NATIVE, &layer->info.ProviderId,
                                                          &categories);
  if (error == WSA_NOT_ENOUGH_MEMORY)
    return error;
  if (error != 0)
    categories = 0;
  return load_policy_allows(application_categories, categories) ? 0 : WSAEPROVIDERFAILEDINIT;
}

/* The layered entry that an element of a chain stands for, or NULL. An LSP that was installed over
 * another chain has that chain as its element, whose own first element is the layer. */
static const struct catalog_entry *load_policy_acquire_layer(DWORD id)
{
  const struct catalog_entry *entry = catalog_acquire(id);

  for (int depth = 0; entry != NULL && entry->info.ProtocolChain.ChainLen > BASE_PROTOCOL;
       depth++) {
    const DWORD top = entry->info.ProtocolChain.ChainEntries[0];

    catalog_release(entry);
    entry = depth < MAX_PROTOCOL_CHAIN ? catalog_acquire(top) : NULL;
  }
  return entry;
}

static int load_policy_check_element(DWORD id, DWORD application_categories)
{
  const struct catalog_entry *layer = load_policy_acquire_layer(id);
  const int error = layer == NULL ? 0 : load_policy_check_layer(layer, application_categories);

  if (layer != NULL)
    catalog_release(layer);
  return error;
}

/* A chain works only with all of its layers, so one layer that is not permitted keeps it out. */
int catalog_check_load(const struct catalog_entry *entry)
{
  const WSAPROTOCOLCHAIN *chain = &entry->info.ProtocolChain;
  struct policy policy;
  int error = 0;

  if (chain->ChainLen == BASE_PROTOCOL)
    return 0;
  policy = load_policy_get();
  if (!policy.is_known)
    return WSA_NOT_ENOUGH_MEMORY;
  if (!policy.is_categorised)
    return 0;
  if (chain->ChainLen == LAYERED_PROTOCOL)
    error = load_policy_check_layer(entry, policy.categories);
  for (int place = 0; error == 0 && place < chain->ChainLen; place++)
    error = load_policy_check_element(chain->ChainEntries[place], policy.categories);
  if (error == WSAEPROVIDERFAILEDINIT)
    log_event("entry %lu: its LSP categories are not permitted in this application",
              entry->info.dwCatalogEntryId);
  return error;
}
