#include "support/cmocka_headers.h"

#include "injection/test_registry.h"

#include <wchar.h>

#define ROOT_NAME L"Ws2SpiFaults_"

static const WCHAR winsock[] = L"SYSTEM\\CurrentControlSet\\Services\\WinSock2\\";

/* Below this process's root. */
static const WCHAR in_use[] = L"\\InUse";
static const WCHAR kept[] = L"\\Kept";

/* --- names ------------------------------------------------------------------------------- */

static void root_of(DWORD process, const WCHAR *below, WCHAR buffer[TEST_REGISTRY_PATH_CHARS])
{
  wsprintfW(buffer, L"%s" ROOT_NAME L"%lu%s", winsock, process, below);
}

static void own_root(const WCHAR *below, WCHAR buffer[TEST_REGISTRY_PATH_CHARS])
{
  root_of(GetCurrentProcessId(), below, buffer);
}

const WCHAR *test_registry_path(HKEY parent, const WCHAR *path,
                                WCHAR buffer[TEST_REGISTRY_PATH_CHARS])
{
  const size_t length = sizeof winsock / sizeof winsock[0] - 1;

  if (parent != HKEY_LOCAL_MACHINE || wcsncmp(path, winsock, length) != 0)
    return path;
  own_root(in_use, buffer);
  wcscat(buffer, L"\\");
  return wcscat(buffer, path + length);
}

/* --- what is in it ----------------------------------------------------------------------- */

static HKEY open_below(const WCHAR *below)
{
  WCHAR root[TEST_REGISTRY_PATH_CHARS];
  HKEY key;

  own_root(below, root);
  return RegOpenKeyExW(HKEY_LOCAL_MACHINE, root, 0, KEY_READ, &key) == ERROR_SUCCESS ? key : NULL;
}

HKEY test_registry_open(void)
{
  return open_below(in_use);
}

static void delete_below(DWORD process, const WCHAR *below)
{
  WCHAR root[TEST_REGISTRY_PATH_CHARS];

  root_of(process, below, root);
  RegDeleteTreeW(HKEY_LOCAL_MACHINE, root);
  RegDeleteKeyW(HKEY_LOCAL_MACHINE, root);
}

static void copy(const WCHAR *from, const WCHAR *to)
{
  const HKEY source = open_below(from);
  WCHAR root[TEST_REGISTRY_PATH_CHARS];
  HKEY target;

  if (source == NULL)
    return;
  own_root(to, root);
  assert_int_equal(RegCreateKeyW(HKEY_LOCAL_MACHINE, root, &target), ERROR_SUCCESS);
  assert_int_equal(RegCopyTreeW(source, NULL, target), ERROR_SUCCESS);
  RegCloseKey(target);
  RegCloseKey(source);
}

void test_registry_keep(void)
{
  copy(in_use, kept);
}

void test_registry_begin(void)
{
  delete_below(GetCurrentProcessId(), in_use);
  copy(kept, in_use);
}

void test_registry_delete(void)
{
  delete_below(GetCurrentProcessId(), L"");
}

/* --- orphans ----------------------------------------------------------------------------- */

/* The process with this id may be another one by now. Then its root stays until the next run. */
static BOOL is_running(DWORD process)
{
  const HANDLE handle = OpenProcess(SYNCHRONIZE, FALSE, process);
  const BOOL runs = handle != NULL && WaitForSingleObject(handle, 0) == WAIT_TIMEOUT;

  if (handle != NULL)
    CloseHandle(handle);
  return runs;
}

static DWORD process_of_root(const WCHAR *name)
{
  const size_t length = sizeof ROOT_NAME / sizeof(WCHAR) - 1;

  return wcsncmp(name, ROOT_NAME, length) == 0 ? wcstoul(name + length, NULL, 10) : 0;
}

void test_registry_delete_orphans(void)
{
  DWORD orphans[64], count = 0, chars = MAX_PATH;
  WCHAR name[MAX_PATH];
  HKEY key;

  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, winsock, 0, KEY_READ, &key) != ERROR_SUCCESS)
    return;
  for (DWORD i = 0; count < 64 && RegEnumKeyExW(key, i, name, &chars, NULL, NULL, NULL, NULL) == 0;
       i++, chars = MAX_PATH) {
    orphans[count] = process_of_root(name);
    count += orphans[count] != 0 && !is_running(orphans[count]);
  }
  RegCloseKey(key);
  while (count > 0)
    delete_below(orphans[--count], L"");
}
