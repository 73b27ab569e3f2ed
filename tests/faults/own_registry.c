#include "faults/own_registry.h"

#include <wchar.h>

static const WCHAR winsock[] = L"SYSTEM\\CurrentControlSet\\Services\\WinSock2\\";

static void own_root(WCHAR buffer[OWN_PATH_CHARS])
{
  wsprintfW(buffer, L"%sWs2SpiFaults_%lu", winsock, GetCurrentProcessId());
}

const WCHAR *own_path(HKEY parent, const WCHAR *path, WCHAR buffer[OWN_PATH_CHARS])
{
  const size_t length = sizeof winsock / sizeof winsock[0] - 1;

  if (parent != HKEY_LOCAL_MACHINE || wcsncmp(path, winsock, length) != 0)
    return path;
  own_root(buffer);
  wcscat(buffer, L"\\");
  return wcscat(buffer, path + length);
}

void own_registry_delete(void)
{
  WCHAR root[OWN_PATH_CHARS];

  own_root(root);
  RegDeleteTreeW(HKEY_LOCAL_MACHINE, root);
  RegDeleteKeyW(HKEY_LOCAL_MACHINE, root);
}
