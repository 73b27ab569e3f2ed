#include "support/cmocka_headers.h"

#include "faults/shim.h"

#include <string.h>

static void find(HMODULE module, void *pointer, const char *name)
{
  const FARPROC found = GetProcAddress(module, name);

  if (found == NULL)
    fail_msg("the DLL does not export %s", name);
  memcpy(pointer, &found, sizeof found);
}

void shim_load(struct shim *shim, struct heap_watch *watch)
{
  shim->module = LoadLibraryW(L"ws2spi.dll");
  assert_non_null(shim->module);
#define FIND(type, name) find(shim->module, &shim->name, #name);
  SHIM_FUNCTIONS(FIND)
#undef FIND
  memset(watch, 0, sizeof *watch);
  shim->Ws2SpiTestWatchHeap(watch);
}

void shim_free(struct shim *shim)
{
  assert_true(FreeLibrary(shim->module));
  assert_null(GetModuleHandleW(L"ws2spi.dll"));
}
