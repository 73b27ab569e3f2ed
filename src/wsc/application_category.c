/* WSCGetApplicationCategory and WSCSetApplicationCategory. */
#include "catalog/catalog.h"
#include "platform/caller_memory.h"
#include "platform/environment.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"
#include "wsc/arguments.h"

#include <wchar.h>

typedef int(WSPAPI *get_category_function)(LPCWSTR, DWORD, LPCWSTR, DWORD, DWORD *, LPINT);
typedef int(WSPAPI *set_category_function)(LPCWSTR, DWORD, LPCWSTR, DWORD, DWORD, DWORD *, LPINT);

/* Of a path: what Wine 8.0 expands. A longer one it cuts off, and says nothing. */
enum { MOST_CHARS = 32767, MOST_PATH_CHARS = 32766 };

struct application {
  WCHAR *path;
  WCHAR *extra;
};

static void free_application(struct application *application)
{
  heap_free(application->path);
  heap_free(application->extra);
}

/* Lengths exclude the NUL, which need not be there. */
static int copy_string(WCHAR **copy, const WCHAR *string, DWORD length)
{
  if (length > MOST_CHARS)
    return WSAEINVAL;
  *copy = heap_allocate(((size_t)length + 1) * sizeof **copy);
  if (*copy == NULL)
    return WSANO_RECOVERY;
  if (!caller_read(*copy, string, length * sizeof **copy))
    return WSAEFAULT;
  return wmemchr(*copy, 0, length) == NULL ? 0 : WSAEINVAL;
}

static int expand_path(struct application *application)
{
  const DWORD chars = ExpandEnvironmentStringsW(application->path, NULL, 0);
  WCHAR *expanded;

  if (chars > MOST_PATH_CHARS + 1)
    return WSAEINVAL;
  expanded = chars != 0 ? expand_environment(application->path) : NULL;
  if (expanded == NULL)
    return WSANO_RECOVERY;
  heap_free(application->path);
  application->path = expanded;
  return 0;
}

static int copy_application(struct application *application, const WCHAR *path, DWORD length,
                            const WCHAR *extra, DWORD extra_length)
{
  int error;

  *application = (struct application){0};
  if (path == NULL || length == 0 || length > MOST_PATH_CHARS)
    return WSAEINVAL;
  error = copy_string(&application->path, path, length);
  if (error == 0)
    error = copy_string(&application->extra, extra, extra_length);
  return error != 0 ? error : expand_path(application);
}

/* The pages have WSANO_RECOVERY for all that is not the caller's fault. */
static int category_error(int error)
{
  return error == WSA_NOT_ENOUGH_MEMORY ? WSANO_RECOVERY : documented_error(error);
}

/* --- get ------------------------------------------------------------------------------------ */

static int get_category(const WCHAR *path, DWORD length, const WCHAR *extra, DWORD extra_length,
                        DWORD *caller_categories)
{
  struct application application;
  DWORD categories;
  int error;

  if (!caller_can_write(caller_categories, sizeof categories))
    return WSAEFAULT;
  error = copy_application(&application, path, length, extra, extra_length);
  if (error == 0)
    error = catalog_store_in_use()->get_application_categories(application.path, application.extra,
                                                               &categories);
  free_application(&application);
  if (error == 0 && !caller_write(caller_categories, &categories, sizeof categories))
    error = WSAEFAULT;
  return category_error(error);
}

int WSPAPI WSCGetApplicationCategory(LPCWSTR Path, DWORD PathLength, LPCWSTR Extra,
                                     DWORD ExtraLength, DWORD *pPermittedLspCategories,
                                     LPINT lpErrno)
{
  get_category_function function;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (!store_is_system())
    return spi_result(lpErrno,
                      get_category(Path, PathLength, Extra, ExtraLength, pPermittedLspCategories));
  if (!system_winsock_find("WSCGetApplicationCategory", &function, sizeof function))
    return spi_fail(lpErrno, WSANO_RECOVERY);
  return function(Path, PathLength, Extra, ExtraLength, pPermittedLspCategories, lpErrno);
}

/* --- set -------------------------------------------------------------------------------------- */

/* Repeated calls add up (winsock2 page of the same name). */
static int add_categories(const struct application *application, DWORD categories, DWORD *previous)
{
  const struct catalog_store *store = catalog_store_in_use();
  int error = store->lock();

  if (error != 0)
    return error;
  error = store->get_application_categories(application->path, application->extra, previous);
  if (error == WSASERVICE_NOT_FOUND) {
    *previous = 0;
    error = 0;
  }
  if (error == 0)
    error = store->set_application_categories(application->path, application->extra,
                                              *previous | categories);
  store->unlock();
  return error;
}

static int set_category(const WCHAR *path, DWORD length, const WCHAR *extra, DWORD extra_length,
                        DWORD categories, DWORD *caller_previous)
{
  struct application application;
  DWORD previous;
  int error;

  if (caller_previous != NULL && !caller_can_write(caller_previous, sizeof previous))
    return WSAEFAULT;
  error = copy_application(&application, path, length, extra, extra_length);
  if (error == 0)
    error = add_categories(&application, categories, &previous);
  free_application(&application);
  if (error == 0 && caller_previous != NULL)
    caller_write(caller_previous, &previous, sizeof previous);
  return category_error(error);
}

int WSPAPI WSCSetApplicationCategory(LPCWSTR Path, DWORD PathLength, LPCWSTR Extra,
                                     DWORD ExtraLength, DWORD PermittedLspCategories,
                                     DWORD *pPrevPermLspCat, LPINT lpErrno)
{
  set_category_function function;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (!store_is_system())
    return spi_result(lpErrno, set_category(Path, PathLength, Extra, ExtraLength,
                                            PermittedLspCategories, pPrevPermLspCat));
  if (!system_winsock_find("WSCSetApplicationCategory", &function, sizeof function))
    return spi_fail(lpErrno, WSANO_RECOVERY);
  return function(Path, PathLength, Extra, ExtraLength, PermittedLspCategories, pPrevPermLspCat,
                  lpErrno);
}
