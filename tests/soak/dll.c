#include "support/cmocka_headers.h"

#include "soak/dll.h"

#include "faults/import_table.h"
#include "faults/own_registry.h"
#include "soak/guarded_memory.h"

struct soak_dll dll;

static LSTATUS WINAPI open_key(HKEY parent, LPCWSTR path, DWORD options, REGSAM access, PHKEY key)
{
  WCHAR buffer[OWN_PATH_CHARS];

  return RegOpenKeyExW(parent, own_path(parent, path, buffer), options, access, key);
}

static LSTATUS WINAPI create_key(HKEY parent, LPCWSTR path, DWORD reserved, LPWSTR class_name,
                                 DWORD options, REGSAM access, const LPSECURITY_ATTRIBUTES security,
                                 PHKEY key, LPDWORD disposition)
{
  WCHAR buffer[OWN_PATH_CHARS];

  return RegCreateKeyExW(parent, own_path(parent, path, buffer), reserved, class_name, options,
                         access, security, key, disposition);
}

static const struct {
  const char *name;
  FARPROC function;
} replacements[] = {
    {"HeapAlloc", (FARPROC)(void *)guarded_heap_allocate},
    {"HeapFree", (FARPROC)(void *)guarded_heap_free},
    {"RegOpenKeyExW", (FARPROC)(void *)open_key},
    {"RegCreateKeyExW", (FARPROC)(void *)create_key},
};

enum { REPLACEMENTS = sizeof replacements / sizeof replacements[0] };

static FARPROC guard(const char *library, const char *name, void *replaced)
{
  (void)library;
  for (int i = 0; i < REPLACEMENTS; i++) {
    if (strcmp(name, replacements[i].name) == 0) {
      ++*(int *)replaced;
      return replacements[i].function;
    }
  }
  return NULL;
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
  assert_int_equal(replaced, REPLACEMENTS);
#define FIND(name) find(&dll.name, #name);
  SOAK_FUNCTIONS(FIND)
#undef FIND
}

void dll_free(void)
{
  assert_true(FreeLibrary(dll.module));
  assert_null(GetModuleHandleW(L"ws2spi.dll"));
}
