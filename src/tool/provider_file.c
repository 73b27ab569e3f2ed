#include "tool/provider_file.h"

#include <wchar.h>

static BOOL is_separator(WCHAR character)
{
  return character == L'\\' || character == L'/';
}

BOOL is_absolute_path(const WCHAR *path)
{
  if (is_separator(path[0]))
    return is_separator(path[1]);
  return path[0] != 0 && path[1] == L':' && is_separator(path[2]);
}

/* The folder that stands for the System32 of that width in a process of ours; FALSE if it
 * goes by the same name. */
static BOOL foreign_system_folder(DWORD width, WCHAR folder[MAX_PATH])
{
  if (width == WS2SPI_WIDTH_NATIVE)
    return FALSE;
#ifdef _WIN64
  return GetSystemWow64DirectoryW(folder, MAX_PATH) != 0;
#else
  return GetWindowsDirectoryW(folder, MAX_PATH - 16) != 0 && wcscat(folder, L"\\Sysnative") != NULL;
#endif
}

static BOOL redirect(DWORD width, WCHAR file[MAX_PATH])
{
  WCHAR system[MAX_PATH], foreign[MAX_PATH], rest[MAX_PATH];
  const UINT length = GetSystemDirectoryW(system, MAX_PATH);

  if (length == 0 || _wcsnicmp(file, system, length) != 0 || !is_separator(file[length]) ||
      !foreign_system_folder(width, foreign))
    return TRUE;
  wcscpy(rest, file + length);
  if (wcslen(foreign) + wcslen(rest) >= MAX_PATH)
    return FALSE;
  wcscpy(file, foreign);
  wcscat(file, rest);
  return TRUE;
}

BOOL provider_file(DWORD width, const WCHAR *stored, WCHAR file[MAX_PATH])
{
  const DWORD written = ExpandEnvironmentStringsW(stored, file, MAX_PATH);

  return written != 0 && written <= MAX_PATH && is_absolute_path(file) && redirect(width, file);
}
