#include "platform/system_winsock.h"

#include "platform/log.h"

#include <stdatomic.h>
#include <string.h>

static INIT_ONCE loaded = INIT_ONCE_STATIC_INIT;
static struct system_winsock functions;
static _Atomic(HMODULE) system_module;

static HMODULE system_winsock_load_dll(void)
{
  static const WCHAR name[] = L"\\ws2_32.dll";
  WCHAR path[MAX_PATH + sizeof name / sizeof name[0]];
  const UINT length = GetSystemDirectoryW(path, MAX_PATH);

  if (length == 0 || length >= MAX_PATH)
    return NULL;
  memcpy(path + length, name, sizeof name);
  return LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
}

/* Copies the pointer: a cast from FARPROC to the type of the function would be a warning. */
static bool system_winsock_get(HMODULE module, const char *name, void *function, size_t size)
{
  const FARPROC found = GetProcAddress(module, name);

  memcpy(function, &found, size);
  if (found == NULL)
    log_event("the system's ws2_32.dll has no %s", name);
  return found != NULL;
}

/* Loads the module once. After a failure, later calls use the module that is already loaded. */
static HMODULE system_winsock_module(void)
{
  HMODULE module = atomic_load(&system_module);

  if (module == NULL) {
    module = system_winsock_load_dll();
    atomic_store(&system_module, module);
  }
  return module;
}

/* FALSE makes the next call try again, since a shortage may be over by then. */
static BOOL CALLBACK system_winsock_load_once(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
  const HMODULE module = system_winsock_module();
  bool complete = true;

  (void)once;
  (void)parameter;
  (void)context;
  if (module == NULL) {
    log_event("the system's ws2_32.dll could not be loaded, error %lu", GetLastError());
    return FALSE;
  }
#define SYSTEM_WINSOCK_FIND(type, name)                                                            \
  complete = system_winsock_get(module, #name, &functions.name, sizeof functions.name) && complete;
  SYSTEM_WINSOCK_FUNCTIONS(SYSTEM_WINSOCK_FIND)
#undef SYSTEM_WINSOCK_FIND
  return complete;
}

const struct system_winsock *system_winsock(void)
{
  return InitOnceExecuteOnce(&loaded, system_winsock_load_once, NULL, NULL) ? &functions : NULL;
}

bool system_winsock_find(const char *name, void *function, size_t size)
{
  HMODULE module;
  FARPROC found = NULL;

  InitOnceExecuteOnce(&loaded, system_winsock_load_once, NULL, NULL);
  module = atomic_load(&system_module);
  if (module != NULL)
    found = GetProcAddress(module, name);
  memcpy(function, &found, size);
  return found != NULL;
}
