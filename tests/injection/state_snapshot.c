#include "support/cmocka_headers.h"

#include "injection/state_snapshot.h"

#include "injection/test_registry.h"
#include "support/store_under_test.h"

#include <stdio.h>

enum { MOST_ENTRIES = 32, NAME_CHARS = 200, FIRST_IDS = 16 };

/* --- views -------------------------------------------------------------------------------- */

/* One question and its answer. */
struct view {
  char name[NAME_CHARS];
  size_t size;
};

static void add(struct state_snapshot *snapshot, const char *name, const void *bytes, size_t size)
{
  struct view view = {.size = size};
  const size_t needed = snapshot->size + sizeof view + size;

  snprintf(view.name, sizeof view.name, "%s", name);
  if (needed > snapshot->room) {
    snapshot->room = 2 * needed;
    snapshot->bytes = realloc(snapshot->bytes, snapshot->room);
    assert_non_null(snapshot->bytes);
  }
  memcpy(snapshot->bytes + snapshot->size, &view, sizeof view);
  if (size != 0)
    memcpy(snapshot->bytes + snapshot->size + sizeof view, bytes, size);
  snapshot->size = needed;
}

static void add_answer(struct state_snapshot *snapshot, const char *name, int result, int error)
{
  const int answer[] = {result, error};

  add(snapshot, name, answer, sizeof answer);
}

void snapshot_destroy(struct state_snapshot *snapshot)
{
  free(snapshot->bytes);
  *snapshot = (struct state_snapshot){0};
}

static const struct view *view_at(const struct state_snapshot *snapshot, size_t offset,
                                  struct view *view)
{
  if (offset == snapshot->size)
    return NULL;
  memcpy(view, snapshot->bytes + offset, sizeof *view);
  return view;
}

const char *snapshot_difference(const struct state_snapshot *one,
                                const struct state_snapshot *other)
{
  static char names[2 * NAME_CHARS + 8];
  struct view view, of_other;
  size_t offset = 0;

  while (view_at(one, offset, &view) != NULL) {
    if (view_at(other, offset, &of_other) == NULL || strcmp(of_other.name, view.name) != 0 ||
        of_other.size != view.size ||
        memcmp(one->bytes + offset + sizeof view, other->bytes + offset + sizeof view, view.size) !=
            0) {
      snprintf(names, sizeof names, "%s (%s)", view.name,
               view_at(other, offset, &of_other) != NULL ? of_other.name : "the end");
      return names;
    }
    offset += sizeof view + view.size;
  }
  if (view_at(other, offset, &of_other) == NULL)
    return NULL;
  snprintf(names, sizeof names, "the end (%s)", of_other.name);
  return names;
}

/* --- the catalog -------------------------------------------------------------------------- */

static const DWORD widths[] = {WS2SPI_WIDTH_32, WS2SPI_WIDTH_64};

static void add_stored_entries(struct state_snapshot *snapshot, const struct shim *shim,
                               DWORD width)
{
  static WS2SPI_CATALOG_ENTRY entries[MOST_ENTRIES];
  DWORD bytes = sizeof entries;
  int error = 0, count;

  entries->dwSize = sizeof *entries;
  count = shim->Ws2SpiEnumCatalog(width, entries, &bytes, &error);
  add_answer(snapshot, "Ws2SpiEnumCatalog", count, error);
  for (int i = 0; i < count; i++)
    add(snapshot, "a stored entry and its path", &entries[i], sizeof entries[i]);
}

static void CALLBACK add_problem(const WS2SPI_CATALOG_PROBLEM *problem, LPVOID snapshot)
{
  const DWORD place[] = {problem->dwPosition, problem->dwCatalogEntryId};

  add(snapshot, problem->lpszReason, place, sizeof place);
}

static void add_problems(struct state_snapshot *snapshot, const struct shim *shim, DWORD width)
{
  int error = 0;
  const int count = shim->Ws2SpiCheckCatalog(width, add_problem, snapshot, &error);

  add_answer(snapshot, "Ws2SpiCheckCatalog", count, error);
}

struct catalog_functions {
  LPWSCENUMPROTOCOLS enumerate;
  LPWSCGETPROVIDERPATH get_path;
  get_info_function get_info;
};

static void add_provider(struct state_snapshot *snapshot, const struct catalog_functions *functions,
                         const GUID *provider)
{
  WCHAR path[MAX_PATH] = L"";
  GUID id = *provider;
  DWORD categories = 0;
  size_t size = sizeof categories;
  int chars = MAX_PATH, error = 0;
  int result = functions->get_path(&id, path, &chars, &error);

  add_answer(snapshot, "WSCGetProviderPath", result, error);
  add(snapshot, "the path of a provider", path, sizeof path);
  result =
      functions->get_info(&id, ProviderInfoLspCategories, (PBYTE)&categories, &size, 0, &error);
  add_answer(snapshot, "WSCGetProviderInfo", result, error);
  add(snapshot, "the categories of a provider", &categories, sizeof categories);
}

static BOOL came_before(const WSAPROTOCOL_INFOW *entries, int index)
{
  for (int i = 0; i < index; i++)
    if (IsEqualGUID(&entries[i].ProviderId, &entries[index].ProviderId))
      return TRUE;
  return FALSE;
}

static void add_entries(struct state_snapshot *snapshot, const struct catalog_functions *functions)
{
  static WSAPROTOCOL_INFOW entries[MOST_ENTRIES];
  DWORD bytes = sizeof entries;
  int error = 0;
  const int count = functions->enumerate(NULL, entries, &bytes, &error);

  add_answer(snapshot, "WSCEnumProtocols", count, error);
  for (int i = 0; i < count; i++) {
    add(snapshot, "an entry", &entries[i], sizeof entries[i]);
    if (!came_before(entries, i))
      add_provider(snapshot, functions, &entries[i].ProviderId);
  }
}

static void add_application(struct state_snapshot *snapshot, const struct shim *shim,
                            const WCHAR *extra)
{
  static const WCHAR path[] = CATEGORISED_APPLICATION;
  DWORD categories = 0;
  int error = 0;
  const int result = shim->WSCGetApplicationCategory(path, (DWORD)wcslen(path), extra,
                                                     extra != NULL ? (DWORD)wcslen(extra) : 0,
                                                     &categories, &error);

  add_answer(snapshot, "WSCGetApplicationCategory", result, error);
  add(snapshot, "the categories of an application", &categories, sizeof categories);
}

static void add_selections(struct state_snapshot *snapshot, const struct shim *shim, DWORD width)
{
  static const int families[] = {AF_INET, AF_INET6};

  for (int family = 0; family < 2; family++)
    for (int type = SOCK_STREAM; type <= SOCK_RAW; type++) {
      WSAPROTOCOL_INFOW entry = {0};
      int error = 0;
      const int result =
          shim->Ws2SpiSelectProtocol(width, families[family], type, 0, &entry, &error);

      add_answer(snapshot, "Ws2SpiSelectProtocol", result, error);
      add(snapshot, "the entry that a socket would get", &entry, sizeof entry);
    }
}

/* Under another upcall table the answer would differ. */
static void add_upcalls(struct state_snapshot *snapshot, const struct shim *shim)
{
  int error = 0;
  const BOOL result = shim->WPUCloseEvent(NULL, &error);

  add_answer(snapshot, "WPUCloseEvent, of no event", result, error);
}

void snapshot_catalog(struct state_snapshot *snapshot, const struct shim *shim)
{
  const struct catalog_functions native = {shim->WSCEnumProtocols, shim->WSCGetProviderPath,
                                           shim->WSCGetProviderInfo};

  add_entries(snapshot, &native);
#ifdef _WIN64
  const struct catalog_functions other = {shim->WSCEnumProtocols32, shim->WSCGetProviderPath32,
                                          shim->WSCGetProviderInfo32};

  add_entries(snapshot, &other);
#endif
  for (int i = 0; i < 2; i++) {
    add_stored_entries(snapshot, shim, widths[i]);
    add_problems(snapshot, shim, widths[i]);
    add_selections(snapshot, shim, widths[i]);
  }
  add_application(snapshot, shim, NULL);
  add_application(snapshot, shim, CATEGORISED_EXTRA);
  add_upcalls(snapshot, shim);
}

/* --- the registry ------------------------------------------------------------------------- */

struct registry_walk {
  struct state_snapshot *snapshot;
  BOOL with_bytes;
};

static void add_value(const struct registry_walk *walk, const char *key, HKEY handle, DWORD index)
{
  static BYTE bytes[64 * 1024];
  char name[NAME_CHARS];
  WCHAR value[MAX_PATH];
  DWORD chars = MAX_PATH, size = sizeof bytes, type = 0;

  assert_int_equal(RegEnumValueW(handle, index, value, &chars, NULL, &type, bytes, &size), 0);
  snprintf(name, sizeof name, "%s\\%ls, of type %lu", key, value, type);
  add(walk->snapshot, name, bytes, walk->with_bytes ? size : 0);
}

static void add_key(const struct registry_walk *walk, const char *name, HKEY handle)
{
  DWORD keys = 0, values = 0;

  add(walk->snapshot, name, NULL, 0);
  assert_int_equal(RegQueryInfoKeyW(handle, NULL, NULL, NULL, &keys, NULL, NULL, &values, NULL,
                                    NULL, NULL, NULL),
                   0);
  for (DWORD i = 0; i < values; i++)
    add_value(walk, name, handle, i);
  for (DWORD i = 0; i < keys; i++) {
    char path[NAME_CHARS];
    WCHAR key[MAX_PATH];
    DWORD chars = MAX_PATH;
    HKEY below;

    assert_int_equal(RegEnumKeyExW(handle, i, key, &chars, NULL, NULL, NULL, NULL), 0);
    assert_int_equal(RegOpenKeyExW(handle, key, 0, KEY_READ, &below), 0);
    snprintf(path, sizeof path, "%s\\%ls", name, key);
    add_key(walk, path, below);
    RegCloseKey(below);
  }
}

static void add_registry(const struct registry_walk *walk)
{
  const HKEY root = is_over_the_registry() ? test_registry_open() : NULL;

  if (root == NULL)
    return;
  add_key(walk, "registry", root);
  RegCloseKey(root);
}

void snapshot_registry(struct state_snapshot *snapshot)
{
  const struct registry_walk walk = {snapshot, TRUE};

  add_registry(&walk);
}

void snapshot_registry_names(struct state_snapshot *snapshot)
{
  const struct registry_walk walk = {snapshot, FALSE};

  add_registry(&walk);
}

/* --- the process -------------------------------------------------------------------------- */

static void add_whether_started(struct state_snapshot *snapshot, const struct shim *shim, DWORD id)
{
  char name[NAME_CHARS];
  int error = 0;
  const int result = shim->Ws2SpiStopProvider(id, &error);

  snprintf(name, sizeof name, "whether entry %#lx is started", id);
  add_answer(snapshot, name, result, error);
}

/* Also for entries that have left the catalog. */
static void add_started(struct state_snapshot *snapshot, const struct shim *shim)
{
  for (DWORD i = 0; i < FIRST_IDS; i++) {
    add_whether_started(snapshot, shim, 1001 + i);
    add_whether_started(snapshot, shim, WS2SPI_FIRST_REGISTERED_ID + i);
  }
}

static INT_PTR CALLBACK probe(void)
{
  return FALSE;
}

/* Without a hook the previous one is the DLL's default hook. */
static void add_hook(struct state_snapshot *snapshot, const struct shim *shim)
{
  const FARPROC before = shim->WSASetBlockingHook((FARPROC)probe);
  const int error = before == NULL ? (int)GetLastError() : 0;
  HMODULE owner = NULL;

  if (before != NULL) {
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                           GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                       (LPCWSTR)(void *)before, &owner);
    shim->WSAUnhookBlockingHook();
  }
  add_answer(snapshot, "the hook of the thread", owner == shim->module, error);
}

static void add_thread(struct state_snapshot *snapshot, const struct shim *shim)
{
  LPBLOCKINGCALLBACK callback = (LPBLOCKINGCALLBACK)(void *)shim;
  DWORD_PTR context = 1;
  int error = 0;
  int result = shim->Ws2SpiCancelBlockingCall(GetCurrentThreadId(), &error);

  add_answer(snapshot, "WSAIsBlocking", shim->WSAIsBlocking(), 0);
  add_answer(snapshot, "an operation of the thread", result, error);
  error = 0;
  result = shim->WPUQueryBlockingCallback(1001, &callback, &context, &error);
  add_answer(snapshot, "WPUQueryBlockingCallback", result, error);
  add_answer(snapshot, "a callback and its context", callback != NULL, context != 0);
  add_hook(snapshot, shim);
}

void snapshot_process(struct state_snapshot *snapshot, const struct shim *shim)
{
  add_thread(snapshot, shim);
  add_started(snapshot, shim);
}
