#include "support/cmocka_headers.h"

#include "soak/dll.h"

#include "injection/test_registry.h"
#include "soak/guarded_memory.h"
#include "support/replaced_imports.h"

struct soak_dll dll;

static LSTATUS WINAPI open_key(HKEY parent, LPCWSTR path, DWORD options, REGSAM access, PHKEY key)
{
  WCHAR buffer[TEST_REGISTRY_PATH_CHARS];

  return RegOpenKeyExW(parent, test_registry_path(parent, path, buffer), options, access, key);
}

static LSTATUS WINAPI create_key(HKEY parent, LPCWSTR path, DWORD reserved, LPWSTR class_name,
                                 DWORD options, REGSAM access, const LPSECURITY_ATTRIBUTES security,
                                 PHKEY key, LPDWORD disposition)
{
  WCHAR buffer[TEST_REGISTRY_PATH_CHARS];

  return RegCreateKeyExW(parent, test_registry_path(parent, path, buffer), reserved, class_name,
                         options, access, security, key, disposition);
}

static const struct replaced_import replacements[] = {
    REPLACED_IMPORT(HeapAlloc, guarded_heap_allocate),
    REPLACED_IMPORT(HeapFree, guarded_heap_free),
    REPLACED_IMPORT(RegOpenKeyExW, open_key),
    REPLACED_IMPORT(RegCreateKeyExW, create_key),
};

static void find(void *pointer, const char *name)
{
  const FARPROC found = GetProcAddress(dll.module, name);

  if (found == NULL)
    fail_msg("the DLL does not export %s", name);
  memcpy(pointer, &found, sizeof found);
}

/* The heap is replaced after DllMain has run, which allocates nothing. */
void dll_load(void)
{
  dll.module = LoadLibraryW(L"ws2spi.dll");
  assert_non_null(dll.module);
  replace_imports(replacements, sizeof replacements / sizeof replacements[0]);
#define FIND(name) find(&dll.name, #name);
  SOAK_FUNCTIONS(FIND)
#undef FIND
}

void dll_free(void)
{
  assert_true(FreeLibrary(dll.module));
  assert_null(GetModuleHandleW(L"ws2spi.dll"));
}
