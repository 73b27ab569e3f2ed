#include "support/on_wine.h"

BOOL on_wine(void)
{
  return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != NULL;
}
