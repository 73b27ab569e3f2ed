#include "support/cmocka_headers.h"

#include "injection/shim.h"

#include "injection/import_table.h"
#include "injection/injected.h"
#include "injection/test_registry.h"

#include <string.h>
#include <winternl.h>

/* --- the moment between the loader's work and DllMain ----------------------------------- */

/* Declarations for ntdll's LdrRegisterDllNotification, which no header has. */
struct dll_notification {
  ULONG flags;
  const UNICODE_STRING *full_name;
  const UNICODE_STRING *base_name;
  PVOID base;
  ULONG size;
};

enum { DLL_WAS_LOADED = 1, PATIENCE = 60000 };

typedef VOID(CALLBACK *notified_function)(ULONG reason, const struct dll_notification *data,
                                          PVOID context);
typedef NTSTATUS(NTAPI *notify_function)(ULONG flags, notified_function notified, PVOID context,
                                         PVOID *cookie);

static void CALLBACK inject_imports(ULONG reason, const struct dll_notification *data,
                                    PVOID context)
{
  static const WCHAR name[] = L"ws2spi.dll";

  (void)context;
  if (reason == DLL_WAS_LOADED && data->base_name->Length == sizeof name - sizeof name[0] &&
      _wcsnicmp(data->base_name->Buffer, name, sizeof name / sizeof name[0] - 1) == 0)
    import_table_visit(data->base, injected_import, NULL);
}

static void find(HMODULE module, void *pointer, const char *name)
{
  const FARPROC found = GetProcAddress(module, name);

  if (found == NULL)
    fail_msg("the DLL does not export %s", name);
  memcpy(pointer, &found, sizeof found);
}

static void be_notified(void)
{
  static BOOL done;
  notify_function notify;
  PVOID cookie;

  if (done)
    return;
  test_registry_delete_orphans();
  find(GetModuleHandleW(L"ntdll.dll"), &notify, "LdrRegisterDllNotification");
  assert_int_equal(notify(0, inject_imports, NULL, &cookie), 0);
  done = TRUE;
}

/* --- the DLL -------------------------------------------------------------------------------- */

BOOL shim_try_load(struct shim *shim)
{
  be_notified();
  assert_null(GetModuleHandleW(L"ws2spi.dll"));
  shim->module = LoadLibraryW(L"ws2spi.dll");
  if (shim->module == NULL)
    return FALSE;
#define FIND(type, name) find(shim->module, &shim->name, #name);
  SHIM_FUNCTIONS(FIND)
#undef FIND
  return TRUE;
}

void shim_load(struct shim *shim)
{
  assert_true(shim_try_load(shim));
}

void shim_free(struct shim *shim)
{
  for (int i = 0; i < PATIENCE && !injected_pool_is_quiet(); i++)
    Sleep(1);
  injected_end_lasting_waits();
  while (injected_pins > 0) {
    InterlockedDecrement(&injected_pins);
    assert_true(FreeLibrary(shim->module));
  }
  assert_true(FreeLibrary(shim->module));
  /* A thread that the DLL started may be about to leave it. */
  for (int i = 0; i < PATIENCE && GetModuleHandleW(L"ws2spi.dll") != NULL; i++)
    Sleep(1);
  assert_null(GetModuleHandleW(L"ws2spi.dll"));
}

int start_system_winsock(void)
{
  const FARPROC found = GetProcAddress(LoadLibraryW(L"ws2_32.dll"), "WSAStartup");
  int(WSAAPI * startup)(WORD, LPWSADATA);
  WSADATA data;

  memcpy(&startup, &found, sizeof startup);
  return startup(MAKEWORD(2, 2), &data);
}
