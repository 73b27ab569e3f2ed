#include "platform/wine.h"

#include "platform/windows_headers.h"

bool system_is_wine(void)
{
  return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != NULL;
}
