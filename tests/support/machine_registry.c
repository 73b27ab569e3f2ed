#include "support/machine_registry.h"

#include <windows.h>
#include <winternl.h>

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "injection/import_table.h"
#include "support/on_wine.h"

bool machine_registry_given_up;

void machine_registry_give_up(void)
{
  machine_registry_given_up = true;
}

/* Exported by ntdll; MinGW's headers do not declare them. */
NTSTATUS NTAPI NtCreateKey(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES, ULONG, PUNICODE_STRING, ULONG,
                           PULONG);
NTSTATUS NTAPI NtDeleteKey(HANDLE);
NTSTATUS NTAPI NtDeleteValueKey(HANDLE, PUNICODE_STRING);
NTSTATUS NTAPI NtSetValueKey(HANDLE, PUNICODE_STRING, ULONG, ULONG, const void *, ULONG);
NTSTATUS NTAPI NtQueryKey(HANDLE, int, PVOID, ULONG, PULONG);

enum { KEY_NAME_INFORMATION = 3 };

/* --- protected keys ------------------------------------------------------------------------- */

static bool is_over_memory(void)
{
  WCHAR word[16];

  return GetEnvironmentVariableW(L"WS2SPI_CATALOG", word, 16) != 0 && wcscmp(word, L"memory") == 0;
}

/* A key whose name cannot be read, such as a closed one, needs no protection. */
static bool is_of_the_machine(HANDLE key)
{
  static const WCHAR machine[] = L"\\Registry\\Machine\\";
  const size_t length = sizeof machine / sizeof machine[0] - 1;
  union {
    ULONG size;
    BYTE bytes[1024];
  } name;
  ULONG size;

  return NtQueryKey(key, KEY_NAME_INFORMATION, &name, sizeof name, &size) == 0 &&
         _wcsnicmp((const WCHAR *)(name.bytes + sizeof name.size), machine, length) == 0;
}

static bool is_protected(HANDLE key)
{
  return !machine_registry_given_up && is_over_memory() && is_of_the_machine(key);
}

static NTSTATUS refuse(const char *what)
{
  char line[128];
  DWORD written;
  const int length =
      snprintf(line, sizeof line, "%s refused: it would change the machine's registry\n", what);

  WriteFile(GetStdHandle(STD_ERROR_HANDLE), line, (DWORD)length, &written, NULL);
  return (NTSTATUS)0xC0000022; /* STATUS_ACCESS_DENIED */
}

/* --- the requests -------------------------------------------------------------------------------- */

static NTSTATUS NTAPI delete_key(HANDLE key)
{
  return is_protected(key) ? refuse("the deletion of a key") : NtDeleteKey(key);
}

static NTSTATUS NTAPI delete_value(HANDLE key, PUNICODE_STRING name)
{
  return is_protected(key) ? refuse("the deletion of a value") : NtDeleteValueKey(key, name);
}

static NTSTATUS NTAPI set_value(HANDLE key, PUNICODE_STRING name, ULONG unused, ULONG type,
                                const void *data, ULONG size)
{
  return is_protected(key) ? refuse("a value") : NtSetValueKey(key, name, unused, type, data, size);
}

/* The request also opens existing keys, so the watch looks at the result. */
static NTSTATUS NTAPI create_key(PHANDLE key, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                                 ULONG unused, PUNICODE_STRING class_name, ULONG options,
                                 PULONG disposition)
{
  ULONG how = 0;
  const NTSTATUS status = NtCreateKey(key, access, attributes, unused, class_name, options, &how);

  if (disposition != NULL)
    *disposition = how;
  if (status != 0 || how != REG_CREATED_NEW_KEY || !is_protected(*key))
    return status;
  NtDeleteKey(*key);
  CloseHandle(*key);
  return refuse("a new key");
}

/* --- the watch ----------------------------------------------------------------------------------- */

static FARPROC watch(const char *dll, const char *name, void *context)
{
  static const struct {
    const char *name;
    void *function;
  } watched[] = {{"NtCreateKey", (void *)create_key},
                 {"NtDeleteKey", (void *)delete_key},
                 {"NtDeleteValueKey", (void *)delete_value},
                 {"NtSetValueKey", (void *)set_value}};

  (void)dll;
  (void)context;
  for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++)
    if (strcmp(name, watched[i].name) == 0)
      return (FARPROC)watched[i].function;
  return NULL;
}

__attribute__((constructor)) static void watch_registry(void)
{
  if (on_wine())
    import_table_visit(GetModuleHandleW(L"kernelbase.dll"), watch, NULL);
}
