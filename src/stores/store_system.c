/* The system's own catalog, through its own Winsock: read here. Changes are handed on by
 * the WSC functions to the system's functions of the same name; the shim writes
 * nothing into a real Windows catalog. */
#include "stores/stores.h"

#include "platform/heap.h"
#include "platform/system_winsock.h"

#include <stdatomic.h>
#include <wchar.h>

struct functions {
  LPWSCENUMPROTOCOLS enumerate;
  LPWSCGETPROVIDERPATH get_path;
};

/* A 64-bit system has functions for the 32-bit catalog, and a 32-bit process none for the
 * other. */
static bool find_functions(struct functions *functions, enum catalog_width width)
{
  if (width == CATALOG_NATIVE)
    return system_winsock_find("WSCEnumProtocols", &functions->enumerate,
                               sizeof functions->enumerate) &&
           system_winsock_find("WSCGetProviderPath", &functions->get_path,
                               sizeof functions->get_path);
  return width == CATALOG_32 &&
         system_winsock_find("WSCEnumProtocols32", &functions->enumerate,
                             sizeof functions->enumerate) &&
         system_winsock_find("WSCGetProviderPath32", &functions->get_path,
                             sizeof functions->get_path);
}

/* Wine answers success and writes nothing; its entries are those of its mswsock.dll. */
static void find_path(const struct functions *functions, struct catalog_item *item)
{
  int chars = MAX_PATH;
  int error;

  if (functions->get_path(&item->info.ProviderId, item->path, &chars, &error) != 0 ||
      item->path[0] == 0)
    wcscpy(item->path, L"%SystemRoot%\\system32\\mswsock.dll");
}

static int take_entries(const struct functions *functions, struct store_image *image,
                        WSAPROTOCOL_INFOW *infos, DWORD bytes)
{
  int error = 0;
  const int count = functions->enumerate(NULL, infos, &bytes, &error);

  if (count == SOCKET_ERROR)
    return error;
  image->items = heap_allocate(((size_t)count + 1) * sizeof *image->items);
  if (image->items == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  for (int i = 0; i < count; i++) {
    image->items[i].info = infos[i];
    find_path(functions, &image->items[i]);
  }
  image->count = (size_t)count;
  return 0;
}

/* Again while the catalog grows between the two calls. */
static int read_entries(const struct functions *functions, struct store_image *image)
{
  int error;

  do {
    DWORD bytes = 0;
    int ignored;
    WSAPROTOCOL_INFOW *infos;

    functions->enumerate(NULL, NULL, &bytes, &ignored);
    infos = heap_allocate(bytes + 1);
    error = infos == NULL ? WSA_NOT_ENOUGH_MEMORY : take_entries(functions, image, infos, bytes);
    heap_free(infos);
  } while (error == WSAENOBUFS);
  return error;
}

static int read_catalog(enum catalog_width width, struct store_image **image)
{
  struct functions functions;
  struct store_image *made;
  int error;

  if (!find_functions(&functions, width))
    return WSANO_RECOVERY;
  made = heap_allocate(sizeof *made);
  if (made == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  error = read_entries(&functions, made);
  if (error != 0) {
    store_free_image(made);
    return error;
  }
  made->next_id = MAXDWORD; /* nobody asks: ids are the system's to give */
  *image = made;
  return 0;
}

/* The system does not tell whether its catalog has changed: each time it may have. */
static int get_serial(DWORD *serial)
{
  static atomic_uint asked;

  *serial = atomic_fetch_add(&asked, 1) | 1; /* an image has 0 */
  return 0;
}

/* --- what this store refuses -------------------------------------------------------------- */

static int refuse_lock(void)
{
  return WSANO_RECOVERY;
}

static int refuse_notification(HANDLE event)
{
  (void)event;
  return WSANO_RECOVERY;
}

/* --- categories ----------------------------------------------------------------------------- */

static int get_provider_categories(enum catalog_width width, const GUID *provider,
                                   DWORD *categories)
{
  int(WSPAPI * function)(LPGUID, WSC_PROVIDER_INFO_TYPE, PBYTE, size_t *, DWORD, LPINT);
  const char *name = width == CATALOG_NATIVE ? "WSCGetProviderInfo" : "WSCGetProviderInfo32";
  GUID id = *provider;
  size_t size = sizeof *categories;
  int error = 0;

  if (!system_winsock_find(name, &function, sizeof function))
    return WSASERVICE_NOT_FOUND;
  return function(&id, ProviderInfoLspCategories, (PBYTE)categories, &size, 0, &error) == 0
             ? 0
             : WSASERVICE_NOT_FOUND;
}

static int get_application_categories(const WCHAR *path, const WCHAR *extra, DWORD *categories)
{
  int(WSPAPI * function)(LPCWSTR, DWORD, LPCWSTR, DWORD, DWORD *, LPINT);
  int error = 0;

  if (!system_winsock_find("WSCGetApplicationCategory", &function, sizeof function))
    return WSASERVICE_NOT_FOUND;
  return function(path, (DWORD)wcslen(path), extra, (DWORD)wcslen(extra), categories, &error) == 0
             ? 0
             : WSASERVICE_NOT_FOUND;
}

const struct catalog_store store_system = {
    .name = "system",
    .is_writable = false,
    .lock = refuse_lock,
    .serial = get_serial,
    .read = read_catalog,
    .get_provider_categories = get_provider_categories,
    .get_application_categories = get_application_categories,
    .notify = refuse_notification,
};
