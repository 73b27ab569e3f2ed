/* The functions of kernel32, advapi32, user32, rpcrt4 and ntdll that the DLL imports. */
#include "injection/injected.h"
#include "injection/injection.h"
#include "injection/test_registry.h"
#include "injection/watched_memory.h"

#include <rpc.h>
#include <string.h>
#include <winternl.h>

#define NO_MEMORY_STATUS ((NTSTATUS)0xC0000017)

volatile LONG injected_pins;
volatile LONG injected_status = NO_MEMORY_STATUS;
volatile LONG injected_registry_error = ERROR_NOT_ENOUGH_MEMORY;

NTSTATUS NTAPI NtReadFile(HANDLE, HANDLE, PIO_APC_ROUTINE, PVOID, PIO_STATUS_BLOCK, PVOID, ULONG,
                          PLARGE_INTEGER, PULONG);
NTSTATUS NTAPI NtWriteFile(HANDLE, HANDLE, PIO_APC_ROUTINE, PVOID, PIO_STATUS_BLOCK, const VOID *,
                           ULONG, PLARGE_INTEGER, PULONG);

/* --- what is counted --------------------------------------------------------------------- */

static HANDLE handle_taken(HANDLE handle)
{
  resource_taken(HANDLES, handle != NULL && handle != INVALID_HANDLE_VALUE);
  return handle;
}

static BOOL handle_stored(BOOL succeeded)
{
  return resource_taken(HANDLES, succeeded);
}

static NTSTATUS file_opened(NTSTATUS status)
{
  resource_taken(HANDLES, status >= 0);
  return status;
}

static LSTATUS key_opened(LSTATUS status)
{
  resource_taken(REGISTRY_KEYS, status == ERROR_SUCCESS);
  return status;
}

static DWORD slot_taken(DWORD slot)
{
  resource_taken(THREAD_SLOTS, slot != TLS_OUT_OF_INDEXES);
  return slot;
}

/* The system's Winsock stays loaded on purpose (platform/system_winsock.h). */
static HMODULE module_taken(HMODULE module)
{
  resource_taken(MODULES, module != NULL && module != GetModuleHandleW(L"ws2_32.dll"));
  return module;
}

static BOOL reference_taken(DWORD flags, LPCWSTR name, HMODULE *module)
{
  if ((flags & GET_MODULE_HANDLE_EX_FLAG_PIN) != 0) {
    InterlockedIncrement(&injected_pins);
    return GetModuleHandleExW(flags & ~(DWORD)GET_MODULE_HANDLE_EX_FLAG_PIN, name, module);
  }
  return resource_taken(MODULES, GetModuleHandleExW(flags, name, module));
}

/* A wait for changes of the catalog (src/wsc/config_change.c), its event, and the event that was
 * made just after that. */
static struct {
  HANDLE wait;
  HANDLE events[2];
} lasting;
static HANDLE newest_event;

static HANDLE event_taken(HANDLE event)
{
  newest_event = event;
  return handle_taken(event);
}

static BOOL keep_waiting(PHANDLE wait, HANDLE object, WAITORTIMERCALLBACK callback, PVOID parameter,
                         ULONG milliseconds, ULONG flags)
{
  if (!RegisterWaitForSingleObject(wait, object, callback, parameter, milliseconds, flags))
    return FALSE;
  lasting.wait = *wait;
  lasting.events[0] = object;
  lasting.events[1] = newest_event;
  return TRUE;
}

void injected_end_lasting_waits(void)
{
  if (lasting.wait == NULL)
    return;
  UnregisterWaitEx(lasting.wait, INVALID_HANDLE_VALUE);
  lasting.wait = NULL;
  for (int i = 0; i < 2; i++) {
    CloseHandle(lasting.events[i]);
    resource_given_back(HANDLES);
  }
}

/* A callback of the thread pool on its way through the DLL. */
static struct pool_call {
  PTP_WAIT_CALLBACK callback;
  PVOID parameter;
} pool_calls[256];
static volatile LONG pool_calls_made;
static volatile LONG pool_calls_running;

static void CALLBACK call_back(PTP_CALLBACK_INSTANCE instance, PVOID parameter, PTP_WAIT wait,
                               TP_WAIT_RESULT result)
{
  const struct pool_call call = *(const struct pool_call *)parameter;

  InterlockedIncrement(&pool_calls_running);
  call.callback(instance, call.parameter, wait, result);
  InterlockedDecrement(&pool_calls_running);
}

BOOL injected_pool_is_quiet(void)
{
  return resource_held(POOL_WAITS) == 0 && pool_calls_running == 0;
}

static PTP_WAIT make_pool_wait(PTP_WAIT_CALLBACK callback, PVOID parameter,
                               PTP_CALLBACK_ENVIRON environment)
{
  const LONG place = InterlockedIncrement(&pool_calls_made) & 255;
  PTP_WAIT wait;

  pool_calls[place] = (struct pool_call){callback, parameter};
  wait = CreateThreadpoolWait(call_back, &pool_calls[place], environment);
  resource_taken(POOL_WAITS, wait != NULL);
  return wait;
}

/* A thread that the DLL starts. */
static struct thread_call {
  LPTHREAD_START_ROUTINE routine;
  LPVOID parameter;
} thread_calls[256];
static volatile LONG thread_calls_made;

static DWORD WINAPI run_thread(LPVOID parameter)
{
  const struct thread_call call = *(const struct thread_call *)parameter;
  const DWORD code = call.routine(call.parameter);

  resource_given_back(THREADS);
  return code;
}

static HANDLE start_thread(LPSECURITY_ATTRIBUTES security, SIZE_T stack,
                           LPTHREAD_START_ROUTINE routine, LPVOID parameter, DWORD flags, DWORD *id)
{
  const LONG place = InterlockedIncrement(&thread_calls_made) & 255;
  HANDLE thread;

  thread_calls[place] = (struct thread_call){routine, parameter};
  resource_taken(THREADS, TRUE);
  thread = CreateThread(security, stack, run_thread, &thread_calls[place], flags, id);
  if (thread == NULL)
    resource_given_back(THREADS);
  return thread;
}

/* Once the catalog's journal is written (src/registry/journal.h), the change holds. */
static LSTATUS value_written(const WCHAR *name, LSTATUS status)
{
  if (status == ERROR_SUCCESS && name != NULL && wcscmp(name, L"Ws2Spi_Journal") == 0)
    injection_change_holds(TRUE);
  return status;
}

static volatile LONG uuids_made;

void numbered_uuids_begin(void)
{
  uuids_made = 0;
}

static RPC_STATUS number_uuid(UUID *uuid)
{
  *uuid = (UUID){0x99999999, 0x8888, 0x4777, {0x86}};
  uuid->Data1 += (unsigned long)InterlockedIncrement(&uuids_made);
  return RPC_S_OK;
}

/* It has done its work, and reports that there was nothing to cancel. */
static BOOL cancelled_for_nothing(BOOL unused)
{
  (void)unused;
  return FALSE;
}

/* --- what can be made to fail --------------------------------------------------------------- */

/* returned type, name, parameters, failure value, last error, the real call */
/* clang-format off */
#define INJECTED_IMPORTS(X)                                                                        \
  X(BOOL, CancelIo, (HANDLE f),                                                               \
    cancelled_for_nothing(CancelIo(f)), ERROR_NOT_FOUND, CancelIo(f))                              \
  X(BOOL, CancelIoEx, (HANDLE f, LPOVERLAPPED o),                                             \
    cancelled_for_nothing(CancelIoEx(f, o)), ERROR_NOT_FOUND, CancelIoEx(f, o))                    \
  X(HANDLE, CreateEventW, (LPSECURITY_ATTRIBUTES s, BOOL m, BOOL i, LPCWSTR n),              \
    NULL, ERROR_NOT_ENOUGH_MEMORY, event_taken(CreateEventW(s, m, i, n)))                         \
  X(HANDLE, CreateFileW, (LPCWSTR n, DWORD a, DWORD s, LPSECURITY_ATTRIBUTES t, DWORD c,      \
    DWORD f, HANDLE h), INVALID_HANDLE_VALUE, ERROR_TOO_MANY_OPEN_FILES,                           \
    handle_taken(CreateFileW(n, a, s, t, c, f, h)))                                                \
  X(HANDLE, CreateMutexW, (LPSECURITY_ATTRIBUTES s, BOOL o, LPCWSTR n),                      \
    NULL, ERROR_NOT_ENOUGH_MEMORY, handle_taken(CreateMutexW(s, o, n)))                            \
  X(HANDLE, CreateNamedPipeW, (LPCWSTR n, DWORD o, DWORD m, DWORD i, DWORD u, DWORD v,       \
    DWORD t, LPSECURITY_ATTRIBUTES s), INVALID_HANDLE_VALUE, ERROR_NOT_ENOUGH_MEMORY,              \
    handle_taken(CreateNamedPipeW(n, o, m, i, u, v, t, s)))                                        \
  X(HANDLE, CreateThread, (LPSECURITY_ATTRIBUTES s, SIZE_T z, LPTHREAD_START_ROUTINE r,      \
    LPVOID p, DWORD f, LPDWORD i), NULL, ERROR_NOT_ENOUGH_MEMORY,                                  \
    handle_taken(start_thread(s, z, r, p, f, i)))                                                  \
  X(PTP_WAIT, CreateThreadpoolWait, (PTP_WAIT_CALLBACK c, PVOID p, PTP_CALLBACK_ENVIRON e),  \
    NULL, ERROR_NOT_ENOUGH_MEMORY, make_pool_wait(c, p, e))                 \
  X(BOOL, DuplicateHandle, (HANDLE p, HANDLE h, HANDLE t, LPHANDLE d, DWORD a, BOOL i,       \
    DWORD o), FALSE, ERROR_NOT_ENOUGH_MEMORY, handle_stored(DuplicateHandle(p, h, t, d, a, i, o))) \
  X(DWORD, ExpandEnvironmentStringsW, (LPCWSTR s, LPWSTR d, DWORD n),                        \
    0, ERROR_NOT_ENOUGH_MEMORY, ExpandEnvironmentStringsW(s, d, n))                                \
  X(DWORD, GetModuleFileNameW, (HMODULE m, LPWSTR f, DWORD n),                               \
    0, ERROR_NOT_ENOUGH_MEMORY, GetModuleFileNameW(m, f, n))                                       \
  X(BOOL, GetModuleHandleExW, (DWORD f, LPCWSTR n, HMODULE *m),                              \
    FALSE, ERROR_MOD_NOT_FOUND, reference_taken(f, n, m))                                          \
  X(UINT, GetSystemDirectoryW, (LPWSTR b, UINT n),                                           \
    0, ERROR_NOT_ENOUGH_MEMORY, GetSystemDirectoryW(b, n))                                         \
  X(BOOL, GetThreadTimes, (HANDLE t, LPFILETIME a, LPFILETIME b, LPFILETIME c, LPFILETIME d), \
    FALSE, ERROR_ACCESS_DENIED, GetThreadTimes(t, a, b, c, d))                                     \
  X(LPVOID, HeapAlloc, (HANDLE h, DWORD f, SIZE_T n),                                        \
    NULL, ERROR_NOT_ENOUGH_MEMORY, watched_allocate(h, f, n))                                      \
  X(HMODULE, LoadLibraryExW, (LPCWSTR n, HANDLE f, DWORD o),                                 \
    NULL, ERROR_NOT_ENOUGH_MEMORY, module_taken(LoadLibraryExW(n, f, o)))                          \
  X(NTSTATUS, NtCreateFile, (PHANDLE h, ACCESS_MASK a, POBJECT_ATTRIBUTES o,                 \
    PIO_STATUS_BLOCK s, PLARGE_INTEGER z, ULONG u, ULONG v, ULONG d, ULONG p, PVOID e, ULONG l),   \
    NO_MEMORY_STATUS, 0, file_opened(NtCreateFile(h, a, o, s, z, u, v, d, p, e, l)))               \
  X(NTSTATUS, NtDeviceIoControlFile, (HANDLE h, HANDLE e, PIO_APC_ROUTINE r, PVOID c,        \
    PIO_STATUS_BLOCK s, ULONG k, PVOID i, ULONG n, PVOID o, ULONG m),                              \
    injected_status, 0, NtDeviceIoControlFile(h, e, r, c, s, k, i, n, o, m))                      \
  X(NTSTATUS, NtReadFile, (HANDLE h, HANDLE e, PIO_APC_ROUTINE r, PVOID c,                   \
    PIO_STATUS_BLOCK s, PVOID b, ULONG n, PLARGE_INTEGER o, PULONG k),                             \
    injected_status, 0, NtReadFile(h, e, r, c, s, b, n, o, k))                                    \
  X(NTSTATUS, NtWriteFile, (HANDLE h, HANDLE e, PIO_APC_ROUTINE r, PVOID c,                  \
    PIO_STATUS_BLOCK s, const VOID *b, ULONG n, PLARGE_INTEGER o, PULONG k),                       \
    injected_status, 0, NtWriteFile(h, e, r, c, s, b, n, o, k))                                   \
  X(HANDLE, OpenThread, (DWORD a, BOOL i, DWORD t),                                          \
    NULL, ERROR_NOT_ENOUGH_MEMORY, handle_taken(OpenThread(a, i, t)))                              \
  X(BOOL, PostMessageW, (HWND w, UINT m, WPARAM p, LPARAM l),                                \
    FALSE, ERROR_NOT_ENOUGH_QUOTA, PostMessageW(w, m, p, l))                                       \
  X(DWORD, QueueUserAPC, (PAPCFUNC f, HANDLE t, ULONG_PTR d),                                \
    0, ERROR_NOT_ENOUGH_MEMORY, QueueUserAPC(f, t, d))                                             \
  X(BOOL, ReadFileEx, (HANDLE f, LPVOID b, DWORD n, LPOVERLAPPED o,                          \
    LPOVERLAPPED_COMPLETION_ROUTINE r), FALSE, ERROR_NOT_ENOUGH_MEMORY, ReadFileEx(f, b, n, o, r)) \
  X(BOOL, ReadFile, (HANDLE f, LPVOID b, DWORD n, LPDWORD k, LPOVERLAPPED o),                \
    FALSE, ERROR_NOT_ENOUGH_MEMORY, ReadFile(f, b, n, k, o))                                       \
  X(LSTATUS, RegCreateKeyExW, (HKEY k, LPCWSTR s, DWORD r, LPWSTR c, DWORD o, REGSAM m,      \
    const LPSECURITY_ATTRIBUTES a, PHKEY h, LPDWORD d), injected_registry_error, 0,                \
    key_opened(RegCreateKeyExW(k, test_registry_path(k, s, (WCHAR[TEST_REGISTRY_PATH_CHARS]){0}), r, c, o, m, a, h, d)))                                        \
  X(LSTATUS, RegDeleteKeyW, (HKEY k, LPCWSTR s),                                             \
    injected_registry_error, 0, RegDeleteKeyW(k, test_registry_path(k, s, (WCHAR[TEST_REGISTRY_PATH_CHARS]){0})))                                               \
  X(LSTATUS, RegDeleteValueW, (HKEY k, LPCWSTR s),                                           \
    injected_registry_error, 0, RegDeleteValueW(k, s))                                             \
  X(LSTATUS, RegDeleteTreeW, (HKEY k, LPCWSTR s),                                            \
    injected_registry_error, 0, RegDeleteTreeW(k, test_registry_path(k, s, (WCHAR[TEST_REGISTRY_PATH_CHARS]){0})))                                              \
  X(LSTATUS, RegEnumKeyExW, (HKEY k, DWORD i, LPWSTR n, LPDWORD s, LPDWORD r, LPWSTR c,      \
    LPDWORD t, PFILETIME w), injected_registry_error, 0, RegEnumKeyExW(k, i, n, s, r, c, t, w))    \
  X(LSTATUS, RegEnumValueW, (HKEY k, DWORD i, LPWSTR n, LPDWORD s, LPDWORD r, LPDWORD t,     \
    LPBYTE b, LPDWORD z), injected_registry_error, 0, RegEnumValueW(k, i, n, s, r, t, b, z))       \
  X(LSTATUS, RegNotifyChangeKeyValue, (HKEY k, BOOL s, DWORD f, HANDLE e, BOOL a),           \
    injected_registry_error, 0, RegNotifyChangeKeyValue(k, s, f, e, a))                            \
  X(LSTATUS, RegOpenKeyExW, (HKEY k, LPCWSTR s, DWORD o, REGSAM m, PHKEY h),                 \
    injected_registry_error, 0, key_opened(RegOpenKeyExW(k, test_registry_path(k, s, (WCHAR[TEST_REGISTRY_PATH_CHARS]){0}), o, m, h)))                          \
  X(LSTATUS, RegQueryInfoKeyW, (HKEY k, LPWSTR c, LPDWORD a, LPDWORD b, LPDWORD s,           \
    LPDWORD d, LPDWORD e, LPDWORD f, LPDWORD g, LPDWORD h, LPDWORD i, PFILETIME t),                \
    injected_registry_error, 0, RegQueryInfoKeyW(k, c, a, b, s, d, e, f, g, h, i, t))              \
  X(LSTATUS, RegQueryValueExW, (HKEY k, LPCWSTR n, LPDWORD r, LPDWORD t, LPBYTE d,           \
    LPDWORD s), injected_registry_error, 0, RegQueryValueExW(k, n, r, t, d, s))                    \
  X(LSTATUS, RegSetValueExW, (HKEY k, LPCWSTR n, DWORD r, DWORD t, const BYTE *d, DWORD s),  \
    injected_registry_error, 0, value_written(n, RegSetValueExW(k, n, r, t, d, s)))                                  \
  X(BOOL, RegisterWaitForSingleObject, (PHANDLE h, HANDLE o, WAITORTIMERCALLBACK c, PVOID p, \
    ULONG m, ULONG f), FALSE, ERROR_NOT_ENOUGH_MEMORY,                                             \
    keep_waiting(h, o, c, p, m, f))                                                 \
  X(BOOL, ResetEvent, (HANDLE h), FALSE, ERROR_INVALID_HANDLE, ResetEvent(h))                \
  X(BOOL, SetEvent, (HANDLE h), FALSE, ERROR_INVALID_HANDLE, SetEvent(h))                     \
  X(DWORD, TlsAlloc, (void),                                                                 \
    TLS_OUT_OF_INDEXES, ERROR_NO_SYSTEM_RESOURCES, slot_taken(TlsAlloc()))                         \
  X(BOOL, TlsSetValue, (DWORD s, LPVOID v),                                                   \
    FALSE, ERROR_NOT_ENOUGH_MEMORY, TlsSetValue(s, v))                                             \
  X(RPC_STATUS, UuidCreate, (UUID *u), RPC_S_OUT_OF_MEMORY, 0, number_uuid(u))                \
  X(LPVOID, VirtualAlloc, (LPVOID a, SIZE_T n, DWORD t, DWORD p),                            \
    NULL, ERROR_NOT_ENOUGH_MEMORY, VirtualAlloc(a, n, t, p))                                       \
  X(DWORD, WaitForMultipleObjectsEx, (DWORD n, const HANDLE *h, BOOL w, DWORD m, BOOL a),     \
    WAIT_FAILED, ERROR_NOT_ENOUGH_MEMORY, WaitForMultipleObjectsEx(n, h, w, m, a))                 \
  X(int, WideCharToMultiByte, (UINT c, DWORD f, LPCWCH w, int l, LPSTR s, int n, LPCCH d,     \
    LPBOOL u), 0, ERROR_NOT_ENOUGH_MEMORY, WideCharToMultiByte(c, f, w, l, s, n, d, u))            \
  X(BOOL, WriteFile, (HANDLE f, LPCVOID b, DWORD n, LPDWORD k, LPOVERLAPPED o),               \
    FALSE, ERROR_DISK_FULL, WriteFile(f, b, n, k, o))
/* clang-format on */

#define INJECT(type, name, parameters, failure, code, real)                                        \
  static type WINAPI injected_##name parameters                                                    \
  {                                                                                                \
    if (injection_is_due(#name)) {                                                                 \
      const type value = failure;                                                                  \
                                                                                                   \
      SetLastError(code);                                                                          \
      return value;                                                                                \
    }                                                                                              \
    return real;                                                                                   \
  }
INJECTED_IMPORTS(INJECT)
#undef INJECT

char injected_unknown_function[64];

/* A function that is looked up by name must not be called without being injected. */
static FARPROC stand_in_for(const char *name, FARPROC found)
{
  FARPROC stand_in = found;

  if (!injected_winsock_function(name, &stand_in) && reason_not_injected(name) == NULL)
    lstrcpynA(injected_unknown_function, name, sizeof injected_unknown_function);
  return stand_in;
}

/* The look-up of wine_get_version is a question: its failure is an answer. */
static FARPROC WINAPI injected_GetProcAddress(HMODULE module, LPCSTR name)
{
  if (strcmp(name, "wine_get_version") != 0 && injection_is_due("GetProcAddress")) {
    SetLastError(ERROR_PROC_NOT_FOUND);
    return NULL;
  }
  return stand_in_for(name, GetProcAddress(module, name));
}

/* --- what gives back, and cannot fail ----------------------------------------------------- */

/* A handle whose close is refused stays open. */
#define GIVING_BACK_IMPORTS(X)                                                                     \
  X(BOOL, CloseHandle, (HANDLE h), HANDLES, CloseHandle(h))                                        \
  X(BOOL, FreeLibrary, (HMODULE m), MODULES, FreeLibrary(m))                                       \
  X(LSTATUS, RegCloseKey, (HKEY k), REGISTRY_KEYS, !RegCloseKey(k))                                \
  X(BOOL, TlsFree, (DWORD s), THREAD_SLOTS, TlsFree(s))

#define GIVE_BACK(type, name, parameters, resource, real)                                          \
  static type WINAPI watched_##name parameters                                                     \
  {                                                                                                \
    const BOOL done = real;                                                                        \
                                                                                                   \
    if (done)                                                                                      \
      resource_given_back(resource);                                                               \
    return resource == REGISTRY_KEYS ? !done : done;                                               \
  }
GIVING_BACK_IMPORTS(GIVE_BACK)
#undef GIVE_BACK

static BOOL WINAPI watched_ReleaseMutex(HANDLE mutex)
{
  injection_change_holds(FALSE);
  return ReleaseMutex(mutex);
}

static BOOL WINAPI watched_HeapFree(HANDLE heap, DWORD flags, LPVOID memory)
{
  return watched_free(heap, flags, memory);
}

static void WINAPI watched_CloseThreadpoolWait(PTP_WAIT wait)
{
  CloseThreadpoolWait(wait);
  resource_given_back(POOL_WAITS);
}

static void WINAPI watched_FreeLibraryAndExitThread(HMODULE module, DWORD code)
{
  resource_given_back(MODULES);
  resource_given_back(THREADS);
  FreeLibraryAndExitThread(module, code);
}

/* --- the table -------------------------------------------------------------------------------- */

struct stand_in {
  const char *name;
  FARPROC function;
};

static const struct stand_in stand_ins[] = {
#define ROW(type, name, parameters, failure, code, real) {#name, (FARPROC)injected_##name},
    INJECTED_IMPORTS(ROW)
#undef ROW
#define ROW(type, name, parameters, resource, real) {#name, (FARPROC)watched_##name},
        GIVING_BACK_IMPORTS(ROW)
#undef ROW
            {"GetProcAddress", (FARPROC)injected_GetProcAddress},
    {"HeapFree", (FARPROC)watched_HeapFree},
    {"ReleaseMutex", (FARPROC)watched_ReleaseMutex},
    {"CloseThreadpoolWait", (FARPROC)watched_CloseThreadpoolWait},
    {"FreeLibraryAndExitThread", (FARPROC)watched_FreeLibraryAndExitThread},
};

static const struct stand_in *find_stand_in(const char *name)
{
  for (size_t i = 0; i < sizeof stand_ins / sizeof stand_ins[0]; i++)
    if (strcmp(stand_ins[i].name, name) == 0)
      return &stand_ins[i];
  return NULL;
}

FARPROC injected_import(const char *dll, const char *name, void *unused)
{
  const struct stand_in *found = find_stand_in(name);

  (void)dll, (void)unused;
  return found != NULL ? found->function : NULL;
}
