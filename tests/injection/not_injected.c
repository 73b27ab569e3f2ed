/* The imports that no failure is injected into, each with its reason. */
#include "injection/injected.h"

#include <string.h>

#define LOCKS    "a lock, a condition variable or a fence, which cannot fail"
#define QUESTION "a question: its failure is one of the answers"
#define ITSELF   "returns something of this thread, process or program, and cannot fail"
#define AT_HAND  "works on text or memory at hand, and cannot fail"
#define RUNTIME  "the C runtime's own start and end, outside all code of ours"
#define HANDED_ON                                                                                  \
  "called with the caller's arguments; its error is passed on: see system_catalog_full_api"
#define NOT_THERE "Wine does not have it; system_catalog_full_api has a stand-in"
#define OWN_WAIT  "waits for live objects of the DLL, which cannot fail"

static const struct {
  const char *name;
  const char *reason;
} not_injected[] = {
    {"AcquireSRWLockExclusive", LOCKS},
    {"AcquireSRWLockShared", LOCKS},
    {"InitializeConditionVariable", LOCKS},
    {"InitializeSRWLock", LOCKS},
    {"InitOnceExecuteOnce", LOCKS},
    {"ReleaseSRWLockExclusive", LOCKS},
    {"ReleaseSRWLockShared", LOCKS},
    {"SleepConditionVariableSRW", LOCKS},
    {"SwitchToThread", LOCKS},
    {"WakeAllConditionVariable", LOCKS},

    {"GetHandleInformation", QUESTION},
    {"GetModuleHandleW", QUESTION},
    {"GetOverlappedResult", QUESTION},
    {"GetThreadId", QUESTION},
    {"IsWindow", QUESTION},
    {"MultiByteToWideChar", QUESTION}, /* is it text? */
    {"PeekMessageW", QUESTION},
    {"PeekNamedPipe", QUESTION},
    {"UuidFromStringA", QUESTION}, /* is it a GUID? */
    {"VirtualQuery", QUESTION},
    {"GetEnvironmentVariableW", QUESTION},

    {"EncodePointer", ITSELF},
    {"GetCommandLineW", ITSELF},
    {"GetCurrentProcess", ITSELF},
    {"GetCurrentProcessId", ITSELF},
    {"GetCurrentThread", ITSELF},
    {"GetCurrentThreadId", ITSELF},
    {"GetLastError", ITSELF},
    {"GetProcessHeap", ITSELF},
    {"GetStdHandle", ITSELF},
    {"GetTickCount", ITSELF},
    {"GetTickCount64", ITSELF},
    {"SetLastError", ITSELF},
    {"WSAGetLastError", ITSELF},
    {"WSASetLastError", ITSELF},

    {"CharUpperW", AT_HAND},
    {"CompareFileTime", AT_HAND},
    {"CompareStringOrdinal", AT_HAND},
    {"_snprintf", AT_HAND},
    {"_snwprintf", AT_HAND},
    {"_vsnprintf", AT_HAND},
    {"lstrcmpW", AT_HAND},
    {"lstrcmpiW", AT_HAND},
    {"lstrcpyA", AT_HAND},
    {"lstrcpynW", AT_HAND},
    {"lstrlenW", AT_HAND},
    {"memchr", AT_HAND},
    {"memcmp", AT_HAND},
    {"memcpy", AT_HAND},
    {"memmove", AT_HAND},
    {"memset", AT_HAND},
    {"qsort", AT_HAND},
    {"strcat", AT_HAND},
    {"strchr", AT_HAND},
    {"strcmp", AT_HAND},
    {"strcpy", AT_HAND},
    {"strlen", AT_HAND},
    {"wcschr", AT_HAND},
    {"wcscmp", AT_HAND},
    {"wcscpy", AT_HAND},
    {"wcscpy_s", AT_HAND},
    {"wcslen", AT_HAND},
    {"wcspbrk", AT_HAND},
    {"wsprintfW", AT_HAND},

    /* Looked up in the system's Winsock, for the system's catalog. */
    {"WSAProviderConfigChange", HANDED_ON},
    {"WSCDeinstallProvider", HANDED_ON},
    {"WSCEnumProtocols32", NOT_THERE},
    {"WSCGetApplicationCategory", QUESTION},
    {"WSCGetProviderInfo", QUESTION},
    {"WSCGetProviderPath32", NOT_THERE},
    {"WSCInstallProvider", HANDED_ON},
    {"WSCSetApplicationCategory", HANDED_ON},
    {"WSCWriteProviderOrder", HANDED_ON},
    {"wine_get_version", QUESTION},
    {"WSPStartup", "a provider's own; tests/host and failing_host make it fail"},

    {"WaitForSingleObject", OWN_WAIT},
    {"WaitForSingleObjectEx", OWN_WAIT},
    {"SetThreadpoolWait", "registers with the pool, and cannot fail"},
    {"SetHandleInformation",
     "allocates nothing for a live handle; tests/sockets/socket_system_refuses.c makes it fail"},
    {"VirtualFree", "frees what was allocated, and cannot fail"},
    {"DispatchMessageW", "passes the program's own message to the program"},
    {"TranslateMessage", "passes the program's own message to the program"},

    {"GetModuleHandleA", RUNTIME},
    {"LoadLibraryA", RUNTIME},
    {"__iob_func", RUNTIME},
    {"_iob", RUNTIME},
    {"_amsg_exit", RUNTIME},
    {"_initterm", RUNTIME},
    {"_lock", RUNTIME},
    {"_unlock", RUNTIME},
    {"abort", RUNTIME},
    {"calloc", RUNTIME},
    {"free", RUNTIME},
    {"fwrite", RUNTIME},
    {"realloc", RUNTIME},
    {"strncmp", RUNTIME},
    {"vfprintf", RUNTIME},
    {"DeleteCriticalSection", RUNTIME},
    {"EnterCriticalSection", RUNTIME},
    {"InitializeCriticalSection", RUNTIME},
    {"LeaveCriticalSection", RUNTIME},
    {"Sleep", "waits, and cannot fail"},
    {"TlsGetValue", RUNTIME},
    {"VirtualProtect", RUNTIME},
};

const char *reason_not_injected(const char *name)
{
  for (size_t i = 0; i < sizeof not_injected / sizeof not_injected[0]; i++)
    if (strcmp(not_injected[i].name, name) == 0)
      return not_injected[i].reason;
  return NULL;
}
