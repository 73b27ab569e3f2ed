#include "platform/environment.h"

#include "platform/heap.h"

WCHAR *expand_environment(const WCHAR *path)
{
  const DWORD chars = ExpandEnvironmentStringsW(path, NULL, 0);
  WCHAR *expanded = chars == 0 ? NULL : heap_allocate(chars * sizeof *expanded);
  const DWORD written = expanded == NULL ? 0 : ExpandEnvironmentStringsW(path, expanded, chars);

  if (written == 0 || written > chars) {
    heap_free(expanded);
    expanded = NULL;
  }
  return expanded;
}
