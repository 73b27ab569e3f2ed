#include "platform/system_winsock.h"

#include "platform/log.h"

#include <stdatomic.h>
#include <string.h>

static INIT_ONCE loaded = INIT_ONCE_STATIC_INIT;
static struct system_winsock functions;
static _Atomic(HMODULE) system_module;

static HMODULE load_from_system_folder(void)
{
  static const WCHAR name[] = L"\\ws2_32.dll";
  WCHAR path[MAX_PATH + sizeof name / sizeof name[0]];
  const UINT length = GetSystemDirectoryW(path, MAX_PATH);

  if (length == 0 || length >= MAX_PATH)
    return NULL;
  memcpy(path + length, name, sizeof name);
  return LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
}

/* FARPROC and the function's own type differ; a copy of the bits is the one
 * conversion between them that needs no cast the compiler would question. */
static bool find(HMODULE module, const char *name, void *function, size_t size)
{
  const FARPROC found = GetProcAddress(module, name);

  memcpy(function, &found, size);
  if (found == NULL)
    log_event("the system's ws2_32.dll has no %s", name);
  return found != NULL;
}

/* The module is loaded once; later calls, after a failure, look it through again. */
static HMODULE loaded_module(void)
{
  HMODULE module = atomic_load(&system_module);

  if (module == NULL) {
    module = load_from_system_folder();
    atomic_store(&system_module, module);
  }
  return module;
}

/* FALSE leaves it to the next call to try again: what is short now need not be then. */
static BOOL CALLBACK load(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
  const HMODULE module = loaded_module();
  bool complete = true;

  (void)once;
  (void)parameter;
  (void)context;
  if (module == NULL) {
    log_event("the system's ws2_32.dll could not be loaded, error %lu", GetLastError());
    return FALSE;
  }
#define SYSTEM_WINSOCK_FIND(type, name)                                                            \
  complete = find(module, #name, &functions.name, sizeof functions.name) && complete;
  SYSTEM_WINSOCK_FUNCTIONS(SYSTEM_WINSOCK_FIND)
#undef SYSTEM_WINSOCK_FIND
  return complete;
}

const struct system_winsock *system_winsock(void)
{
  return InitOnceExecuteOnce(&loaded, load, NULL, NULL) ? &functions : NULL;
}

bool system_winsock_find(const char *name, void *function, size_t size)
{
  HMODULE module;
  FARPROC found = NULL;

  InitOnceExecuteOnce(&loaded, load, NULL, NULL);
  module = atomic_load(&system_module);
  if (module != NULL)
    found = GetProcAddress(module, name);
  memcpy(function, &found, size);
  return found != NULL;
}
