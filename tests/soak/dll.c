#include "support/cmocka_headers.h"

#include "soak/dll.h"

#include "faults/import_table.h"
#include "soak/guarded_memory.h"

struct soak_dll dll;

static FARPROC guard(const char *library, const char *name, void *replaced)
{
  FARPROC function = NULL;

  (void)library;
  if (strcmp(name, "HeapAlloc") == 0)
    function = (FARPROC)(void *)guarded_heap_allocate;
  else if (strcmp(name, "HeapFree") == 0)
    function = (FARPROC)(void *)guarded_heap_free;
  if (function != NULL)
    ++*(int *)replaced;
  return function;
}

static void find(void *pointer, const char *name)
{
  const FARPROC found = GetProcAddress(dll.module, name);

  if (found == NULL)
    fail_msg("the DLL does not export %s", name);
  memcpy(pointer, &found, sizeof found);
}

/* DllMain has run before the heap is replaced, and has allocated nothing. */
void dll_load(void)
{
  int replaced = 0;

  dll.module = LoadLibraryW(L"ws2spi.dll");
  assert_non_null(dll.module);
  import_table_visit(dll.module, guard, &replaced);
  assert_int_equal(replaced, 2);
#define FIND(name) find(&dll.name, #name);
  SOAK_FUNCTIONS(FIND)
#undef FIND
}

void dll_free(void)
{
  assert_true(FreeLibrary(dll.module));
  assert_null(GetModuleHandleW(L"ws2spi.dll"));
}
