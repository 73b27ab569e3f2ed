#include "catalog/load_policy.h"

#include "catalog/catalog_internal.h"
#include "platform/heap.h"
#include "platform/log.h"

/* The system counts the bytes of a path in 16 bits: this has room for any, and its NUL. */
enum { MOST_PATH_CHARS = 32768 };

struct said {
  bool is_known;       /* the store has been asked, and memory was enough for its answer */
  bool is_categorised; /* which was not that it knows nothing */
  DWORD categories;
};

static SRWLOCK lock = SRWLOCK_INIT; /* guards the two */
static struct said own;
static unsigned
    generation; /* how often it was forgotten: an answer counts for one generation only */

bool load_policy_allows(DWORD application_categories, DWORD lsp_categories)
{
  return (lsp_categories & ~application_categories) == 0 && lsp_categories != 0 &&
         ((application_categories & LSP_SYSTEM) == 0 || (lsp_categories & LSP_SYSTEM) != 0);
}

void load_policy_forget(void)
{
  AcquireSRWLockExclusive(&lock);
  own = (struct said){0};
  generation++;
  ReleaseSRWLockExclusive(&lock);
}

/* --- this application ---------------------------------------------------------------- */

/* What follows the program's name, which may be quoted, and blanks. */
static const WCHAR *own_arguments(void)
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

static WCHAR *own_program(void)
{
  WCHAR *path = heap_allocate(MOST_PATH_CHARS * sizeof *path);
  const DWORD length = path == NULL ? 0 : GetModuleFileNameW(NULL, path, MOST_PATH_CHARS);

  if (length == 0) {
    heap_free(path);
    path = NULL;
  }
  return path;
}

/* What is said of the program with these arguments goes before what is said of it alone.
 * What cannot be read is not said; for what cannot be read for want of memory the next need asks
 * again. */
static struct said ask_store(void)
{
  const struct catalog_store *store = catalog_store_in_use();
  WCHAR *path = own_program();
  struct said said = {0};
  int error = WSA_NOT_ENOUGH_MEMORY;

  if (path != NULL)
    error = store->get_application_categories(path, own_arguments(), &said.categories);
  if (error == WSASERVICE_NOT_FOUND)
    error = store->get_application_categories(path, L"", &said.categories);
  heap_free(path);
  said.is_categorised = error == 0;
  said.is_known = error != WSA_NOT_ENOUGH_MEMORY;
  if (error != 0 && error != WSASERVICE_NOT_FOUND)
    log_event("the categories of this application cannot be read, error %d", error);
  return said;
}

static struct said what_is_known(unsigned *of_generation)
{
  struct said said;

  AcquireSRWLockShared(&lock);
  said = own;
  *of_generation = generation;
  ReleaseSRWLockShared(&lock);
  return said;
}

/* What was asked before another catalog was opened is that of the catalog before. */
static bool take_over(const struct said *said, unsigned of_generation)
{
  bool in_time;

  AcquireSRWLockExclusive(&lock);
  in_time = generation == of_generation;
  if (in_time && said->is_known)
    own = *said;
  ReleaseSRWLockExclusive(&lock);
  return in_time;
}

static struct said find_out(void)
{
  unsigned of_generation;
  struct said said;

  do {
    said = what_is_known(&of_generation);
    if (said.is_known)
      return said;
    said = ask_store();
  } while (!take_over(&said, of_generation));
  return said;
}

void catalog_read_application_categories(void)
{
  find_out();
}

/* --- the layers of an entry ----------------------------------------------------------- */

/* An LSP's categories are those of its layered entry's provider. As catalog_check_load. */
static int check_layer(const struct catalog_entry *layer, DWORD application_categories)
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

/* The layered entry at the top of what an element names: an LSP that was installed over a
 * chain names the chain, whose first element is the layer it stands on. NULL: none. */
static const struct catalog_entry *acquire_layer(DWORD id)
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

static int check_element(DWORD id, DWORD application_categories)
{
  const struct catalog_entry *layer = acquire_layer(id);
  const int error = layer == NULL ? 0 : check_layer(layer, application_categories);

  if (layer != NULL)
    catalog_release(layer);
  return error;
}

/* A chain is kept out with any of its layers, since without it it could not work. */
int catalog_check_load(const struct catalog_entry *entry)
{
  const WSAPROTOCOLCHAIN *chain = &entry->info.ProtocolChain;
  struct said said;
  int error = 0;

  if (chain->ChainLen == BASE_PROTOCOL)
    return 0;
  said = find_out();
  if (!said.is_known)
    return WSA_NOT_ENOUGH_MEMORY;
  if (!said.is_categorised)
    return 0;
  if (chain->ChainLen == LAYERED_PROTOCOL)
    error = check_layer(entry, said.categories);
  for (int place = 0; error == 0 && place < chain->ChainLen; place++)
    error = check_element(chain->ChainEntries[place], said.categories);
  if (error == WSAEPROVIDERFAILEDINIT)
    log_event("entry %lu: the categories of this application keep it out",
              entry->info.dwCatalogEntryId);
  return error;
}
