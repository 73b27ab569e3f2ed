/* WSCGetApplicationCategory and WSCSetApplicationCategory. */
#include "catalog/catalog.h"
#include "platform/caller_memory.h"
#include "platform/environment.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "wsc/arguments.h"
#include "wsc/forward.h"

#include <wchar.h>

/* Wine 8.0 truncates an expanded path that is longer than MAX_PATH_CHARS without an error. */
enum { MAX_STRING_CHARS = 32767, MAX_PATH_CHARS = 32766 };

struct application {
  WCHAR *path;
  WCHAR *extra;
};

static void category_free_application(struct application *application)
{
  heap_free(application->path);
  heap_free(application->extra);
}

/* The length excludes the NUL, which the caller's string need not have. */
static int category_copy_string(WCHAR **copy, const WCHAR *string, DWORD length)
{
  if (length > MAX_STRING_CHARS)
    return WSAEINVAL;
  *copy = heap_allocate(((size_t)length + 1) * sizeof **copy);
  if (*copy == NULL)
    return WSANO_RECOVERY;
  if (!caller_read(*copy, string, length * sizeof **copy))
    return WSAEFAULT;
  return wmemchr(*copy, 0, length) == NULL ? 0 : WSAEINVAL;
}

static int category_expand_path(struct application *application)
{
  const DWORD chars = ExpandEnvironmentStringsW(application->path, NULL, 0);
  WCHAR *expanded;

  if (chars > MAX_PATH_CHARS + 1)
    return WSAEINVAL;
  expanded = chars != 0 ? expand_environment(application->path) : NULL;
  if (expanded == NULL)
    return WSANO_RECOVERY;
  heap_free(application->path);
  application->path = expanded;
  return 0;
}

static int category_copy_application(struct application *application, const WCHAR *path,
                                     DWORD length, const WCHAR *extra, DWORD extra_length)
{
  int error;

  *application = (struct application){0};
  if (path == NULL || length == 0 || length > MAX_PATH_CHARS)
    return WSAEINVAL;
  error = category_copy_string(&application->path, path, length);
  if (error == 0)
    error = category_copy_string(&application->extra, extra, extra_length);
  return error != 0 ? error : category_expand_path(application);
}

/* The pages have no code for a shortage of memory; WSANO_RECOVERY is their code for all that is
 * not an invalid argument. */
static int category_documented_error(int error)
{
  return error == WSA_NOT_ENOUGH_MEMORY ? WSANO_RECOVERY : documented_error(error);
}

/* --- get ------------------------------------------------------------------------------ */

static int category_get(const WCHAR *path, DWORD length, const WCHAR *extra, DWORD extra_length,
                        DWORD *caller_categories)
{
  struct application application;
  DWORD categories;
  int error;

  if (!caller_can_write(caller_categories, sizeof categories))
    return WSAEFAULT;
  error = category_copy_application(&application, path, length, extra, extra_length);
  if (error == 0)
    error = catalog_store_in_use()->get_application_categories(application.path, application.extra,
                                                               &categories);
  category_free_application(&application);
  if (error == 0 && !caller_write(caller_categories, &categories, sizeof categories))
    error = WSAEFAULT;
  return category_documented_error(error);
}

int WSPAPI WSCGetApplicationCategory(LPCWSTR Path, DWORD PathLength, LPCWSTR Extra,
                                     DWORD ExtraLength, DWORD *pPermittedLspCategories,
                                     LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return FORWARD_TO_SYSTEM(WSCGetApplicationCategory, spi_fail(lpErrno, WSANO_RECOVERY), Path,
                             PathLength, Extra, ExtraLength, pPermittedLspCategories, lpErrno);
  return spi_result(lpErrno,
                    category_get(Path, PathLength, Extra, ExtraLength, pPermittedLspCategories));
}

/* --- set ------------------------------------------------------------------------------ */

/* A call adds its categories to those of earlier calls
 * (winsock2/nf-winsock2-wscsetapplicationcategory). */
static int category_add(const struct application *application, DWORD categories, DWORD *previous)
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

static int category_set(const WCHAR *path, DWORD length, const WCHAR *extra, DWORD extra_length,
                        DWORD categories, DWORD *caller_previous)
{
  struct application application;
  DWORD previous;
  int error;

  if (caller_previous != NULL && !caller_can_write(caller_previous, sizeof previous))
    return WSAEFAULT;
  error = category_copy_application(&application, path, length, extra, extra_length);
  if (error == 0)
    error = category_add(&application, categories, &previous);
  category_free_application(&application);
  if (error == 0 && caller_previous != NULL)
    caller_write(caller_previous, &previous, sizeof previous);
  return category_documented_error(error);
}

int WSPAPI WSCSetApplicationCategory(LPCWSTR Path, DWORD PathLength, LPCWSTR Extra,
                                     DWORD ExtraLength, DWORD PermittedLspCategories,
                                     DWORD *pPrevPermLspCat, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (store_is_system())
    return FORWARD_TO_SYSTEM(WSCSetApplicationCategory, spi_fail(lpErrno, WSANO_RECOVERY), Path,
                             PathLength, Extra, ExtraLength, PermittedLspCategories,
                             pPrevPermLspCat, lpErrno);
  return spi_result(lpErrno, category_set(Path, PathLength, Extra, ExtraLength,
                                          PermittedLspCategories, pPrevPermLspCat));
}
