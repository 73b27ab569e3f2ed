#include "registry_fixture.h"

#include "cmocka_and_store.h"

#include <stdio.h>

static WCHAR root[CATALOG_PATH_CHARS];

/* A key of the user that replaces HKEY_LOCAL_MACHINE in this process, because on Windows only an
 * administrator may write below the real one. */
static WCHAR machine[MAX_PATH];

static void delete_machine(void)
{
  RegOverridePredefKey(HKEY_LOCAL_MACHINE, NULL);
  RegDeleteTreeW(HKEY_CURRENT_USER, machine);
  RegDeleteKeyW(HKEY_CURRENT_USER, machine);
}

static void replace_machine(unsigned long process)
{
  HKEY key;

  wsprintfW(machine, L"Software\\ws2spi test %lu", process);
  assert_int_equal(
      RegCreateKeyExW(HKEY_CURRENT_USER, machine, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL), 0);
  assert_int_equal(RegOverridePredefKey(HKEY_LOCAL_MACHINE, key), 0);
  RegCloseKey(key);
  if (process == GetCurrentProcessId())
    atexit(delete_machine);
}

static void name_root(unsigned long process)
{
  if (machine[0] == 0)
    replace_machine(process);
  wsprintfW(root, L"SYSTEM\\CurrentControlSet\\Services\\WinSock2\\Ws2SpiTest_%lu", process);
  catalog_root = root;
}

void root_begin(void)
{
  root_end();
}

void root_end(void)
{
  name_root(GetCurrentProcessId());
  RegDeleteTreeW(HKEY_LOCAL_MACHINE, root);
  RegDeleteKeyW(HKEY_LOCAL_MACHINE, root);
}

void root_join(const char *parent_id)
{
  name_root(strtoul(parent_id, NULL, 10));
}

HKEY root_open(const WCHAR *below_the_root)
{
  WCHAR path[CATALOG_PATH_CHARS];
  HKEY key;

  root_path(below_the_root, path);
  assert_int_equal(
      RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL), 0);
  return key;
}

void root_raise_serial(void)
{
  HKEY key = root_open(L"Protocol_Catalog9");
  DWORD serial = 0;

  registry_read_dword(key, SERIAL_VALUE, &serial);
  serial++;
  assert_int_equal(
      RegSetValueExW(key, SERIAL_VALUE, 0, REG_DWORD, (const BYTE *)&serial, sizeof serial), 0);
  RegCloseKey(key);
}
