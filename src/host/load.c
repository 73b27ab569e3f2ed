#include "host/load.h"

#include "platform/heap.h"
#include "platform/log.h"
#include "platform/module.h"

#include <string.h>

/* NULL if memory is exhausted, or if a variable grew between the two calls. */
static WCHAR *expand(const WCHAR *path)
{
  const DWORD chars = ExpandEnvironmentStringsW(path, NULL, 0);
  WCHAR *expanded = heap_allocate(chars * sizeof *expanded);

  if (expanded != NULL && ExpandEnvironmentStringsW(path, expanded, chars) > chars) {
    heap_free(expanded);
    expanded = NULL;
  }
  return expanded;
}

static bool is_separator(WCHAR character)
{
  return character == L'\\' || character == L'/';
}

/* With a drive, or on a network share. A name without either would be looked for in
 * the program's own folder and in the current one. */
static bool is_absolute(const WCHAR *path)
{
  if (is_separator(path[0]))
    return is_separator(path[1]);
  return path[0] != 0 && path[1] == L':' && is_separator(path[2]);
}

static bool is_own_path(const WCHAR *path)
{
  WCHAR own[MAX_PATH];

  return module_path(own, MAX_PATH) && CompareStringOrdinal(path, -1, own, -1, TRUE) == CSTR_EQUAL;
}

static int load_from(const WCHAR *path, DWORD id, LPWSPSTARTUP *startup, HMODULE *module)
{
  FARPROC found;

  if (!is_absolute(path)) {
    log_event("entry %lu: the path is not absolute: %ls", id, path);
    return WSAEPROVIDERFAILEDINIT;
  }
  *module = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
  if (*module == NULL) {
    log_event("entry %lu: loading %ls failed with error %lu", id, path, GetLastError());
    return WSAEPROVIDERFAILEDINIT;
  }
  found = GetProcAddress(*module, "WSPStartup");
  if (found == NULL) {
    log_event("entry %lu: %ls does not export WSPStartup", id, path);
    FreeLibrary(*module);
    *module = NULL;
    return WSAEPROVIDERFAILEDINIT;
  }
  memcpy(startup, &found, sizeof *startup);
  return 0;
}

static int load_installed(const struct catalog_entry *entry, LPWSPSTARTUP *startup, HMODULE *module)
{
  WCHAR *path = expand(entry->path);
  int error = 0;

  if (path == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  if (is_own_path(path))
    *startup = WSPStartup;
  else
    error = load_from(path, entry->info.dwCatalogEntryId, startup, module);
  heap_free(path);
  return error;
}

int load_provider(const struct catalog_entry *entry, LPWSPSTARTUP *startup, HMODULE *module)
{
  *module = NULL;
  switch (entry->kind) {
  case CATALOG_REGISTERED:
    *startup = entry->startup;
    return 0;
  case CATALOG_BASE:
    *startup = WSPStartup;
    return 0;
  case CATALOG_INSTALLED:
    break;
  }
  return load_installed(entry, startup, module);
}
