#include "host/load.h"

#include "platform/absolute_path.h"
#include "platform/environment.h"
#include "platform/heap.h"
#include "platform/log.h"
#include "platform/module.h"

#include <string.h>

static bool load_is_own_path(const WCHAR *path)
{
  WCHAR own[MAX_PATH];

  return module_path(own, MAX_PATH) && CompareStringOrdinal(path, -1, own, -1, TRUE) == CSTR_EQUAL;
}

static int load_from_path(const WCHAR *path, DWORD id, LPWSPSTARTUP *startup, HMODULE *module)
{
  char shown[LOG_PATH_CHARS];
  FARPROC found;

  if (!path_is_absolute(path)) {
    log_event("entry %lu: the path is not absolute: %s", id, log_path(path, shown));
    return WSAEPROVIDERFAILEDINIT;
  }
  *module = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
  if (*module == NULL) {
    const DWORD error = GetLastError();

    log_event("entry %lu: loading %s failed with error %lu%s", id, log_path(path, shown), error,
              error == ERROR_BAD_EXE_FORMAT ? ", perhaps a DLL of the other word size" : "");
    return WSAEPROVIDERFAILEDINIT;
  }
  found = GetProcAddress(*module, "WSPStartup");
  if (found == NULL) {
    log_event("entry %lu: %s does not export WSPStartup", id, log_path(path, shown));
    FreeLibrary(*module);
    *module = NULL;
    return WSAEPROVIDERFAILEDINIT;
  }
  memcpy(startup, &found, sizeof *startup);
  return 0;
}

static int load_installed(const struct catalog_entry *entry, LPWSPSTARTUP *startup, HMODULE *module)
{
  WCHAR *path = expand_environment(entry->path);
  int error = 0;

  if (path == NULL) {
    log_event("entry %lu: no memory for its path", entry->info.dwCatalogEntryId);
    return WSA_NOT_ENOUGH_MEMORY;
  }
  if (load_is_own_path(path))
    *startup = WSPStartup;
  else
    error = load_from_path(path, entry->info.dwCatalogEntryId, startup, module);
  heap_free(path);
  return error;
}

int load_wsp_startup(const struct catalog_entry *entry, LPWSPSTARTUP *startup, HMODULE *module)
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
