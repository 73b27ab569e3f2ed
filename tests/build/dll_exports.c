/* The export table of the built DLL against src/exports.list. */
#include "support/cmocka_headers.h"

#include <stdio.h>
#include <string.h>

static const char *const listed[] = {
#include "export_names.inc"
};

enum { LISTED = sizeof listed / sizeof listed[0] };

static HMODULE shim(void)
{
  const HMODULE module = GetModuleHandleW(L"ws2spi.dll");

  assert_non_null(module);
  return module;
}

static const void *at(HMODULE module, DWORD offset)
{
  return (const char *)(const void *)module + offset;
}

static const IMAGE_EXPORT_DIRECTORY *export_directory(HMODULE module)
{
  const IMAGE_DOS_HEADER *const dos = at(module, 0);
  const IMAGE_NT_HEADERS *const nt = at(module, (DWORD)dos->e_lfanew);

  return at(module, nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT].VirtualAddress);
}

static int is_listed(const char *name)
{
  for (size_t i = 0; i < LISTED; i++)
    if (strcmp(listed[i], name) == 0)
      return 1;
  return 0;
}

static void nothing_is_exported_that_is_not_listed(void **state)
{
  const IMAGE_EXPORT_DIRECTORY *const exports = export_directory(shim());
  const DWORD *const names = at(shim(), exports->AddressOfNames);

  for (DWORD i = 0; i < exports->NumberOfNames; i++)
    if (!is_listed(at(shim(), names[i])))
      fail_msg("exported but not listed: %s", (const char *)at(shim(), names[i]));
  assert_int_equal(exports->NumberOfNames, LISTED);
  assert_int_equal(exports->NumberOfFunctions, LISTED);
}

/* Undecorated on i686 too: a loader of providers looks for WSPStartup by that name. */
static void every_listed_name_is_found_by_get_proc_address(void **state)
{
  for (size_t i = 0; i < LISTED; i++)
    if (GetProcAddress(shim(), listed[i]) == NULL)
      fail_msg("listed but not exported: %s", listed[i]);
}

static void the_export_table_names_ws2spi_dll(void **state)
{
  const IMAGE_EXPORT_DIRECTORY *const exports = export_directory(shim());

  assert_string_equal(at(shim(), exports->Name), "ws2spi.dll");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_exported_that_is_not_listed),
      cmocka_unit_test(every_listed_name_is_found_by_get_proc_address),
      cmocka_unit_test(the_export_table_names_ws2spi_dll),
  };

  /* The DLL is loaded only if the program imports one of its functions. */
  WSAIsBlocking();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
