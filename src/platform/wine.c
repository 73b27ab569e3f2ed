#include "platform/wine.h"

#include "platform/windows_headers.h"

bool running_under_wine(void)
{
  const HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");

  return ntdll != NULL && GetProcAddress(ntdll, "wine_get_version") != NULL;
}
