#include "tool/provider_file.h"

#include "platform/absolute_path.h"

#include <wchar.h>

/* The folder by which this process reaches the System32 of that width. FALSE: it has the same
 * name for both. */
static BOOL file_foreign_system_folder(DWORD width, WCHAR folder[MAX_PATH])
{
  if (width == WS2SPI_WIDTH_NATIVE)
    return FALSE;
#ifdef _WIN64
  return GetSystemWow64DirectoryW(folder, MAX_PATH) != 0;
#else
  return GetWindowsDirectoryW(folder, MAX_PATH - 16) != 0 && wcscat(folder, L"\\Sysnative") != NULL;
#endif
}

static BOOL file_redirect(DWORD width, WCHAR file[MAX_PATH])
{
  WCHAR system[MAX_PATH], foreign[MAX_PATH], rest[MAX_PATH];
  const UINT length = GetSystemDirectoryW(system, MAX_PATH);

  if (length == 0 || _wcsnicmp(file, system, length) != 0 || !path_is_separator(file[length]) ||
      !file_foreign_system_folder(width, foreign))
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

  return written != 0 && written <= MAX_PATH && path_is_absolute(file) &&
         file_redirect(width, file);
}
