#include "injection/import_table.h"

#include <string.h>

static void *at(HMODULE module, size_t offset)
{
  return (char *)module + offset;
}

static const IMAGE_IMPORT_DESCRIPTOR *first_descriptor(HMODULE module)
{
  const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)module;
  const IMAGE_NT_HEADERS *headers = at(module, (size_t)dos->e_lfanew);

  return at(module,
            headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress);
}

static void replace(FARPROC *slot, FARPROC function)
{
  DWORD protection;

  VirtualProtect(slot, sizeof *slot, PAGE_READWRITE, &protection);
  *slot = function;
  VirtualProtect(slot, sizeof *slot, protection, &protection);
}

static void visit_dll(HMODULE module, const IMAGE_IMPORT_DESCRIPTOR *descriptor,
                      import_visitor visit, void *context)
{
  const IMAGE_THUNK_DATA *named = at(module, descriptor->OriginalFirstThunk);
  FARPROC *slot = at(module, descriptor->FirstThunk);

  for (; named->u1.AddressOfData != 0; named++, slot++) {
    const IMAGE_IMPORT_BY_NAME *import = at(module, (size_t)named->u1.AddressOfData);
    const FARPROC function =
        visit(at(module, descriptor->Name), (const char *)import->Name, context);

    if (function != NULL)
      replace(slot, function);
  }
}

void import_table_visit(HMODULE module, import_visitor visit, void *context)
{
  const IMAGE_IMPORT_DESCRIPTOR *descriptor = first_descriptor(module);

  for (; descriptor->Name != 0; descriptor++)
    visit_dll(module, descriptor, visit, context);
}
