/* The system's own catalog, read through the system's Winsock. The WSC functions forward changes to
 * the system's functions of the same name (wsc/forward.h); ws2spi.dll writes nothing into a real
 * Windows catalog. */
#include "stores/stores.h"

#include "platform/heap.h"
#include "platform/system_winsock.h"

#include <stdatomic.h>
#include <wchar.h>

struct system_functions {
  LPWSCENUMPROTOCOLS enumerate;
  LPWSCGETPROVIDERPATH get_path;
};

/* A 64-bit process has functions for the 32-bit catalog; a 32-bit process has none for the 64-bit
 * one. */
static bool system_find_functions(struct system_functions *functions, enum catalog_width width)
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

/* Wine returns success without a path; the provider of its entries is its mswsock.dll. */
static void system_get_path(const struct system_functions *functions, struct catalog_item *item)
{
  int chars = MAX_PATH;
  int error;

  if (functions->get_path(&item->info.ProviderId, item->path, &chars, &error) != 0 ||
      item->path[0] == 0)
    wcscpy(item->path, L"%SystemRoot%\\system32\\mswsock.dll");
}

static int system_read_infos(const struct system_functions *functions, struct store_image *image,
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
    system_get_path(functions, &image->items[i]);
  }
  image->count = (size_t)count;
  return 0;
}

/* Tries again if the catalog has grown between the two calls. */
static int system_read_entries(const struct system_functions *functions, struct store_image *image)
{
  int error;

  do {
    DWORD bytes = 0;
    int ignored;
    WSAPROTOCOL_INFOW *infos;

    functions->enumerate(NULL, NULL, &bytes, &ignored);
    infos = heap_allocate(bytes + 1);
    error =
        infos == NULL ? WSA_NOT_ENOUGH_MEMORY : system_read_infos(functions, image, infos, bytes);
    heap_free(infos);
  } while (error == WSAENOBUFS);
  return error;
}

static int system_read(enum catalog_width width, struct store_image **image)
{
  struct system_functions functions;
  struct store_image *made;
  int error;

  if (!system_find_functions(&functions, width))
    return WSANO_RECOVERY;
  made = heap_allocate(sizeof *made);
  if (made == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  error = system_read_entries(&functions, made);
  if (error != 0) {
    store_free_image(made);
    return error;
  }
  made->next_id = MAXDWORD; /* not used: the system gives the ids */
  *image = made;
  return 0;
}

/* The system does not tell whether its catalog has changed, so every call returns another
 * serial. */
static int system_get_serial(DWORD *serial)
{
  static atomic_uint calls;

  *serial = atomic_fetch_add(&calls, 1) | 1; /* never that of an image, which is 0 */
  return 0;
}

/* --- what this store does not do ------------------------------------------------------ */

static int system_refuse_lock(void)
{
  return WSANO_RECOVERY;
}

static int system_refuse_notification(HANDLE event)
{
  (void)event;
  return WSANO_RECOVERY;
}

/* --- categories ----------------------------------------------------------------------- */

static int system_get_provider_categories(enum catalog_width width, const GUID *provider,
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

static int system_get_application_categories(const WCHAR *path, const WCHAR *extra,
                                             DWORD *categories)
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
    .lock = system_refuse_lock,
    .serial = system_get_serial,
    .read = system_read,
    .get_provider_categories = system_get_provider_categories,
    .get_application_categories = system_get_application_categories,
    .notify = system_refuse_notification,
};
