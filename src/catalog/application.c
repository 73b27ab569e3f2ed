#include "catalog/application.h"

#include "catalog/tables.h"
#include "platform/heap.h"
#include "platform/log.h"

enum { MOST_PATH_CHARS = 32768 };

struct said {
  bool is_known;       /* the store has been asked */
  bool is_categorised; /* and has an answer */
  DWORD categories;
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct said own; /* guarded by the lock */

bool lsp_may_load(DWORD application_categories, DWORD lsp_categories)
{
  return (lsp_categories & ~application_categories) == 0 && lsp_categories != 0 &&
         ((application_categories & LSP_SYSTEM) == 0 || (lsp_categories & LSP_SYSTEM) != 0);
}

void application_forget_categories(void)
{
  AcquireSRWLockExclusive(&lock);
  own = (struct said){0};
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

  if (length == 0 || length >= MOST_PATH_CHARS) {
    heap_free(path);
    path = NULL;
  }
  return path;
}

/* What is said of the program with these arguments goes before what is said of it alone.
 * What cannot be read now is not said now, and is asked for again at the next need. */
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
  said.is_known = error == 0 || error == WSASERVICE_NOT_FOUND;
  if (!said.is_known)
    log_event("the categories of this application cannot be read, error %d", error);
  return said;
}

static struct said what_is_known(void)
{
  struct said said;

  AcquireSRWLockShared(&lock);
  said = own;
  ReleaseSRWLockShared(&lock);
  return said;
}

void catalog_read_application_categories(void)
{
  struct said said;

  if (what_is_known().is_known)
    return;
  said = ask_store();
  AcquireSRWLockExclusive(&lock);
  if (!own.is_known)
    own = said;
  ReleaseSRWLockExclusive(&lock);
}

static bool get_own_categories(DWORD *categories)
{
  struct said said;

  catalog_read_application_categories();
  said = what_is_known();
  *categories = said.categories;
  return said.is_categorised;
}

/* --- the layers of an entry ----------------------------------------------------------- */

/* An LSP's categories are those of its layered entry's provider. */
static bool layer_may_load(const struct catalog_entry *layer, DWORD application_categories)
{
  DWORD categories = 0;

  if (layer->info.ProtocolChain.ChainLen == BASE_PROTOCOL || layer->kind != CATALOG_INSTALLED)
    return true;
  if (catalog_store_in_use()->get_provider_categories(CATALOG_NATIVE, &layer->info.ProviderId,
                                                      &categories) != 0)
    categories = 0;
  return lsp_may_load(application_categories, categories);
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

static bool element_may_load(DWORD id, DWORD application_categories)
{
  const struct catalog_entry *layer = acquire_layer(id);
  const bool may = layer == NULL || layer_may_load(layer, application_categories);

  if (layer != NULL)
    catalog_release(layer);
  return may;
}

/* A chain is kept out with any of its layers, since without it it could not work. */
bool catalog_may_load(const struct catalog_entry *entry)
{
  const WSAPROTOCOLCHAIN *chain = &entry->info.ProtocolChain;
  DWORD categories;
  bool may;

  if (chain->ChainLen == BASE_PROTOCOL || !get_own_categories(&categories))
    return true;
  may = chain->ChainLen > BASE_PROTOCOL || layer_may_load(entry, categories);
  for (int place = 0; may && place < chain->ChainLen; place++)
    may = element_may_load(chain->ChainEntries[place], categories);
  if (!may)
    log_event("entry %lu: the categories of this application keep it out",
              entry->info.dwCatalogEntryId);
  return may;
}
